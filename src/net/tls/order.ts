import type { Found, Run } from "./enumerate.ts";

/** Which of two a server takes when it is offered both; undefined when it could not be told. */
export type Compare = (one: number, other: number) => Promise<number | undefined>;

/** Shorter lists are merged from their heads, one comparison after the other. */
const shortList = 6;

/**
 * Puts everything that was found in a server's own order, by comparing only where parts meet. Parts that already follow one another take
 * one comparison. Undefined when a comparison could not be made.
 */
export async function inOrder<T>(run: Run<T>, compare: Compare): Promise<Found<T>[] | undefined> {
  const parts = await Promise.all(run.parts.map((part) => inOrder(part, compare)));
  let merged: Found<T>[] | undefined = [];
  for (const part of parts) {
    if (merged === undefined || part === undefined) return undefined;
    merged = await join(merged, part, compare);
  }
  return merged === undefined ? undefined : [...run.found, ...merged];
}

async function join<T>(one: Found<T>[], other: Found<T>[], compare: Compare): Promise<Found<T>[] | undefined> {
  const [last, first] = [one.at(-1), other[0]];
  if (last === undefined || first === undefined) return [...one, ...other];
  const chosen = await compare(last.code, first.code);
  if (chosen === undefined) return undefined;
  return chosen === last.code ? [...one, ...other] : merge(one, other, compare);
}

/** Merges two ordered lists; long ones are divided at the middle of the longer and both halves merged side by side. */
async function merge<T>(one: Found<T>[], other: Found<T>[], compare: Compare): Promise<Found<T>[] | undefined> {
  if (one.length === 0 || other.length === 0) return [...one, ...other];
  if (one.length + other.length <= shortList) return zip(one, other, compare);
  const [longer, shorter] = one.length >= other.length ? [one, other] : [other, one];
  const at = Math.floor(longer.length / 2);
  const middle = longer[at];
  if (middle === undefined) return undefined;
  let [low, high] = [0, shorter.length];
  while (low < high) {
    const probe = Math.floor((low + high) / 2);
    const code = shorter[probe]?.code ?? middle.code;
    const chosen = await compare(middle.code, code);
    if (chosen === undefined) return undefined;
    if (chosen === code) low = probe + 1;
    else high = probe;
  }
  const [before, after] = await Promise.all([
    merge(longer.slice(0, at), shorter.slice(0, low), compare),
    merge(longer.slice(at + 1), shorter.slice(low), compare),
  ]);
  return before === undefined || after === undefined ? undefined : [...before, middle, ...after];
}

async function zip<T>(one: Found<T>[], other: Found<T>[], compare: Compare): Promise<Found<T>[] | undefined> {
  const merged: Found<T>[] = [];
  let [a, b] = [0, 0];
  for (;;) {
    const [left, right] = [one[a], other[b]];
    if (left === undefined || right === undefined) return [...merged, ...one.slice(a), ...other.slice(b)];
    const chosen = await compare(left.code, right.code);
    if (chosen === undefined) return undefined;
    if (chosen === left.code) {
      merged.push(left);
      a += 1;
    } else {
      merged.push(right);
      b += 1;
    }
  }
}
