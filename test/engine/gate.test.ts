import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decideGate, type GateRequest } from "#engine/gate.ts";
import type { Report } from "#model/report.ts";
import { type Audit, audited, machine, waiver } from "./audited.ts";

const now = new Date("2026-11-22T06:00:00Z");
const day = 86_400_000;

function status(report: Report, request: Partial<GateRequest> = {}) {
  return decideGate(report, { failOn: "must", now, ...request }).status;
}

const bad = { ports: [22, 3306] };
const blind = { ports: undefined };

test("the audits of these tests come out as they are meant to", () => {
  const outcomes = (audit: Audit) => audited(audit).findings.map(({ rule, outcome }) => `${rule} ${outcome}`);
  expect(outcomes({})).toEqual(["ports pass", "cores pass", "system pass"]);
  expect(outcomes({ ...bad, cores: 2, os: "debian" })).toEqual(["ports fail", "cores fail", "system fail"]);
  expect(outcomes({ ...blind, cores: undefined })).toEqual(["ports unknown", "cores unknown", "system pass"]);
  const beside = (audit: Audit) => audited(audit).findings[0];
  expect(beside({ ...bad, partial: true })).toMatchObject({ outcome: "fail", open: true });
  expect(beside(bad)?.open).toBeUndefined();
});

describe("by level", () => {
  test.each<[string, Audit, string, string, string]>([
    ["all met", {}, "passed", "passed", "passed"],
    ["a must fails", bad, "blocked", "blocked", "passed"],
    ["a must is unknown", blind, "undecided", "undecided", "passed"],
    ["a should fails", { cores: 2 }, "passed", "blocked", "passed"],
    ["a should is unknown", { cores: undefined }, "passed", "undecided", "passed"],
    ["a should fails and a must is unknown", { ...blind, cores: 2 }, "undecided", "blocked", "passed"],
    ["a must fails and a must is unknown", { ...blind, os: "debian" }, "blocked", "blocked", "passed"],
    ["a must fails and is waived", { ...bad, waivers: [waiver] }, "passed", "passed", "passed"],
    ["a waived must may fail further", { ...bad, partial: true, waivers: [waiver] }, "blocked", "blocked", "passed"],
  ])("%s", (_, audit, must, should, none) => {
    const report = audited(audit);
    expect([status(report), status(report, { failOn: "should" }), status(report, { failOn: "none" })]).toEqual([
      must,
      should,
      none,
    ]);
  });

  test("the exit code is that of the status", () => {
    const code = (audit: Audit) => decideGate(audited(audit), { failOn: "must", now }).exitCode;
    expect([code({}), code(bad), code(blind)]).toEqual([0, 1, 2]);
  });
});

describe("the age of the evidence", () => {
  test.each([
    ["2026-11-22T05:59:00.000Z", day, "passed"],
    ["2026-11-21T06:00:00.000Z", day, "passed"],
    ["2026-11-21T05:59:59.000Z", day, "undecided"],
    ["2025-11-22T06:00:00.000Z", 7 * day, "undecided"],
    ["2026-11-22T06:04:00.000Z", day, "passed"],
    ["2026-11-22T06:06:00.000Z", day, "undecided"],
    ["2027-01-01T00:00:00.000Z", day, "undecided"],
  ])("collected %s, %i ms allowed: %s", (collectedAt, maxAgeMs, expected) => {
    expect(status(audited({ collectedAt }), { maxAgeMs })).toBe(expected);
    expect(status(audited({ collectedAt }), { maxAgeMs, failOn: "none" })).toBe(expected);
    expect(status(audited({ collectedAt, ...bad }), { maxAgeMs })).toBe("blocked");
  });
});

describe("coverage", () => {
  test.each([
    [{}, 100, "passed"],
    [{ cores: undefined }, 100, "undecided"],
    [{ cores: undefined }, 67, "undecided"],
    [{ cores: undefined }, 66, "passed"],
    [{}, 0, "passed"],
  ])("of %j with %i %% asked: %s", (audit, coveragePercent, expected) => {
    expect(status(audited(audit), { coveragePercent })).toBe(expected);
  });

  test("a report in which nothing was decided never passes", () => {
    const nothing: Report = { ...audited(), requirements: [], findings: [] };
    expect(status(nothing)).toBe("undecided");
    expect(status(nothing, { failOn: "should" })).toBe("undecided");
    expect(status(nothing, { failOn: "new", baseline: nothing })).toBe("undecided");
    expect(status(nothing, { failOn: "regression", baseline: nothing })).toBe("undecided");
    expect(status(nothing, { failOn: "none", coveragePercent: 0 })).toBe("undecided");
  });
});

