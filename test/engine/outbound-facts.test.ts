import { describe, expect, test } from "vitest";
import { projectFacts } from "#engine/facts.ts";
import { observed } from "#model/attempt.ts";
import type { Policy } from "#model/policy.ts";
import { bundle, look, vantage } from "./bundles.ts";

const host = vantage("host", "inside");
const connection = (more: Record<string, unknown>) => ({
  from: "host",
  network: 0,
  family: "ipv4",
  connection: "host IPv4",
  towards: "internet",
  name: "slack.com",
  port: 443,
  way: "direct",
  connected: true,
  reached: true,
  cause: "",
  ...more,
});
const blocked = (more: Record<string, unknown> = {}) =>
  connection({ name: "example.com", connected: false, reached: false, cause: "timeout", ...more });

/** What an expression sees of the canaries beside what is needed. */
function seenOf(needed: readonly unknown[], canaries: readonly unknown[]): unknown {
  const evidence = [look("host", "outbound", observed({ needed, canaries, ai: [blocked()], resolvers: [] }))];
  const facts = projectFacts(bundle({ vantages: [host], evidence })) as { host: { outbound: Record<string, unknown> } };
  const list = facts.host.outbound["canaries"] as readonly Record<string, unknown>[];
  return list.map((one) => one["reached"]);
}

test.each<[string, Record<string, unknown>, unknown, unknown]>([
  ["beside a connection from there over the same family", {}, blocked(), false],
  ["beside one whose name is not found there: the line carries", { reached: false, cause: "dns" }, blocked(), false],
  ["beside one that something on the way answered", { reached: false, cause: "untrusted" }, blocked(), undefined],
  ["beside one in a network of one's own", { towards: "network" }, blocked(), undefined],
  ["beside one on the host itself", { towards: "host" }, blocked(), undefined],
  ["beside one through a proxy of the same family", { way: "proxy", towards: "network" }, blocked(), false],
  ["beside one through a proxy on the host itself", { way: "proxy", towards: "host" }, blocked(), undefined],
  ["beside one that a proxy did not pass on to its end", { way: "proxy", reached: false }, blocked(), undefined],
  [
    "that went through a proxy beside one that did too",
    { way: "proxy", family: "ipv6" },
    blocked({ way: "proxy" }),
    false,
  ],
  ["that went through a proxy beside one that did not", {}, blocked({ way: "proxy", cause: "proxy" }), undefined],
  ["beside one that did not come about", { connected: false, reached: false }, blocked(), undefined],
  ["beside one over another family", { family: "ipv6" }, blocked(), undefined],
  ["on the host beside one from a container on it", { from: "container", network: 1 }, blocked(), false],
  ["in a container beside one from its host", {}, blocked({ from: "container", network: 1 }), undefined],
  [
    "in a container beside one from another container",
    { from: "container", network: 2 },
    blocked({ from: "container", network: 1 }),
    undefined,
  ],
  ["beside one of unknown family", { family: { $unknown: "by name" } }, blocked(), undefined],
  ["beside none, where the place has no such family", { connected: false }, blocked({ cause: "no-family" }), false],
  ["beside none, where it was reached", { connected: false }, blocked({ reached: true }), true],
])("a canary that did not answer counts %s", (_name, needed, canary, expected) => {
  expect(seenOf([connection(needed)], [canary])).toEqual([expected]);
});

describe("what the policy asks for today", () => {
  const policy = { outbound: { needed: ["slack.com"], canaries: ["192.0.2.1:443", "[2001:db8::1]:443"] } };
  const asked = ["needed slack.com 443", "canary 192.0.2.1 443", "canary 2001:db8::1 443", "ai api.openai.com 443"];
  const lists = (today: Policy) => {
    const ai = [blocked({ name: "api.openai.com" }), blocked({ name: "api.x.ai", connected: true, reached: true })];
    const value = { asked, needed: [connection({})], canaries: [blocked({ name: "192.0.2.1" })], ai, resolvers: [] };
    const evidence = [look("host", "outbound", observed(value))];
    const facts = projectFacts(bundle({ policy: today, vantages: [host], evidence }));
    return (facts as { host: { outbound: Record<string, readonly Record<string, unknown>[]> } }).host.outbound;
  };

  test("what was not asked of the host is open, and what was is not", () => {
    const { needed, canaries, ai } = lists(policy);
    expect([needed, canaries].map((list) => list?.at(-1)?.["name"])).toEqual(["slack.com", "192.0.2.1"]);
    expect(ai?.map(({ name }) => name)).toEqual(["api.openai.com", "api.x.ai", undefined]);
  });

  test("what it no longer asks for does not count", () => {
    const aiServices = [{ provider: "xai", data: "mail" }];
    expect(lists({ ...policy, aiServices })["ai"]?.map(({ name }) => name)).toEqual(["api.openai.com", undefined]);
  });

  test("where it asks for nothing, what was tried stands", () => {
    expect(lists({})["ai"]).toHaveLength(2);
  });
});

test("nothing counts where nothing is needed", () => {
  expect(seenOf([], [blocked()])).toEqual([undefined]);
});
