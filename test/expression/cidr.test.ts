import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { inAnyCidr, inCidr, isLocalAddress, isRange, normalizeAddress } from "#expression/cidr.ts";

describe("inCidr", () => {
  test.each([
    ["10.1.2.3", "10.0.0.0/8", true],
    ["11.1.2.3", "10.0.0.0/8", false],
    ["10.0.0.0/9", "10.0.0.0/8", true],
    ["10.0.0.0/7", "10.0.0.0/8", false],
    ["10.0.0.1", "10.0.0.1", true],
    ["10.0.0.1/32", "10.0.0.1", true],
    ["10.0.0.1/24", "10.0.0.99/24", true],
    ["0.0.0.0/0", "0.0.0.0/0", true],
    ["192.0.2.1", "0.0.0.0/0", true],
    ["2001:db8::1", "2001:db8::/32", true],
    ["2001:db9::1", "2001:db8::/32", false],
    ["192.0.2.1", "::/0", false],
    ["2001:db8::1", "0.0.0.0/0", false],
    ["::ffff:192.0.2.1", "192.0.2.0/24", true],
    ["::ffff:c000:201", "192.0.2.0/24", true],
    ["192.0.2.1", "::ffff:192.0.2.0/120", true],
    ["::ffff:192.0.2.0/120", "192.0.2.0/24", true],
    ["192.0.2.1", "::ffff:0:0/96", true],
    ["192.0.2.1", "::ffff:0:0/95", undefined],
    ["10.1.2.3", "10.0.0.0/33", undefined],
    ["10.1.2.3", "10.0.0.0/", undefined],
    ["10.1.2.3", "10.0.0.0/-1", undefined],
    ["10.1.2.3", "10.0.0.0/8/8", undefined],
    ["10.1.2.3", "10/8", undefined],
    ["010.1.2.3", "10.0.0.0/8", undefined],
    ["0x0a.1.2.3", "10.0.0.0/8", undefined],
    ["10.1", "10.0.0.0/8", undefined],
    ["167837955", "10.0.0.0/8", undefined],
    ["fe80::1%eth0", "fe80::/10", undefined],
    ["any", "10.0.0.0/8", undefined],
    ["", "10.0.0.0/8", undefined],
    ["10.1.2.3", "", undefined],
    [" 10.1.2.3", "10.0.0.0/8", undefined],
  ])("%s in %s: %s", (inner, outer, expected) => {
    expect(inCidr(inner, outer)).toBe(expected);
  });
});

describe("inAnyCidr", () => {
  test.each([
    ["10.0.0.1", [], false],
    ["10.0.0.1", ["192.0.2.0/24", "10.0.0.0/8"], true],
    ["10.0.0.0/24", ["10.0.0.0/25", "10.0.0.128/25"], true],
    ["10.0.0.0/24", ["10.0.0.128/25", "10.0.0.0/25"], true],
    ["10.0.0.0/24", ["10.0.0.0/25", "10.0.0.192/26"], false],
    ["0.0.0.0/0", ["0.0.0.0/1", "128.0.0.0/1"], true],
    ["10.0.0.1", ["office"], undefined],
    ["10.0.0.1", ["office", "10.0.0.0/8"], true],
    ["office", ["10.0.0.0/8"], undefined],
    ["2001:db8::/31", ["2001:db8::/32", "10.0.0.0/8"], false],
  ])("%s in %s: %s", (inner, outers, expected) => {
    expect(inAnyCidr(inner, outers)).toBe(expected);
  });
});

const quad = (address: number) => [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join(".");

test("IPv4 agrees with comparing the leading bits one by one", () => {
  const address = fc.nat({ max: 2 ** 32 - 1 });
  const length = fc.nat({ max: 32 });
  const near = fc.tuple(address, fc.nat({ max: 31 })).map(([a, bit]) => [a, (a ^ (1 << bit)) >>> 0] as const);
  const pairs = fc.oneof(near, fc.tuple(address, address));
  fc.assert(
    fc.property(pairs, length, length, ([a, b], inner, outer) => {
      const bits = (value: number) => value.toString(2).padStart(32, "0");
      const expected = inner >= outer && bits(a).slice(0, outer) === bits(b).slice(0, outer);
      expect(inCidr(`${quad(a)}/${inner}`, `${quad(b)}/${outer}`)).toBe(expected);
      expect(inCidr(`::ffff:${quad(a)}/${inner + 96}`, `${quad(b)}/${outer}`)).toBe(expected);
    }),
  );
});

test("a range lies in several exactly when each of its addresses lies in one", () => {
  const range = fc
    .tuple(fc.nat({ max: 63 }), fc.integer({ min: 26, max: 32 }))
    .map(([a, p]) => `${quad(0xc0000200 + a)}/${p}`);
  fc.assert(
    fc.property(range, fc.array(range, { maxLength: 5 }), (inner, outers) => {
      const all = Array.from({ length: 64 }, (_, index) => quad(0xc0000200 + index));
      const expected = all.filter((a) => inCidr(a, inner)).every((a) => outers.some((outer) => inCidr(a, outer)));
      expect(inAnyCidr(inner, outers)).toBe(expected);
    }),
  );
});

test("nothing that is written makes it throw", () => {
  const odd = fc.oneof(fc.string(), fc.ipV4Extended(), fc.ipV6(), fc.stringMatching(/^[0-9a-fx:./%]{0,40}$/));
  fc.assert(
    fc.property(odd, odd, (a, b) => {
      expect([true, false, undefined]).toContain(inCidr(a, b));
      expect(typeof isRange(a)).toBe("boolean");
      expect(normalizeAddress(normalizeAddress(a))).toBe(normalizeAddress(a));
    }),
    { numRuns: 1000 },
  );
});

test.each([
  ["2001:DB8:0::1", "2001:db8::1"],
  ["::ffff:192.0.2.1", "192.0.2.1"],
  ["192.0.2.1", "192.0.2.1"],
  ["::", "::"],
  ["*", "*"],
])("%s is written %s", (text, expected) => {
  expect(normalizeAddress(text)).toBe(expected);
});

test.each([
  ["10.0.0.1", true],
  ["192.168.1.1", true],
  ["127.0.0.1", true],
  ["100.64.0.1", true],
  ["fd00::1", true],
  ["fe80::1", true],
  ["::1", true],
  ["::ffff:10.0.0.1", true],
  ["203.0.113.5", false],
  ["2001:db8::1", false],
  ["8.8.8.8", false],
  ["x", false],
])("%s is local: %s", (address, expected) => {
  expect(isLocalAddress(address)).toBe(expected);
});
