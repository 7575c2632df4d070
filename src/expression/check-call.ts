import { type Checker, refuse, sameScalar } from "./checker.ts";
import { isRange } from "./cidr.ts";
import { elementPath, type FunctionName, type Node, pathOf } from "./node.ts";
import { hintFor } from "./suggest.ts";
import type { Syntax } from "./syntax.ts";
import { boolType, nameOf, stringType, type ValueType } from "./types.ts";

/** A checker that can check what stands inside a call. */
type CallChecker = Checker & { readonly check: (syntax: Syntax, checker: Checker) => Node | undefined };

const stringList: ValueType = { kind: "list", element: stringType };
const functions: ReadonlyMap<string, { name: FunctionName; parameters: readonly ValueType[] }> = new Map([
  ["inCidr", { name: "inCidr", parameters: [stringType, stringType] }],
  ["inAnyCidr", { name: "inAnyCidr", parameters: [stringType, stringList] }],
]);
const methods: ReadonlyMap<string, FunctionName> = new Map([
  ["startsWith", "startsWith"],
  ["endsWith", "endsWith"],
  ["contains", "contains"],
]);

const absenceIsNoAnswer = "it turns absence into an answer";
const refused: ReadonlyMap<string, string> = new Map([
  ["has", absenceIsNoAnswer],
  ["size", "the size of a list that may have more elements is not known; use exists"],
  ["filter", absenceIsNoAnswer],
  ["map", absenceIsNoAnswer],
  ["exists_one", absenceIsNoAnswer],
  ["matches", "a pattern can take for ever; compute it in the evidence"],
  ["dyn", "it hides the type"],
  ["type", "it hides the type"],
]);

function refuseName(syntax: Syntax, name: string, checker: Checker): undefined {
  const why = refused.get(name);
  if (why !== undefined) return refuse(checker, syntax, `${name}() is not allowed: ${why}`);
  const known = ["all", "exists", ...functions.keys(), ...methods.keys()];
  return refuse(checker, syntax, `unknown function ${name}()`, { hint: hintFor(name, known) });
}

/** Checks `name(args)`. */
export function checkFunction(
  syntax: Syntax,
  call: { name: string; args: readonly Syntax[] },
  checker: CallChecker,
): Node | undefined {
  const known = functions.get(call.name);
  if (known === undefined) return refuseName(syntax, call.name, checker);
  if (call.args.length !== known.parameters.length) {
    return refuse(checker, syntax, `${call.name}() takes ${known.parameters.length} arguments`);
  }
  const args: Node[] = [];
  for (const [index, arg] of call.args.entries()) {
    const node = checker.check(arg, checker);
    const parameter = known.parameters[index];
    if (node === undefined || parameter === undefined) return undefined;
    if (!assignable(node.type, parameter)) {
      return refuse(checker, arg, `expected ${nameOf(parameter)}, found ${nameOf(node.type)}`);
    }
    if (!isRangeWhereLiteral(node, arg, checker)) return undefined;
    args.push(node);
  }
  return { op: "call", type: boolType, name: known.name, args };
}

function assignable(type: ValueType, parameter: ValueType): boolean {
  if (type.kind === "list" && parameter.kind === "list") return sameScalar(type.element, parameter.element);
  return sameScalar(type, parameter);
}

function isRangeWhereLiteral(node: Node, syntax: Syntax, checker: Checker): boolean {
  const items = node.op === "list" ? node.items : [node];
  for (const item of items) {
    if (item.op === "constant" && typeof item.value === "string" && !isRange(item.value)) {
      refuse(checker, syntax, `"${item.value}" is neither an address nor a CIDR range`);
      return false;
    }
  }
  return true;
}

/** Checks `receiver.name(args)`. */
export function checkMethod(
  syntax: Syntax,
  call: { name: string; receiver: Syntax; args: readonly Syntax[] },
  checker: CallChecker,
): Node | undefined {
  if (call.name === "all" || call.name === "exists") {
    return checkQuantifier(syntax, { op: call.name, receiver: call.receiver, args: call.args }, checker);
  }
  const name = methods.get(call.name);
  if (name === undefined) return refuseName(syntax, call.name, checker);
  const [arg, ...others] = call.args;
  if (arg === undefined || others.length > 0) return refuse(checker, syntax, `${name}() takes one argument`);
  const receiver = checker.check(call.receiver, checker);
  const node = checker.check(arg, checker);
  if (receiver === undefined || node === undefined) return undefined;
  if (receiver.type.kind !== "string" || node.type.kind !== "string") {
    return refuse(checker, syntax, `${name}() is for strings; for a list use in`);
  }
  return { op: "call", type: boolType, name, args: [receiver, node] };
}

function checkQuantifier(
  syntax: Syntax,
  call: { op: "all" | "exists"; receiver: Syntax; args: readonly Syntax[] },
  checker: CallChecker,
): Node | undefined {
  const [name, body, ...others] = call.args;
  if (name?.op !== "id" || body === undefined || others.length > 0) {
    return refuse(checker, syntax, `${call.op} takes a variable and a condition: list.${call.op}(v, condition)`);
  }
  const variable = name.args;
  if (checker.scope.has(variable) || checker.roots.fields.has(variable)) {
    return refuse(checker, name, `the name "${variable}" is taken`, { hint: "choose another" });
  }
  const list = checker.check(call.receiver, checker);
  if (list === undefined) return undefined;
  if (list.type.kind !== "list") {
    return refuse(checker, call.receiver, `${call.op} is for lists, found ${nameOf(list.type)}`);
  }
  const element = { type: list.type.element, path: elementPath(pathOf(list)) };
  const predicate = checker.check(body, { ...checker, scope: new Map([...checker.scope, [variable, element]]) });
  if (predicate === undefined) return undefined;
  if (predicate.type.kind !== "bool") {
    return refuse(checker, body, `the condition must be bool, found ${nameOf(predicate.type)}`);
  }
  return { op: call.op, type: boolType, list, variable, predicate };
}
