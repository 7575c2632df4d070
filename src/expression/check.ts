import { checkFunction, checkMethod } from "./check-call.ts";
import { type Checker, refuse, sameScalar, suitsValues } from "./checker.ts";
import { type Arithmetic, type Comparison, type Node, pathOf } from "./node.ts";
import { hintFor } from "./suggest.ts";
import type { Syntax } from "./syntax.ts";
import { boolType, intType, nameOf, stringType, type ValueType } from "./types.ts";

/** Checks a syntax tree against the types of the facts. Undefined when something was wrong; the checker has the problems then. */
export function check(syntax: Syntax, checker: Checker): Node | undefined {
  switch (syntax.op) {
    case "value":
      return checkConstant(syntax, syntax.args, checker);
    case "id":
      return checkName(syntax, syntax.args, checker);
    case ".":
      return checkField(syntax, syntax.args, checker);
    case "list":
      return checkList(syntax, syntax.args, checker);
    case "!_":
      return checkUnary(syntax, { op: "not", type: boolType, of: syntax.args }, checker);
    case "-_":
      return checkUnary(syntax, { op: "negate", type: intType, of: syntax.args }, checker);
    case "&&":
    case "||":
      return checkLogic(syntax.op === "&&" ? "and" : "or", syntax.args, checker);
    case "?:":
      return checkChoice(syntax, syntax.args, checker);
    case "==":
    case "!=":
    case "<":
    case "<=":
    case ">":
    case ">=":
      return checkComparison(syntax, { by: syntax.op, operands: syntax.args }, checker);
    case "in":
      return checkIn(syntax, syntax.args, checker);
    case "+":
    case "-":
    case "*":
    case "/":
    case "%":
      return checkArithmetic(syntax, { by: syntax.op, operands: syntax.args }, checker);
    case "call":
      return checkFunction(syntax, { name: syntax.args[0], args: syntax.args[1] }, { ...checker, check });
    case "rcall":
      return checkMethod(
        syntax,
        { name: syntax.args[0], receiver: syntax.args[1], args: syntax.args[2] },
        { ...checker, check },
      );
    case "[]":
    case "[?]":
      return refuse(checker, syntax, "indexing is not allowed: what is not there would become an error", {
        hint: "use all or exists",
      });
    case ".?":
      return refuse(checker, syntax, "optional fields are not allowed: they turn absence into an answer");
    case "map":
      return refuse(checker, syntax, "map literals are not allowed");
  }
}

function checkConstant(syntax: Syntax, value: unknown, checker: Checker): Node | undefined {
  if (typeof value === "boolean") return { op: "constant", type: boolType, value };
  if (typeof value === "string") return { op: "constant", type: stringType, value };
  if (typeof value === "bigint" && BigInt.asIntN(64, value) === value) return { op: "constant", type: intType, value };
  return refuse(checker, syntax, "only integers of 64 bits, strings, true and false can be written here");
}

function checkName(syntax: Syntax, name: string, checker: Checker): Node | undefined {
  const variable = checker.scope.get(name);
  if (variable !== undefined) return { op: "variable", name, ...variable };
  const type = checker.roots.fields.get(name);
  if (type !== undefined) {
    return { op: "field", type, of: { op: "facts", type: checker.roots, path: "" }, name, path: name };
  }
  const known = [...checker.scope.keys(), ...checker.roots.fields.keys()];
  return refuse(checker, syntax, `unknown name "${name}"`, { hint: hintFor(name, known) });
}

function checkField(syntax: Syntax, [receiver, name]: readonly [Syntax, string], checker: Checker): Node | undefined {
  const of = check(receiver, checker);
  if (of === undefined) return undefined;
  const at = { offset: syntax.pos, length: name.length };
  if (of.type.kind !== "record") {
    const hint = of.type.kind === "list" ? "a list is read with all or exists" : undefined;
    return refuse(checker, syntax, `a ${nameOf(of.type)} has no field "${name}"`, { ...at, hint });
  }
  const type = of.type.fields.get(name);
  const owner = pathOf(of);
  if (type === undefined) {
    const hint = hintFor(name, of.type.fields.keys());
    return refuse(checker, syntax, `${owner ?? "the record"} has no field "${name}"`, { ...at, hint });
  }
  return { op: "field", type, of, name, path: owner === undefined ? undefined : `${owner}.${name}` };
}

function checkList(syntax: Syntax, args: readonly Syntax[], checker: Checker): Node | undefined {
  const items = args.map((item) => check(item, checker));
  const known = items.filter((item) => item !== undefined);
  if (known.length < items.length) return undefined;
  const [first] = known;
  if (first === undefined) return refuse(checker, syntax, "an empty list is not allowed");
  if (!known.every((item) => sameScalar(item.type, first.type))) {
    return refuse(checker, syntax, "the elements of a list must all be integers, all strings or all booleans");
  }
  const element = first.type.kind === "string" ? stringType : first.type;
  return { op: "list", type: { kind: "list", element }, items: known };
}

