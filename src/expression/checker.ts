import type { Node } from "./node.ts";
import { hintFor } from "./suggest.ts";
import type { Problem, Syntax } from "./syntax.ts";
import type { RecordType, ValueType } from "./types.ts";

/** What a variable stands for. */
interface Variable {
  readonly type: ValueType;
  readonly path: string | undefined;
}

/** What is known while an expression is checked; problems are added as they are found. */
export interface Checker {
  readonly roots: RecordType;
  readonly scope: ReadonlyMap<string, Variable>;
  readonly problems: Problem[];
}

/** Adds a problem at a node of the syntax tree. */
export function refuse(
  checker: Checker,
  syntax: Syntax,
  message: string,
  more: { hint?: string | undefined; offset?: number; length?: number } = {},
): undefined {
  const { hint, offset = syntax.start, length = syntax.end - syntax.start } = more;
  checker.problems.push({ message, offset, length, ...(hint === undefined ? {} : { hint }) });
}

/** Whether two types are the same scalar type; lists and records have no equality. */
export function sameScalar(left: ValueType, right: ValueType): boolean {
  return left.kind === right.kind && left.kind !== "list" && left.kind !== "record";
}

/** Refuses a string literal that the type it meets can never be. */
export function suitsValues(checker: Checker, syntax: Syntax, { node, by }: { node: Node; by: ValueType }): boolean {
  if (by.kind !== "string" || by.values === undefined) return true;
  if (node.op !== "constant" || typeof node.value !== "string" || by.values.includes(node.value)) return true;
  refuse(checker, syntax, `"${node.value}" is never the value here`, { hint: hintFor(node.value, by.values) });
  return false;
}
