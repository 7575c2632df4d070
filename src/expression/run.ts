import { callFunction } from "./call.ts";
import { elementPath, type Node, pathOf, type Quantifier } from "./node.ts";
import { error, FALSE, isOpenEnd, join, type Known, known, type Result, raw, read, TRUE, unknown } from "./result.ts";

/** What an expression is evaluated over: the facts and the elements its variables stand for. */
export interface Scope {
  readonly facts: unknown;
  /** Elements that may still be looked at: a hostile host can make lists that would take for ever to compare with each other. */
  readonly budget: { left: number };
  readonly bound?: Binding | undefined;
}

/** A variable and its element, innermost first. */
export interface Binding {
  readonly variable: string;
  readonly element: unknown;
  readonly outer: Binding | undefined;
}

const mostElements = 5_000_000;

/** A scope in which nothing is bound yet. */
export function openScope(facts: unknown): Scope {
  return { facts, budget: { left: mostElements } };
}

/** Value of a node by three-valued logic (Kleene's), with errors as a fourth value that only a decided operand overrules. */
export function run(node: Node, scope: Scope): Result {
  switch (node.op) {
    case "constant":
      return known(node.value);
    case "facts":
    case "variable":
    case "field":
      return fetch(node, scope);
    case "list":
      return known(node.items.map((item) => run(item, scope)));
    case "not":
      return lift(run(node.of, scope), (value) => (value === true ? FALSE : TRUE));
    case "negate":
      return lift(run(node.of, scope), (value) => integer(-asInteger(value)));
    case "and":
      return decideBy(false, run(node.left, scope), () => run(node.right, scope));
    case "or":
      return decideBy(true, run(node.left, scope), () => run(node.right, scope));
    case "choice": {
      const condition = run(node.condition, scope);
      if (condition.is !== "known") return condition;
      return run(condition.value === true ? node.yes : node.no, scope);
    }
    case "compare":
      return lift2(run(node.left, scope), run(node.right, scope), (left, right) => compare(node.by, left, right));
    case "calculate":
      return lift2(run(node.left, scope), run(node.right, scope), (left, right) => calculate(node.by, left, right));
    case "in":
      return isIn(node.item, node.list, scope);
    case "all":
    case "exists":
      return quantify(node, scope);
    case "call":
      return callFunction(
        node.name,
        node.args.map((arg) => (arg.type.kind === "list" ? listArgument(arg, scope) : run(arg, scope))),
        node.args.map(pathOf).filter((path) => path !== undefined),
      );
  }
}

/** The elements of a list as they stand in the facts, or why there are none to look at. */
export function elementsOf(list: Node, scope: Scope): Exclude<Result, Known> | readonly unknown[] {
  if (list.op === "list") return literalElements(list.items, scope);
  const value = run(list, scope);
  if (value.is !== "known") return value;
  return Array.isArray(value.value) ? value.value : error(`${pathOf(list) ?? "the value"} is not a list`);
}

function literalElements(items: readonly Node[], scope: Scope): Exclude<Result, Known> | readonly unknown[] {
  const found: unknown[] = [];
  for (const item of items) {
    const value = run(item, scope);
    if (value.is !== "known") return value;
    found.push(value.value);
  }
  return found;
}

/** The elements of a list of scalars, each with its own value; an open end is an unknown one. */
function members(list: Node, scope: Scope): Exclude<Result, Known> | readonly Result[] {
  if (list.op === "list") return list.items.map((item) => run(item, scope));
  const found = elementsOf(list, scope);
  if ("is" in found) return found;
  const path = elementPath(pathOf(list));
  const type = list.type.kind === "list" ? list.type.element : list.type;
  return found.map((value) => (isOpenEnd(value) ? unknown(path) : read(value, { type, path })));
}

function listArgument(list: Node, scope: Scope): Result {
  const found = members(list, scope);
  return "is" in found ? found : known(found);
}

/** The scope with one more element bound to a variable. */
export function bind(scope: Scope, variable: string, element: unknown): Scope {
  return { facts: scope.facts, budget: scope.budget, bound: { variable, element, outer: scope.bound } };
}

/**
 * `all` and `exists`. One element with the deciding value decides; an error or an unknown one spoils the rest. An open end stands for
 * any number of further elements, none included: it can keep the answer from being decided, and never decides it.
 */