function checkUnary(
  syntax: Syntax,
  unary: { op: "not" | "negate"; type: ValueType; of: Syntax },
  checker: Checker,
): Node | undefined {
  const of = check(unary.of, checker);
  if (of === undefined) return undefined;
  if (of.type.kind === unary.type.kind) return { ...unary, of };
  return refuse(checker, syntax, `expected ${nameOf(unary.type)}, found ${nameOf(of.type)}`);
}

function checkLogic(op: "and" | "or", operands: readonly [Syntax, Syntax], checker: Checker): Node | undefined {
  const left = checkBool(operands[0], checker);
  const right = checkBool(operands[1], checker);
  if (left === undefined || right === undefined) return undefined;
  return { op, type: boolType, left, right };
}

function checkBool(syntax: Syntax, checker: Checker): Node | undefined {
  const node = check(syntax, checker);
  if (node === undefined || node.type.kind === "bool") return node;
  return refuse(checker, syntax, `expected bool, found ${nameOf(node.type)}`);
}

function checkChoice(syntax: Syntax, args: readonly [Syntax, Syntax, Syntax], checker: Checker): Node | undefined {
  const condition = checkBool(args[0], checker);
  const yes = check(args[1], checker);
  const no = check(args[2], checker);
  if (condition === undefined || yes === undefined || no === undefined) return undefined;
  if (!sameScalar(yes.type, no.type)) return refuse(checker, syntax, "both branches must be of the same scalar type");
  return { op: "choice", type: yes.type.kind === "string" ? stringType : yes.type, condition, yes, no };
}

function checkPair(operands: readonly [Syntax, Syntax], checker: Checker): readonly [Node, Node] | undefined {
  const left = check(operands[0], checker);
  const right = check(operands[1], checker);
  return left === undefined || right === undefined ? undefined : [left, right];
}

function checkComparison(
  syntax: Syntax,
  { by, operands }: { by: Comparison; operands: readonly [Syntax, Syntax] },
  checker: Checker,
): Node | undefined {
  const pair = checkPair(operands, checker);
  if (pair === undefined) return undefined;
  const [left, right] = pair;
  if (!sameScalar(left.type, right.type)) {
    return refuse(checker, syntax, `${nameOf(left.type)} ${by} ${nameOf(right.type)} is not allowed`);
  }
  const ordered = by !== "==" && by !== "!=";
  if (ordered && left.type.kind !== "int") return refuse(checker, syntax, `${by} is for integers only`);
  if (!suitsValues(checker, operands[1], { node: right, by: left.type })) return undefined;
  if (!suitsValues(checker, operands[0], { node: left, by: right.type })) return undefined;
  return { op: "compare", type: boolType, by, left, right };
}

function checkIn(syntax: Syntax, operands: readonly [Syntax, Syntax], checker: Checker): Node | undefined {
  const pair = checkPair(operands, checker);
  if (pair === undefined) return undefined;
  const [item, list] = pair;
  if (list.type.kind !== "list" || !sameScalar(item.type, list.type.element)) {
    return refuse(checker, syntax, `${nameOf(item.type)} in ${nameOf(list.type)} is not allowed`);
  }
  if (!suitsValues(checker, operands[0], { node: item, by: list.type.element })) return undefined;
  const literals = list.op === "list" && operands[1].op === "list" ? operands[1].args : [];
  for (const [index, literal] of literals.entries()) {
    const node = list.op === "list" ? list.items[index] : undefined;
    if (node !== undefined && !suitsValues(checker, literal, { node, by: item.type })) return undefined;
  }
  return { op: "in", type: boolType, item, list };
}

function checkArithmetic(
  syntax: Syntax,
  { by, operands }: { by: Arithmetic; operands: readonly [Syntax, Syntax] },
  checker: Checker,
): Node | undefined {
  const pair = checkPair(operands, checker);
  if (pair === undefined) return undefined;
  const [left, right] = pair;
  if (left.type.kind !== "int" || right.type.kind !== "int") {
    return refuse(checker, syntax, `${nameOf(left.type)} ${by} ${nameOf(right.type)} is not allowed`);
  }
  const divides = by === "/" || by === "%";
  if (divides && (right.op !== "constant" || right.value === 0n)) {
    return refuse(checker, syntax, "only a literal other than 0 can divide");
  }
  return { op: "calculate", type: intType, by, left, right };
}
