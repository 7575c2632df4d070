import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compareReports } from "#engine/compare.ts";
import { type Audit, audited, waiver } from "./audited.ts";

function changes(before: Audit, after: Audit): string[] {
  return compareReports(audited(before), audited(after)).changes.map(
    ({ kind, cause, rule, subject }) => `${kind} ${rule} ${subject} by ${cause}`,
  );
}

const bad = { ports: [22, 3306] };
const mysql = "ports 203.0.113.5 3306/tcp";
const redis = "ports 203.0.113.5 6379/tcp";

describe("what became of a failure", () => {
  test.each<[string, Audit, Audit, string[]]>([
    ["nothing", {}, {}, []],
    ["it appears", {}, bad, [`new ${mysql} by server`]],
    ["it goes", bad, {}, [`fixed ${mysql} by server`]],
    ["it stays", bad, bad, [`still ${mysql} by server`]],
    ["another takes its place", bad, { ports: [22, 6379] }, [`new ${redis} by server`, `fixed ${mysql} by server`]],
    ["nobody could look", bad, { ports: undefined }, [`lost ${mysql} by server`]],
    [
      "the scan was cut short before it",
      { ports: [22, 3306, 6379] },
      { ...bad, partial: true },
      [`still ${mysql} by server`, `lost ${redis} by server`],
    ],
    ["what passed is not known", {}, { ports: undefined }, ["lost ports office by server"]],
    ["what was not known passes", { ports: undefined }, {}, ["decided ports office by server"]],
    ["what was not known fails", { ports: undefined }, bad, [`new ${mysql} by server`]],
    ["what passes was seen otherwise", { cores: 8 }, { cores: 16 }, ["changed cores office by server"]],
    ["a rule is not judged any more", bad, { excluded: ["ports"] }, [`dropped ${mysql} by profile`]],
  ])("%s", (_, before, after, expected) => {
    expect(changes(before, after)).toEqual(expected);
  });

  test("says what waivers do", () => {
    const waived = { ...bad, waivers: [waiver] };
    const of = (before: Audit, after: Audit) =>
      compareReports(audited(before), audited(after)).changes.map(({ kind, waived: each }) => [kind, each]);
    expect(of(bad, waived)).toEqual([["still", { before: false, after: true }]]);
    expect(of(waived, bad)).toEqual([["still", { before: true, after: false }]]);
  });
});

describe("where a change comes from", () => {
  const policy = { workloads: 3 };
  const other = { rulesDigest: "d".repeat(64) };

  test.each<[string, Audit, Audit, object, string]>([
    ["the same rules, profile and policy", {}, bad, {}, "server"],
    ["other rules, this one the same", {}, bad, other, "server"],
    ["this rule changed, the same was seen", bad, { ...bad, wording: "Port {{p.port}}" }, other, "rules"],
    ["this rule changed, and so did what was seen", {}, { ...bad, wording: "Port {{p.port}}" }, other, "mixed"],
    ["another policy, the same was seen", bad, { ...bad, policy }, {}, "policy"],
    ["another policy, something else was seen", {}, { ...bad, policy }, {}, "mixed"],
    ["another level", bad, { ...bad, levels: { "NET-9": "should" } }, {}, "profile"],
  ])("%s: %s", (_, before, after, with_, cause) => {
    const { changes: found } = compareReports(audited(before), { ...audited(after), ...with_ });
    expect(found.filter(({ rule }) => rule === "ports").map((each) => each.cause)).toEqual([cause]);
  });

  test("a rule without a digest of its own counts as changed with the rules", () => {
    const strip = (audit: Audit) => {
      const report = audited(audit);
      return { ...report, findings: report.findings.map(({ ruleDigest: _, ...rest }) => rest) };
    };
    const [found] = compareReports(strip(bad), { ...strip(bad), rulesDigest: "d".repeat(64) }).changes;
    expect(found).toMatchObject({ kind: "still", cause: "rules" });
  });

  test("rules that only one report judges are listed", () => {
    const { rules, same } = compareReports(audited({ excluded: ["cores"] }), audited({ excluded: ["system"] }));
    expect(rules).toEqual({ added: ["cores"], removed: ["system"] });
    expect(same).toEqual({ rules: true, profile: false, policy: true, tool: true });
  });
});

test("turned around, new is fixed or lost, and what stays stays", () => {
  const audit = fc.record({
    ports: fc.option(fc.subarray([22, 443, 3306, 6379]), { nil: undefined }),
    partial: fc.boolean(),
    cores: fc.option(fc.constantFrom(2, 8), { nil: undefined }),
    os: fc.constantFrom("ubuntu", "debian", ""),
  });
  fc.assert(
    fc.property(audit, audit, (a, b) => {
      const [there, back] = [compareReports(audited(a), audited(b)), compareReports(audited(b), audited(a))];
      const of = (kinds: readonly string[], { changes: list }: typeof there) =>
        list
          .filter(({ kind, outcomes }) => kinds.includes(kind) && Object.values(outcomes).includes("fail"))
          .map(({ fingerprint }) => fingerprint)
          .toSorted();
      expect(of(["new"], there)).toEqual(of(["fixed", "lost", "dropped"], back));
      expect(of(["still"], there)).toEqual(of(["still"], back));
      for (const { kind, outcomes } of there.changes) {
        if (kind === "fixed") expect(["pass", "fail"]).toContain(outcomes.after);
      }
    }),
    { numRuns: 60 },
  );
});
