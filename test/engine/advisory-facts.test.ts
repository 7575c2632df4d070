import { expect, test } from "vitest";
import { project } from "#engine/facts.ts";
import type { AdvisoryList } from "#model/advisory.ts";
import { observed } from "#model/attempt.ts";
import { bundle, look, vantage } from "./bundles.ts";

const text = { en: "It does", ja: "します" };
const advisory = (id: string, fixedIn: string, from?: string) => ({
  id,
  severity: "high" as const,
  fixedIn,
  ...(from === undefined ? {} : { from }),
  summary: text,
  source: "https://example.com",
});
const whole: AdvisoryList = {
  asOf: "2026-11-20",
  complete: true,
  staleAfterDays: 30,
  maintained: [{ from: "2026.6.33", before: "2026.7.1" }],
  advisories: [
    advisory("CVE-2026-0001", "2026.3.11"),
    advisory("CVE-2026-0002", "2026.6.10", "2026.4.7"),
    advisory("CVE-2026-0003", "2026.8.1"),
  ],
};
const day = (date: string) => new Date(`${date}T00:00:00Z`);

function seen(version: unknown, list: AdvisoryList | undefined = whole, now = day("2026-11-23")) {
  const evidence = [look("host", "openclaw", observed({ version }))];
  const of = bundle({ vantages: [vantage("host", "inside")], evidence });
  const { facts, gaps } = project(of, { claims: [], advisories: list, now });
  const openclaw = (facts as { host: { openclaw: { advisories?: readonly { affects?: boolean }[] } } }).host.openclaw;
  return { affects: openclaw.advisories?.map(({ affects }) => affects), openclaw, gaps };
}

test.each<[string, readonly (boolean | undefined)[]]>([
  ["2026.3.8", [true, false, true]],
  ["2026.3.11-beta.1", [true, false, true]],
  ["2026.3.11", [false, false, true]],
  ["2026.4.7", [false, true, true]],
  ["2026.4.6", [false, false, true]],
  ["2026.7.1-2", [false, false, true]],
  ["2026.8.1", [false, false, false]],
  // Of a line that gets fixes of its own: what was mended on that line is told, what only the newer ones name is not.
  ["2026.6.34", [false, false, undefined]],
])("%s is affected: %j", (version, affects) => {
  expect(seen(version).affects).toEqual(affects);
});

test("the day of the list stands beside it", () => {
  expect(seen("2026.8.1").openclaw).toMatchObject({ advisoriesAsOf: "2026-11-20", present: true });
});

test.each([
  ["not known", { $unknown: "the package it runs from was not found" }],
  ["called otherwise", "latest"],
  ["of another scheme", "1.2.3-custom"],
])("a release that is %s is neither affected nor not", (_why, version) => {
  expect(seen(version).affects).toEqual([undefined, undefined, undefined]);
});

test.each<[string, AdvisoryList, Date, RegExp]>([
  ["is not whole", { ...whole, complete: false }, day("2026-11-23"), /only a part/],
  ["is too old", whole, day("2026-12-21"), /31 days old/],
])("a list that %s is open, and says why", (_why, list, now, why) => {
  const { openclaw, gaps } = seen("2026.8.1", list, now);
  expect(openclaw.advisories?.at(-1)).toEqual({});
  expect(openclaw.advisories).toHaveLength(4);
  const [reason] = gaps.get("host.openclaw.advisories[]") ?? [];
  expect(reason?.text.en).toMatch(why);
  expect(reason?.text.ja).toContain("2026-11-20");
});

test("a list that is whole stays closed to its last day", () => {
  expect(seen("2026.8.1", whole, day("2026-12-20")).openclaw.advisories).toHaveLength(3);
});

test("without a list nothing is said of advisories", () => {
  const of = bundle({
    vantages: [vantage("host", "inside")],
    evidence: [look("host", "openclaw", observed({ version: "2026.8.1" }))],
  });
  const { facts, gaps } = project(of, { claims: [], now: day("2026-11-23") });
  expect((facts as { host: { openclaw: object } }).host.openclaw).not.toHaveProperty("advisories");
  expect(gaps.get("host.openclaw.advisories")?.[0]?.text.en).toMatch(/no list/);
});
