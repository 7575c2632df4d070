import type { Expression } from "./compile.ts";
import type { Facts } from "./facts.ts";
import type { Logic, Node } from "./node.ts";
import { isOpenEnd } from "./result.ts";
import { type Binding, bind, elementsOf, openScope, run, type Scope } from "./run.ts";

/** What an expression comes to. `gaps` are the paths that were read and not known. */
export type Value =
  | { readonly is: true }
  | { readonly is: false }
  | { readonly is: "unknown"; readonly gaps: readonly string[] }
  | { readonly is: "error"; readonly message: string };

/** Evaluates an expression over facts, by three-valued logic. Never throws for what stands in the facts. */
export function evaluate(expression: Expression, facts: Facts): Value {
  const result = run(expression.node, openScope(facts));
  if (result.is !== "known") return result;
  return { is: result.value === true };
}

/** One reason why an expression is false: the elements that its `all`s fail on, outermost first. */
export interface Witness {
  readonly bindings: readonly { readonly variable: string; readonly element: unknown }[];
}

/**
 * Why a false expression is false: one witness for each element that fails, in nested `all` the innermost. One without bindings when
 * the expression is not of that form. Empty when the expression is not false.
 */
export function witnesses(expression: Expression, facts: Facts): readonly Witness[] {
  if (evaluate(expression, facts).is !== false) return [];
  const found = explain(expression.node, openScope(facts));
  return found.length > 0 ? found : [{ bindings: [] }];
}

function explain(node: Node, scope: Scope): readonly Witness[] {
  const result = run(node, scope);
  if (result.is !== "known" || result.value !== false) return [];
  switch (node.op) {
    case "all": {
      const found = elementsOf(node.list, scope);
      if ("is" in found) return [];
      return found
        .filter((element) => !isOpenEnd(element))
        .flatMap((element) => explain(node.predicate, bind(scope, node.variable, element)));
    }
    case "and":
      return [...explain(node.left, scope), ...explain(node.right, scope)];
    case "or": {
      const quantified = quantifiedSide(node);
      return quantified === undefined ? [witnessOf(scope.bound)] : explain(quantified, scope);
    }
    default:
      return [witnessOf(scope.bound)];
  }
}

/** The one operand of an `or` that goes over elements; undefined when none or both do. */
function quantifiedSide({ left, right }: Logic): Node | undefined {
  const leftGoes = variablesOf(left).size > 0;
  if (leftGoes === variablesOf(right).size > 0) return undefined;
  return leftGoes ? left : right;
}

function witnessOf(bound: Binding | undefined): Witness {
  const bindings: { variable: string; element: unknown }[] = [];
  for (let at = bound; at !== undefined; at = at.outer) bindings.unshift(at);
  return { bindings: bindings.map(({ variable, element }) => ({ variable, element })) };
}

/** The variables every witness of an expression binds, with the node of the list each goes over. */
export function variablesOf(node: Node): ReadonlyMap<string, Node> {
  switch (node.op) {
    case "all":
      return new Map([[node.variable, node.list], ...variablesOf(node.predicate)]);
    case "and": {
      const right = variablesOf(node.right);
      return new Map([...variablesOf(node.left)].filter(([name]) => right.has(name)));
    }
    case "or": {
      const side = quantifiedSide(node);
      return side === undefined ? new Map() : variablesOf(side);
    }
    default:
      return new Map();
  }
}
