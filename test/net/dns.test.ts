import { expect, test } from "vitest";
import { resolveName } from "#net/dns.ts";

const limits = { timeoutMs: 5000, signal: new AbortController().signal };

test("the hosts file counts", async () => {
  const { ipv4 } = await resolveName("localhost", limits);
  expect(ipv4).toContain("127.0.0.1");
});

test.each([
  ["192.0.2.7", { ipv4: ["192.0.2.7"], ipv6: [] }],
  ["2001:DB8::7", { ipv4: [], ipv6: ["2001:db8::7"] }],
])("address %s stands for itself", async (name, expected) => {
  expect(await resolveName(name, limits)).toEqual(expected);
});

test("a resolution that was stopped is unknown", async () => {
  const result = await resolveName("name.invalid", { timeoutMs: 5000, signal: AbortSignal.abort() });
  expect(result.ipv4).toHaveProperty("$unknown");
  expect(result.ipv6).toHaveProperty("$unknown");
});
