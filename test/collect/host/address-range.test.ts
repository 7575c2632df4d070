import fc from "fast-check";
import { expect, test } from "vitest";
import { formatRanges, isPublic, parseRange } from "#collect/host/address-range.ts";
import { contains, count, type IntervalSet, intersect, subtract, union } from "#collect/host/intervals.ts";

const small = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 40 })), { maxLength: 6 })
  .map((pairs) => union(pairs.map(([first, last]) => ({ first: BigInt(first), last: BigInt(last) }))));

const members = (set: IntervalSet) =>
  Array.from({ length: 45 }, (_, n) => n).filter((n) => set.some(({ first, last }) => first <= n && n <= last));

test("sets of intervals are sets", () => {
  fc.assert(
    fc.property(small, small, (a, b) => {
      const [left, right] = [members(a), members(b)];
      expect(members(intersect(a, b))).toEqual(left.filter((n) => right.includes(n)));
      expect(members(subtract(a, b))).toEqual(left.filter((n) => !right.includes(n)));
      expect(members(union([...a, ...b]))).toEqual(members([...a, ...b]));
      expect(contains(a, b)).toBe(right.every((n) => left.includes(n)));
      expect(count(a)).toBe(BigInt(left.length));
    }),
  );
});

test.each([
  ["192.0.2.0/24", ["192.0.2.0/24"]],
  ["192.0.2.7", ["192.0.2.7"]],
  ["192.0.2.0/255.255.255.0", ["192.0.2.0/24"]],
  ["192.0.2.1-192.0.2.4", ["192.0.2.1", "192.0.2.2/31", "192.0.2.4"]],
  ["0.0.0.0/0", ["0.0.0.0/0"]],
  ["2001:db8::/32", ["2001:db8::/32"]],
  ["fe80::1%eth0", ["fe80::1"]],
])("%s is the ranges %j", (text, ranges) => {
  const range = parseRange(text);
  expect(range && formatRanges([range.interval], range.family, 32)).toEqual(ranges);
});

test.each(["", "x", "1.2.3", "192.0.2.1/33", "1.2.3.4/24/8", "::/129", "1.2.3.4-::1"])("%j is no range", (text) => {
  expect(parseRange(text)).toBeUndefined();
});

test.each([
  ["8.8.8.8", true],
  ["10.0.0.1", false],
  ["100.64.0.1", false],
  ["169.254.0.1", false],
  ["2606:4700::1", true],
  ["fe80::1%eth0", false],
  ["fd00::1", false],
  ["nonsense", false],
])("%s is public: %s", (address, expected) => {
  expect(isPublic(address)).toBe(expected);
});
