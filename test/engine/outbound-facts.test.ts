import { expect, test } from "vitest";
import { projectFacts } from "#engine/facts.ts";
import { observed } from "#model/attempt.ts";
import { bundle, look, vantage } from "./bundles.ts";

const host = vantage("host", "inside");
const connection = (more: Record<string, unknown>) => ({
  from: "host",
  family: "ipv4",
  connection: "host IPv4",
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
  ["beside one through a proxy of the same family", { way: "proxy" }, blocked(), false],
  [
    "that went through a proxy beside one that did too",
    { way: "proxy", family: "ipv6" },
    blocked({ way: "proxy" }),
    false,
  ],
  ["that went through a proxy beside one that did not", {}, blocked({ way: "proxy", cause: "proxy" }), undefined],
  ["beside one that did not come about", { connected: false, reached: false }, blocked(), undefined],
  ["beside one over another family", { family: "ipv6" }, blocked(), undefined],
  ["beside one from another place", { from: "container" }, blocked(), undefined],
  ["beside one of unknown family", { family: { $unknown: "by name" } }, blocked(), undefined],
  ["beside none, where the place has no such family", { connected: false }, blocked({ cause: "no-family" }), false],
  ["beside none, where it was reached", { connected: false }, blocked({ reached: true }), true],
])("a canary that did not answer counts %s", (_name, needed, canary, expected) => {
  expect(seenOf([connection(needed)], [canary])).toEqual([expected]);
});

test("nothing counts where nothing is needed", () => {
  expect(seenOf([], [blocked()])).toEqual([undefined]);
});
