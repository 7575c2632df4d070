import { isScalar, type Node, Scalar } from "yaml";

const blank = /\s/;

/**
 * Offset in `text` of the character at `offset` of a scalar's value. YAML folds and indents by changing blanks only, so the n-th
 * character that is not blank is the same in value and source. Where the source has escapes, the scalar's start is the answer.
 */
export function sourceOffset(text: string, node: Node, offset: number): number {
  const range = node.range;
  if (range === null || range === undefined) return 0;
  const [start, end] = range;
  if (!isScalar(node) || typeof node.value !== "string") return start;
  const bodyStart = start + headLength(text.slice(start, end), node.type);
  const body = text.slice(bodyStart, end);
  if (node.type === Scalar.QUOTE_DOUBLE && body.includes("\\")) return start;
  if (node.type === Scalar.QUOTE_SINGLE && body.slice(0, -1).includes("''")) return start;
  const before = inkBefore(node.value, offset);
  return bodyStart + (offset >= node.value.trimEnd().length ? afterInk(body, before) : atInk(body, before));
}

/** Length of what stands before the value: a quote, or the header line of a block scalar. */
function headLength(source: string, type: string | null | undefined): number {
  switch (type) {
    case Scalar.BLOCK_FOLDED:
    case Scalar.BLOCK_LITERAL: {
      const line = source.indexOf("\n");
      return line === -1 ? source.length : line + 1;
    }
    case Scalar.QUOTE_DOUBLE:
    case Scalar.QUOTE_SINGLE:
      return 1;
    default:
      return 0;
  }
}

function inkBefore(value: string, offset: number): number {
  let count = 0;
  for (let i = 0; i < Math.min(offset, value.length); i += 1) if (!blank.test(value.charAt(i))) count += 1;
  return count;
}

/** Position of the character that has `count` others that are not blank before it. */
function atInk(body: string, count: number): number {
  let seen = 0;
  for (let i = 0; i < body.length; i += 1) {
    if (blank.test(body.charAt(i))) continue;
    if (seen === count) return i;
    seen += 1;
  }
  return body.length;
}

/** Position behind the `count`-th character that is not blank. */
function afterInk(body: string, count: number): number {
  return count === 0 ? 0 : atInk(body, count - 1) + 1;
}