describe("what has ended since", () => {
  test.each([
    ["2026-11-30T14:59:59Z", "passed"],
    ["2026-11-30T15:00:00Z", "undecided"],
  ])("a waiver whose last day is the 30th, at %s: %s", (time, expected) => {
    expect(status(audited({ ...bad, waivers: [waiver] }), { now: new Date(time) })).toBe(expected);
  });

  test("a waiver that accepted nothing may end", () => {
    expect(status(audited({ waivers: [waiver] }), { now: new Date("2027-11-30T15:00:00Z") })).toBe("passed");
  });

  test.each([
    ["counted", "2026-11-21", "undecided"],
    ["counted", "2026-11-22", "passed"],
    ["superseded", "2026-11-21", "passed"],
  ] as const)("a statement that is %s until %s: %s", (state, countsUntil, expected) => {
    const statement = {
      requirement: "BKP-6",
      claim: { en: "Restored.", ja: "復旧しました。" },
      target: "office",
      holds: true,
      by: { name: "Hanako Sato", role: "operator" },
      on: "2026-05-21",
      from: "2026-05-21",
      until: countsUntil,
      countsUntil,
      signature: "valid",
      state,
      attempt: "attested/restore",
    } as const;
    expect(status({ ...audited(), statements: [statement] })).toBe(expected);
  });
});

describe("a baseline", () => {
  test.each<[string, Audit, string]>([
    ["the same machine", {}, "passed"],
    ["another name", { target: "factory" }, "undecided"],
    ["another machine-id", { identity: { ...machine, machineIdHash: "b".repeat(64) } }, "undecided"],
    ["other host keys", { identity: { ...machine, sshHostKeys: ["SHA256:three"] } }, "undecided"],
    ["one host key in common", { identity: { ...machine, sshHostKeys: ["SHA256:two", "SHA256:three"] } }, "passed"],
    ["another TLS key", { identity: { ...machine, tlsKeys: ["bb"] } }, "passed"],
    ["seen from outside only, the TLS key in common", { identity: { tlsKeys: ["aa"] } }, "passed"],
    ["seen from outside only, the host key in common", { identity: { sshHostKeys: ["SHA256:one"] } }, "passed"],
    ["seen from outside only, another TLS key", { identity: { tlsKeys: ["bb"] } }, "undecided"],
    ["nothing to know it by", { identity: {} }, "undecided"],
  ])("of %s", (_, audit, expected) => {
    for (const failOn of ["must", "should", "new", "regression", "none"] as const) {
      expect(status(audited(audit), { failOn, baseline: audited() })).toBe(expected);
      expect(status(audited(), { failOn, baseline: audited(audit) })).toBe(expected);
    }
  });

  test.each<[string, Audit, Audit, string, string]>([
    ["nothing fails in either", {}, {}, "passed", "passed"],
    ["the same fails", bad, bad, "passed", "passed"],
    ["less fails", { ports: [22, 3306, 6379] }, bad, "passed", "passed"],
    ["something fails that did not", {}, bad, "blocked", "blocked"],
    ["more of the same rule fails", bad, { ports: [22, 3306, 6379] }, "blocked", "blocked"],
    ["one failure takes the place of another", bad, { ports: [22, 6379] }, "blocked", "blocked"],
    ["a should fails that did not", {}, { cores: 2 }, "passed", "blocked"],
    ["a must is no longer known", {}, blind, "undecided", "undecided"],
    ["a must that failed is no longer known", bad, blind, "undecided", "undecided"],
    ["a must was known in neither", blind, blind, "undecided", "passed"],
    ["a must is known again and passes", blind, {}, "passed", "passed"],
    ["a must is known again and fails", blind, bad, "blocked", "blocked"],
    ["a should is no longer known", {}, { cores: undefined }, "passed", "undecided"],
    ["the scan was cut short", bad, { ...bad, partial: true }, "undecided", "undecided"],
    ["the scan was cut short in both", { ...bad, partial: true }, { ...bad, partial: true }, "undecided", "passed"],
    ["a waiver has gone", { ...bad, waivers: [waiver] }, bad, "blocked", "blocked"],
    ["a waiver has come", bad, { ...bad, waivers: [waiver] }, "passed", "passed"],
    ["what is waived may fail further", bad, { ...bad, partial: true, waivers: [waiver] }, "undecided", "undecided"],
    ["the rule has changed", bad, { ...bad, wording: "Port {{p.port}} is open" }, "passed", "passed"],
  ])("%s", (_, before, after, fresh, regression) => {
    const baseline = audited(before);
    const report = audited(after);
    expect([status(report, { failOn: "new", baseline }), status(report, { failOn: "regression", baseline })]).toEqual([
      fresh,
      regression,
    ]);
  });

  test("that was judged by another profile is not compared", () => {
    const baseline = { ...audited(), profile: { ...audited().profile, digest: "e".repeat(64) } };
    expect(status(audited(), { failOn: "new", baseline })).toBe("undecided");
    expect(status(audited(), { failOn: "regression", baseline })).toBe("undecided");
    expect(status(audited(), { failOn: "must", baseline })).toBe("passed");
  });

  test("a rule or requirement that is no longer judged, or by a lower level, is a regression that is not known", () => {
    const baseline = audited();
    const later = audited();
    const without: Report = { ...later, findings: later.findings.filter(({ rule }) => rule !== "ports") };
    const lower: Report = { ...later, findings: later.findings.map((each) => ({ ...each, level: "info" as const })) };
    const gone: Report = { ...later, requirements: later.requirements.filter(({ id }) => id !== "NET-9") };
    const less: Report = {
      ...later,
      requirements: later.requirements.map((each) => ({ ...each, level: "should" as const })),
    };
    for (const report of [without, lower, gone, less]) {
      expect(status(report, { failOn: "regression", baseline })).toBe("undecided");
    }
    expect(status(audited({ excluded: ["ports"] }), { failOn: "regression", baseline })).toBe("undecided");
  });

  test("is needed for new and for regression", () => {
    expect(status(audited(), { failOn: "new" })).toBe("undecided");
    expect(status(audited(), { failOn: "regression" })).toBe("undecided");
  });

  test("a requirement that fails without a finding that does is new", () => {
    const report = { ...audited(bad), findings: [] };
    expect(status(report, { failOn: "new", baseline: audited(bad) })).toBe("blocked");
  });
});

