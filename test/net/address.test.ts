import fc from "fast-check";
import { expect, test } from "vitest";
import { inRange, isLoopback, isPublic, parseAddress, parseRange } from "#net/address.ts";

test.each([
  ["192.0.2.1", { address: "192.0.2.1", family: "ipv4" }],
  ["2001:DB8:0:0:0:0:0:1", { address: "2001:db8::1", family: "ipv6" }],
  ["2001:db8:0:1:0:0:0:1", { address: "2001:db8:0:1::1", family: "ipv6" }],
  ["::ffff:192.0.2.1", { address: "192.0.2.1", family: "ipv4" }],
  ["::ffff:c000:201", { address: "192.0.2.1", family: "ipv4" }],
  ["fe80::1%eth0", undefined],
  ["192.0.2.1/32", undefined],
  ["010.0.0.1", undefined],
  ["10.1", undefined],
  ["0x7f.1", undefined],
  ["localhost", undefined],
  ["", undefined],
  [" 192.0.2.1", undefined],
])("%j is read as %j", (text, expected) => {
  expect(parseAddress(text)).toEqual(expected);
});

test.each([
  ["8.8.8.8", true],
  ["1.1.1.1", true],
  ["192.175.48.1", true],
  ["192.0.2.1", false],
  ["198.51.100.9", false],
  ["203.0.113.200", false],
  ["198.18.0.1", false],
  ["10.0.0.1", false],
  ["172.31.255.255", false],
  ["172.32.0.1", true],
  ["192.168.1.1", false],
  ["100.64.0.1", false],
  ["100.128.0.1", true],
  ["169.254.169.254", false],
  ["127.0.0.1", false],
  ["0.0.0.0", false],
  ["224.0.0.1", false],
  ["255.255.255.255", false],
  ["2606:4700::1111", true],
  ["2001:4860:4860::8888", true],
  ["2001:db8::1", false],
  ["3fff::1", false],
  ["2001::1", false],
  ["2001:20::1", true],
  ["2002:0808:0808::1", true],
  ["2002:0a00:0001::1", false],
  ["fd00::1", false],
  ["fe80::1", false],
  ["ff02::1", false],
  ["::1", false],
  ["::", false],
  ["64:ff9b::808:808", false],
  ["::ffff:8.8.8.8", true],
  ["not an address", false],
])("%s is public: %s", (address, expected) => {
  expect(isPublic(address)).toBe(expected);
});

test.each([
  ["127.0.0.1", true],
  ["127.255.0.1", true],
  ["::1", true],
  ["::ffff:127.0.0.1", true],
  ["128.0.0.1", false],
  ["::2", false],
  ["localhost", false],
])("%s is loopback: %s", (address, expected) => {
  expect(isLoopback(address)).toBe(expected);
});

test.each([
  ["192.0.2.0/24", "192.0.2.255", true],
  ["192.0.2.0/24", "192.0.3.0", false],
  ["192.0.2.77/24", "192.0.2.1", true],
  ["192.0.2.7", "192.0.2.7", true],
  ["192.0.2.7", "192.0.2.8", false],
  ["0.0.0.0/0", "203.0.113.1", true],
  ["0.0.0.0/0", "2001:db8::1", false],
  ["2001:db8::/32", "2001:db8:ffff::1", true],
  ["2001:db8::/32", "2001:db9::1", false],
  ["::/0", "192.0.2.1", false],
  ["::ffff:192.0.2.0/120", "192.0.2.9", true],
])("%s holds %s: %s", (range, address, expected) => {
  const parsed = parseRange(range);
  expect(parsed).toBeDefined();
  if (parsed !== undefined) expect(inRange(address, parsed)).toBe(expected);
});

test.each([
  "192.0.2.0/33",
  "192.0.2.0/-1",
  "192.0.2.0/",
  "192.0.2.0/24/8",
  "2001:db8::/129",
  "192.0.2.0/ 24",
  "192.0.2.0/024",
  "/24",
  "::ffff:192.0.2.0/64",
])("%j is no range", (text) => {
  expect(parseRange(text)).toBeUndefined();
});

test("IPv4 ranges agree with arithmetic on 32 bits", () => {
  const bits = (address: string) => address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  fc.assert(
    fc.property(fc.ipV4(), fc.ipV4(), fc.integer({ min: 0, max: 32 }), (base, address, length) => {
      const size = 2 ** (32 - length);
      const range = parseRange(`${base}/${length}`);
      expect(range && inRange(address, range)).toBe(Math.floor(bits(base) / size) === Math.floor(bits(address) / size));
    }),
  );
});
