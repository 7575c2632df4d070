import { check } from "./check.ts";
import { type Node, readsOf } from "./node.ts";
import { parseSyntax, type Problem as SyntaxProblem } from "./syntax.ts";
import { nameOf, roots } from "./types.ts";

/** Something wrong in an expression. */
export type Problem = SyntaxProblem;

/** An expression that was parsed and checked; it is evaluated as it stands. */
export interface Expression {
  readonly source: string;
  /** What it reads, such as `network.ssh[].users[].methods` or `policy.workloads`, in the order of the source. */
  readonly reads: readonly string[];
  readonly node: Node;
}

/** Parses and checks an expression of a rule: its names and types must be those of the facts and its result a bool. Never throws. */
export function compile(
  source: string,
):
  | { readonly ok: true; readonly expression: Expression }
  | { readonly ok: false; readonly problems: readonly Problem[] } {
  const parsed = parseSyntax(source);
  if (!parsed.ok) return { ok: false, problems: [parsed.problem] };
  const problems: Problem[] = [];
  const node = check(parsed.syntax, { roots, scope: new Map(), problems });
  if (node === undefined) return { ok: false, problems };
  if (node.type.kind !== "bool") {
    const message = `an expression of a rule must be bool, found ${nameOf(node.type)}`;
    return { ok: false, problems: [{ message, offset: 0, length: source.length }] };
  }
  return { ok: true, expression: { source, reads: readsOf(node), node } };
}
