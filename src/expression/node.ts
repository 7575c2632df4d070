import type { ValueType } from "./types.ts";

export type Comparison = "==" | "!=" | "<" | "<=" | ">" | ">=";
export type Arithmetic = "+" | "-" | "*" | "/" | "%";
export type FunctionName = "inCidr" | "inAnyCidr" | "startsWith" | "endsWith" | "contains";

/**
 * A checked expression. `path` is where a value stands in the facts, in the notation of `reads`; undefined for what stands nowhere,
 * such as the elements of a literal list.
 */
export type Node =
  | { readonly op: "constant"; readonly type: ValueType; readonly value: boolean | bigint | string }
  | { readonly op: "list"; readonly type: ValueType; readonly items: readonly Node[] }
  | { readonly op: "facts"; readonly type: ValueType; readonly path: "" }
  | { readonly op: "variable"; readonly type: ValueType; readonly name: string; readonly path: string | undefined }
  | {
      readonly op: "field";
      readonly type: ValueType;
      readonly of: Node;
      readonly name: string;
      readonly path: string | undefined;
    }
  | { readonly op: "not" | "negate"; readonly type: ValueType; readonly of: Node }
  | Logic
  | {
      readonly op: "choice";
      readonly type: ValueType;
      readonly condition: Node;
      readonly yes: Node;
      readonly no: Node;
    }
  | {
      readonly op: "compare";
      readonly type: ValueType;
      readonly by: Comparison;
      readonly left: Node;
      readonly right: Node;
    }
  | {
      readonly op: "calculate";
      readonly type: ValueType;
      readonly by: Arithmetic;
      readonly left: Node;
      readonly right: Node;
    }
  | { readonly op: "in"; readonly type: ValueType; readonly item: Node; readonly list: Node }
  | Quantifier
  | { readonly op: "call"; readonly type: ValueType; readonly name: FunctionName; readonly args: readonly Node[] };

/** `left && right` or `left || right`. */
export interface Logic {
  readonly op: "and" | "or";
  readonly type: ValueType;
  readonly left: Node;
  readonly right: Node;
}

/** `list.all(variable, predicate)` or `list.exists(variable, predicate)`. */
export interface Quantifier {
  readonly op: "all" | "exists";
  readonly type: ValueType;
  readonly list: Node;
  readonly variable: string;
  readonly predicate: Node;
}

/** Where a value stands in the facts, or undefined. */
export function pathOf(node: Node): string | undefined {
  return "path" in node ? node.path : undefined;
}

/** Path of the elements of a list that stands at `path`. */
export function elementPath(path: string | undefined): string | undefined {
  return path === undefined ? undefined : `${path}[]`;
}

/** The nodes a node is made of. */
function children(node: Node): readonly Node[] {
  switch (node.op) {
    case "constant":
    case "facts":
    case "variable":
      return [];
    case "list":
      return node.items;
    case "field":
    case "not":
    case "negate":
      return [node.of];
    case "and":
    case "or":
    case "compare":
    case "calculate":
      return [node.left, node.right];
    case "choice":
      return [node.condition, node.yes, node.no];
    case "in":
      return [node.item, node.list];
    case "all":
    case "exists":
      return [node.list, node.predicate];
    case "call":
      return node.args;
  }
}

/** Every path an expression reads, the longest only, in the order of the source. Elements of a list of scalars are the list's own path. */
export function readsOf(node: Node): string[] {
  const found = new Set<string>();
  collectReads(node, found);
  const paths = [...found];
  return paths.filter((path) => !paths.some((other) => other.startsWith(`${path}.`) || other.startsWith(`${path}[]`)));
}

function collectReads(node: Node, found: Set<string>): void {
  const path = pathOf(node);
  if (path !== undefined && path !== "") found.add(isScalar(node.type) ? path.replace(/\[\]$/, "") : path);
  for (const child of children(node)) collectReads(child, found);
}

function isScalar(type: ValueType): boolean {
  return type.kind !== "list" && type.kind !== "record";
}
