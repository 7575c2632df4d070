import { BlockList, isIPv6 } from "node:net";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkAddress, isThisMachine, makeScope } from "#audit/scope.ts";
import { InputError } from "#model/input-error.ts";
import type { Authorisation } from "#model/policy.ts";

const today = "2026-11-22";

function scopeOf(addresses: readonly string[], dates: Partial<Authorisation> = {}) {
  const authorisation = { by: "Hanako Sato (CISO)", reference: "C-1", addresses: [...addresses], ...dates };
  return makeScope({ authorisation, today, ownAddresses: ["192.0.2.7", "2001:db8::7", "fe80::1%eth0"] });
}

describe("makeScope", () => {
  test.each([
    "10.0.0.0/33",
    "10.0.0.0/-1",
    "10.0.0.0/08",
    "10.0.0.0/",
    "10.0.0/8",
    "010.0.0.1",
    "10.0.0.1/24/24",
    "2001:db8::/129",
    "claw.example",
    "",
    "0.0.0.0/0",
    "::/0",
    "10.0.0.0/7",
    "2001::/18",
    "192.168.1.10/16",
    "2001:db8::5/64",
  ])("refuses the range %j", (range) => {
    expect(() => scopeOf(["203.0.113.5", range])).toThrow(InputError);
  });

  test("names both readings of a range with stray bits", () => {
    expect(() => scopeOf(["192.168.1.10/20"])).toThrow(
      expect.objectContaining({ hint: expect.stringMatching(/192\.168\.1\.10\/32 .*192\.168\.0\.0\/20/) }),
    );
    expect(() => scopeOf(["2001:db8:0:ffff::5/52"])).toThrow(
      expect.objectContaining({ hint: expect.stringContaining("2001:db8:0:f000::/52") }),
    );
  });

  test.each([
    ["no date", { until: "soon" }],
    ["a day that does not exist", { until: "2026-02-30" }],
    ["a time", { from: "2026-11-01T00:00" }],
    ["ended yesterday", { until: "2026-11-21" }],
    ["begins tomorrow", { from: "2026-11-23" }],
    ["upside down", { from: "2026-12-01", until: "2026-11-30" }],
  ])("refuses dates: %s", (_, dates) => {
    expect(() => scopeOf(["203.0.113.5"], dates)).toThrow(InputError);
  });

  test.each([{}, { from: today }, { until: today }, { from: today, until: today }])("accepts dates %j", (dates) => {
    expect(() => scopeOf(["203.0.113.5"], dates)).not.toThrow();
  });
});

describe("checkAddress", () => {
  const scope = scopeOf(["203.0.113.0/28", "198.51.100.5", "2001:db8:1::/48", "::ffff:192.0.2.99"]);

  test.each([
    "203.0.113.0",
    "203.0.113.15",
    "198.51.100.5",
    "2001:db8:1:ffff::1",
    "2001:0DB8:1::1",
    "::ffff:203.0.113.5",
    "192.0.2.99",
    "127.0.0.1",
    "127.255.0.9",
    "::1",
    "192.0.2.7",
    "2001:db8::7",
    "2001:db8:0:0::7",
    "::ffff:192.0.2.7",
    "fe80::1%eth0",
  ])("allows %s", (address) => {
    expect(() => checkAddress(scope, address, "test")).not.toThrow();
  });

  test.each([
    "203.0.113.16",
    "198.51.100.6",
    "2001:db8:2::1",
    "192.0.2.8",
    "8.8.8.8",
    "0.0.0.0",
    "::",
    "255.255.255.255",
    "224.0.0.1",
    "ff02::1",
    "claw.example",
    "203.0.113.0/28",
    "127.1",
    "0x7f.1",
    "",
  ])("refuses %s", (address) => {
    expect(() => checkAddress(scope, address, "test")).toThrow(InputError);
  });

  test("names the address, its source and what to do", () => {
    expect(() => checkAddress(scope, "8.8.8.8", "DNS answer for claw.example")).toThrow(
      expect.objectContaining({
        message: expect.stringMatching(/8\.8\.8\.8.*DNS answer for claw\.example.*Hanako Sato/),
        hint: expect.stringContaining("authorisation.addresses"),
      }),
    );
  });

  test("without authorisation only this machine is allowed", () => {
    const none = makeScope({ authorisation: null, today, ownAddresses: ["192.0.2.7"] });
    expect(() => checkAddress(none, "127.0.0.1", "test")).not.toThrow();
    expect(() => checkAddress(none, "192.0.2.7", "test")).not.toThrow();
    expect(() => checkAddress(none, "203.0.113.5", "target x")).toThrow(
      expect.objectContaining({ hint: expect.stringContaining("--authorised-by") }),
    );
  });

  test("a range with multicast in it still allows none", () => {
    expect(() => checkAddress(scopeOf(["224.0.0.0/8"]), "224.0.0.1", "test")).toThrow(InputError);
  });

  test("agrees with the system's own block list", () => {
    const address = fc.oneof(fc.ipV4(), fc.ipV6());
    fc.assert(
      fc.property(address, fc.integer({ min: 20, max: 32 }), (probe, prefix) => {
        const list = new BlockList();
        list.addSubnet("203.0.0.0", prefix, "ipv4");
        list.addSubnet("2001:db8::", prefix + 12, "ipv6");
        const allowed = list.check(probe, isIPv6(probe) ? "ipv6" : "ipv4");
        const open = scopeOf([`203.0.0.0/${prefix}`, `2001:db8::/${prefix + 12}`]);
        if (allowed) expect(() => checkAddress(open, probe, "test")).not.toThrow();
        else if (!isThisMachine(open, probe)) expect(() => checkAddress(open, probe, "test")).toThrow(InputError);
      }),
    );
  });

  test("throws nothing but InputError on any text", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          checkAddress(scope, text, "test");
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
        }
      }),
    );
  });
});
