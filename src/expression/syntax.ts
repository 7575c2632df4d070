import { type ASTNode, Environment, ParseError } from "@marcbachmann/cel-js";

/** A node of the syntax tree of CEL. */
export type Syntax = ASTNode;

/** Something wrong in an expression; offset and length count UTF-16 units of its source. */
export interface Problem {
  readonly message: string;
  readonly offset: number;
  readonly length: number;
  /** What to write instead, such as: did you mean "methods"? */
  readonly hint?: string;
}

/** Longest expression that is read; the parser recurses, so its depth must have an end. */
const maximumLength = 4000;

const environment = new Environment({
  enableOptionalTypes: false,
  limits: { maxAstNodes: 1000, maxDepth: 40, maxListElements: 200, maxMapEntries: 10, maxCallArguments: 10 },
});

/** Parses CEL. Its types are not checked and nothing of the library's evaluation is used. */
export function parseSyntax(
  source: string,
): { readonly ok: true; readonly syntax: Syntax } | { readonly ok: false; readonly problem: Problem } {
  if (source.length > maximumLength) {
    const message = `the expression is longer than ${maximumLength} characters`;
    return { ok: false, problem: { message, offset: maximumLength, length: source.length - maximumLength } };
  }
  try {
    return { ok: true, syntax: environment.parse(source).ast };
  } catch (error) {
    // The library throws for whatever it cannot read; text that is not CEL is an answer here, not a fault.
    return { ok: false, problem: problemOf(error, source) };
  }
}

function problemOf(error: unknown, source: string): Problem {
  if (!(error instanceof ParseError)) {
    return { message: `not readable: ${String(error)}`, offset: 0, length: source.length };
  }
  const offset = Math.min(error.range?.start ?? 0, source.length);
  const end = Math.min(error.range?.end ?? offset, source.length);
  return { message: error.summary, offset, length: Math.max(0, end - offset) };
}
