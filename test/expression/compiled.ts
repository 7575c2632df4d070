import { compile, type Expression } from "#expression/compile.ts";

/** A compiled expression; throws with the problems when it is refused. */
export function compiled(source: string): Expression {
  const result = compile(source);
  if (!result.ok) throw new Error(`${source}: ${JSON.stringify(result.problems)}`);
  return result.expression;
}