test("knowing less never opens a gate that was closed, by a baseline that knew", () => {
  const ports = fc.option(fc.subarray([22, 443, 3306, 6379]), { nil: undefined });
  const audit = fc.record({
    ports,
    partial: fc.boolean(),
    cores: fc.option(fc.constantFrom(2, 8), { nil: undefined }),
    os: fc.constantFrom("ubuntu", "debian"),
  });
  const failOn = fc.constantFrom("must", "should", "new", "regression" as const);
  const hiding = fc.constantFrom<Audit>({ ports: undefined }, { cores: undefined }, { partial: true });
  fc.assert(
    fc.property(audit, audit, failOn, hiding, (before, after, level, less) => {
      // A regression is measured by what the baseline knew; what it did not know can get no worse.
      const known = { ...before, partial: false, ports: before.ports ?? [22], cores: before.cores ?? 8 };
      const baseline = audited(level === "regression" ? known : before);
      const request = { failOn: level, now, baseline } as const;
      const whole = decideGate(audited(after), request).status;
      const hidden = decideGate(audited({ ...after, ...less }), request).status;
      if (whole !== "passed") expect(hidden).not.toBe("passed");
    }),
    { numRuns: 100 },
  );
});

test("says in both languages what closes it, what blocks first", () => {
  const { reason, checks } = decideGate(audited(bad), {
    failOn: "new",
    now,
    baseline: audited(),
    maxAgeMs: day,
    coveragePercent: 90,
  });
  expect(reason.en).toBe("Of level must 1 fail that did not in the baseline: ports (203.0.113.5 3306/tcp).");
  expect(reason.ja).toBe("基準の報告書にない必須の不適合が 1 件あります: ports (203.0.113.5 3306/tcp)。");
  expect(checks.map(({ id, status: each }) => [id, each])).toEqual([
    ["baseline", "blocked"],
    ["age", "passed"],
    ["coverage", "passed"],
  ]);
});
