/** An inclusive range of whole numbers: ports, or addresses as numbers. */
export interface Interval {
  readonly first: bigint;
  readonly last: bigint;
}

/** A set of numbers: intervals in ascending order that neither overlap nor touch. */
export type IntervalSet = readonly Interval[];

/** The set that holds the numbers of all intervals given; those that end before they begin hold none. */
export function union(intervals: readonly Interval[]): IntervalSet {
  const sorted = intervals
    .filter((interval) => interval.first <= interval.last)
    .sort((a, b) => (a.first < b.first ? -1 : Number(a.first > b.first)));
  const merged: Interval[] = [];
  for (const interval of sorted) {
    const previous = merged.at(-1);
    if (previous === undefined || interval.first > previous.last + 1n) merged.push(interval);
    else if (interval.last > previous.last) merged[merged.length - 1] = { first: previous.first, last: interval.last };
  }
  return merged;
}

/** Numbers in both sets. */
export function intersect(left: IntervalSet, right: IntervalSet): IntervalSet {
  const found: Interval[] = [];
  let l = 0;
  let r = 0;
  for (;;) {
    const a = left[l];
    const b = right[r];
    if (a === undefined || b === undefined) return found;
    const first = a.first > b.first ? a.first : b.first;
    const last = a.last < b.last ? a.last : b.last;
    if (first <= last) found.push({ first, last });
    if (a.last < b.last) l += 1;
    else r += 1;
  }
}

/** Numbers of the left set that are not in the right one. */
export function subtract(left: IntervalSet, right: IntervalSet): IntervalSet {
  const found: Interval[] = [];
  for (const interval of left) {
    let first = interval.first;
    for (const hole of right) {
      if (hole.last < first) continue;
      if (hole.first > interval.last) break;
      if (hole.first > first) found.push({ first, last: hole.first - 1n });
      first = hole.last + 1n;
    }
    if (first <= interval.last) found.push({ first, last: interval.last });
  }
  return found;
}

/** Whether every number of the right set is in the left one. */
export function contains(left: IntervalSet, right: IntervalSet): boolean {
  return subtract(right, left).length === 0;
}

/** How many numbers the set holds. */
export function count(set: IntervalSet): bigint {
  return set.reduce((sum, interval) => sum + interval.last - interval.first + 1n, 0n);
}