function quantify(node: Quantifier, scope: Scope): Result {
  const found = elementsOf(node.list, scope);
  if ("is" in found) return found;
  const deciding = node.op === "exists";
  let spoilt: Result | undefined;
  for (const element of found) {
    if (scope.budget.left-- <= 0) return error("the facts are too many to be judged");
    const result = run(node.predicate, bind(scope, node.variable, element));
    if (result.is === "known" && result.value !== deciding) continue;
    const openEnd = isOpenEnd(element);
    if (result.is === "known" && !openEnd) return result;
    spoilt = spoil(spoilt, openEnd ? unknown(elementPath(pathOf(node.list))) : result);
  }
  return spoilt ?? (deciding ? FALSE : TRUE);
}

function decideBy(deciding: boolean, first: Result, second: () => Result): Result {
  if (first.is === "known" && first.value === deciding) return first;
  const other = second();
  if (first.is === "known" || (other.is === "known" && other.value === deciding)) return other;
  return other.is === "known" ? first : join(first, other);
}

function isIn(itemNode: Node, listNode: Node, scope: Scope): Result {
  const item = run(itemNode, scope);
  const list = members(listNode, scope);
  if ("is" in list) return item.is === "known" ? list : join(item, list);
  let spoilt: Result | undefined;
  for (const member of list) {
    if (scope.budget.left-- <= 0) return error("the facts are too many to be judged");
    const same = lift2(item, member, (left, right) => (left === right ? TRUE : FALSE));
    if (same === TRUE) return TRUE;
    if (same.is !== "known") spoilt = spoil(spoilt, same);
  }
  return spoilt ?? FALSE;
}

function spoil(spoilt: Result | undefined, result: Result): Result {
  return spoilt === undefined ? result : join(spoilt, result);
}

/** The value that stands where a node points. What is missing is named as far up as the kind of evidence. */
function fetch(node: Node, scope: Scope): Result {
  const value = locate(node, scope);
  if (value !== undefined) return read(value, { type: node.type, path: pathOf(node) });
  let missing = node;
  while (missing.op === "field" && pathOf(missing.of)?.includes(".") && locate(missing.of, scope) === undefined) {
    missing = missing.of;
  }
  return unknown(pathOf(missing));
}

/** The raw value in the facts, undefined where nothing stands. */
function locate(node: Node, scope: Scope): unknown {
  switch (node.op) {
    case "facts":
      return scope.facts;
    case "variable":
      return lookUp(node.name, scope.bound);
    case "field":
      return raw(locate(node.of, scope), node.name);
    default:
      throw new Error(`${node.op} has no place in the facts`);
  }
}

function lookUp(variable: string, bound: Binding | undefined): unknown {
  for (let at = bound; at !== undefined; at = at.outer) if (at.variable === variable) return at.element;
  throw new Error(`no element is bound to ${variable}`);
}

function lift(operand: Result, apply: (value: Known["value"]) => Result): Result {
  return operand.is === "known" ? apply(operand.value) : operand;
}

function lift2(left: Result, right: Result, apply: (left: Known["value"], right: Known["value"]) => Result): Result {
  if (left.is !== "known") return right.is === "known" ? left : join(left, right);
  return right.is === "known" ? apply(left.value, right.value) : right;
}

function compare(by: "==" | "!=" | "<" | "<=" | ">" | ">=", left: Known["value"], right: Known["value"]): Result {
  switch (by) {
    case "==":
      return known(left === right);
    case "!=":
      return known(left !== right);
    case "<":
      return known(asInteger(left) < asInteger(right));
    case "<=":
      return known(asInteger(left) <= asInteger(right));
    case ">":
      return known(asInteger(left) > asInteger(right));
    case ">=":
      return known(asInteger(left) >= asInteger(right));
  }
}

function calculate(by: "+" | "-" | "*" | "/" | "%", leftValue: Known["value"], rightValue: Known["value"]): Result {
  const left = asInteger(leftValue);
  const right = asInteger(rightValue);
  switch (by) {
    case "+":
      return integer(left + right);
    case "-":
      return integer(left - right);
    case "*":
      return integer(left * right);
    case "/":
      return integer(left / right);
    case "%":
      return integer(left % right);
  }
}

function integer(value: bigint): Result {
  return BigInt.asIntN(64, value) === value ? known(value) : error(`integer overflow: ${value}`);
}

function asInteger(value: Known["value"]): bigint {
  if (typeof value === "bigint") return value;
  throw new Error("an operand that was checked to be an integer is none");
}
