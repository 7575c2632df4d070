import { describe, expect, test } from "vitest";
import type { CompiledRule } from "#engine/judge.ts";
import type { Node } from "#expression/node.ts";
import { failed, observed } from "#model/attempt.ts";
import { bundle, look, vantage } from "./bundles.ts";
import { judge } from "./judged.ts";
import { requirement, rule } from "./rules.ts";

/** A rule of requirement NET-9 that comes out as named on `outcomesBundle`. */
const one = {
  pass: (level: "must" | "should" | "info" = "must") =>
    rule(`passes-${level}`, { requirement: "NET-9", level, lines: [["host.cpu.cores == 4", "m"]] }),
  fail: (level: "must" | "should" | "info" = "must") =>
    rule(`fails-${level}`, { requirement: "NET-9", level, lines: [["host.cpu.cores == 5", "m"]] }),
  unknown: () => rule("unknown", { requirement: "NET-9", lines: [["host.os.id == 'x'", "m"]] }),
  notchecked: () => rule("notchecked", { requirement: "NET-9", lines: [["policy.workloads == 1", "m"]] }),
  notapplicable: () =>
    rule("notapplicable", { requirement: "NET-9", when: "host.cpu.cores == 5", lines: [["true", "m"]] }),
  error: () => rule("error", { requirement: "NET-9", lines: [["host.storage.totalBytes > 1", "m"]] }),
};
const outcomesBundle = bundle({
  vantages: [vantage("host", "inside")],
  evidence: [
    look("host", "cpu", observed({ cores: 4 })),
    look("host", "os", failed("timeout", "slow")),
    look("host", "storage", observed({ totalBytes: "big" })),
  ],
});

describe("a requirement comes out as the worst of its rules", () => {
  test.each<readonly [string, readonly CompiledRule[], string]>([
    ["a pass", [one.pass()], "pass"],
    ["a pass and what does not apply", [one.pass(), one.notapplicable()], "pass"],
    ["a pass and a failure", [one.pass(), one.fail()], "fail"],
    ["a pass and an unknown", [one.pass(), one.unknown()], "unknown"],
    ["a pass and an unchecked", [one.pass(), one.notchecked()], "notchecked"],
    ["an unknown and an unchecked", [one.unknown(), one.notchecked()], "unknown"],
    ["an error and an unknown", [one.unknown(), one.error()], "error"],
    ["a failure and an error", [one.fail(), one.error()], "fail"],
    ["only what does not apply", [one.notapplicable()], "notapplicable"],
    ["only information", [one.fail("info")], "informational"],
    ["no rule", [], "notchecked"],
    ["a pass and a failing advice", [one.pass(), one.fail("should")], "pass"],
    ["a failing advice alone", [one.fail("should")], "fail"],
  ])("%s", (_name, rules, outcome) => {
    const report = judge(outcomesBundle, { rules, requirements: [requirement("NET-9")] });
    expect(report.requirements).toMatchObject([{ outcome, rules: rules.map((each) => each.rule.id) }]);
  });

  test("an advice that is not met is told beside a pass", () => {
    const [result] = judge(outcomesBundle, {
      rules: [one.pass(), one.fail("should")],
      requirements: [requirement("NET-9")],
    }).requirements;
    expect(result?.note?.en).toContain("fails-should (fail)");
    expect(result?.note?.ja).toContain("fails-should (fail)");
  });

  test("a rule that is left out never helps to pass, and is named", () => {
    const rules = [one.pass(), one.fail()];
    const report = judge(outcomesBundle, {
      rules,
      requirements: [requirement("NET-9")],
      profile: { excluded: ["fails-must"] },
    });
    expect(report.requirements).toMatchObject([{ outcome: "notchecked", rules: ["passes-must"] }]);
    expect(report.findings.map((finding) => finding.rule)).toEqual(["passes-must"]);
    expect(report.requirements[0]?.note?.en).toContain("fails-must");
    expect(report.limits.map(({ ja }) => ja).join()).toContain("fails-must");
    expect(report.verdict.status).toBe("undecided");
  });

  test("a failure stays one though another rule is left out", () => {
    const report = judge(outcomesBundle, {
      rules: [one.pass(), one.fail()],
      requirements: [requirement("NET-9")],
      profile: { excluded: ["passes-must"] },
    });
    expect(report.requirements).toMatchObject([{ outcome: "fail" }]);
  });

  test("a profile's level is that of the requirement and of its findings", () => {
    const report = judge(outcomesBundle, {
      rules: [one.fail("should")],
      requirements: [requirement("NET-9", "should")],
      profile: { levels: { "NET-9": "must" } },
    });
    expect(report).toMatchObject({
      verdict: { status: "blocked" },
      findings: [{ level: "must" }],
      requirements: [{ level: "must" }],
    });
    const softer = judge(outcomesBundle, {
      rules: [one.fail()],
      requirements: [requirement("NET-9")],
      profile: { levels: { "NET-9": "info" } },
    });
    expect(softer).toMatchObject({
      verdict: { status: "passed" },
      findings: [{ outcome: "informational", occurrences: [] }],
    });
  });

  test("what a profile lowers is named, and so is what is not met there", () => {
    const lower = (rules: readonly CompiledRule[], levels: Readonly<Record<string, "must" | "should" | "info">>) =>
      judge(outcomesBundle, { rules, requirements: [requirement("NET-9")], profile: { levels } });
    const report = lower([one.fail(), one.pass()], { "NET-9": "info" });
    for (const language of ["en", "ja"] as const) {
      expect(report.limits.map((text) => text[language]).join("\n")).toContain("NET-9 (must → info)");
      expect(report.requirements[0]?.note?.[language]).toContain("must → info");
      expect(report.requirements[0]?.note?.[language]).toContain("fails-must");
      expect(report.requirements[0]?.note?.[language]).not.toContain("passes-must");
    }
    expect(report.findings[0]?.observed.en).toBe("Not met; the profile makes it information: m");
    const advised = lower([one.fail()], { "NET-9": "should" });
    expect(advised.limits.map(({ en }) => en).join("\n")).toContain("NET-9 (must → should)");
    expect(advised).toMatchObject({ verdict: { status: "passed" }, findings: [{ outcome: "fail" }] });
    const same = lower([one.fail()], { "NET-9": "must" });
    expect(same.limits.map(({ en }) => en).join("\n")).not.toContain("asks less");
    expect(same.requirements[0]?.note).toBeUndefined();
  });

  test("what a rule that only informs finds is a remark, said as it is", () => {
    const report = judge(outcomesBundle, { rules: [one.fail("info")], requirements: [requirement("NET-9", "info")] });
    expect(report.findings[0]).toMatchObject({ outcome: "informational", occurrences: [], observed: { en: "m" } });
    expect(report.findings[0]?.remarks).toMatchObject([{ message: { en: "m" } }]);
    expect(report.requirements[0]?.note?.en).toBe("Not met, though not counted at this level: fails-info.");
    const met = judge(outcomesBundle, { rules: [one.pass("info")], requirements: [requirement("NET-9", "info")] });
    expect(met.findings[0]).not.toHaveProperty("remarks");
    expect(met.requirements[0]?.note).toBeUndefined();
  });
});

describe("the verdict looks at must alone", () => {
  test.each<readonly [string, readonly CompiledRule[], "must" | "should", string, number, RegExp]>([
    ["a failing must", [one.fail()], "must", "blocked", 1, /^Blocked: 1 must-requirement fails\.$/],
    ["an unknown must", [one.unknown()], "must", "undecided", 2, /^Undecided: 1 must-requirement could not be decided/],
    ["an unchecked must", [one.notchecked()], "must", "undecided", 2, /not checked 1/],
    ["an error in a must", [one.error()], "must", "undecided", 2, /error 1/],
    ["a met must", [one.pass()], "must", "passed", 0, /^Passed: within what was examined, all 1 /],
    ["a failing should", [one.fail("should")], "should", "passed", 0, /1 should-requirement is not met/],
    ["an unknown should", [one.unknown()], "should", "passed", 0, /^Passed/],
  ])("%s", (_name, rules, level, status, exitCode, reason) => {
    const { verdict, summary } = judge(outcomesBundle, { rules, requirements: [requirement("NET-9", level)] });
    expect(verdict).toMatchObject({ status, exitCode });
    expect(verdict.reason.en).toMatch(reason);
    expect(verdict.reason.ja).not.toMatch(/問題なし|安全です|undefined|NaN/);
    expect(Object.values(summary[level]).reduce((a, b) => a + b)).toBe(1);
  });

  test("coverage counts what asks something and applies", () => {
    const requirements = [
      requirement("NET-9"),
      requirement("NET-2", "should"),
      requirement("PAT-1", "info"),
      requirement("LOG-1"),
    ];
    const report = judge(outcomesBundle, {
      rules: [one.pass(), rule("x", { requirement: "NET-2", when: "false", lines: [["true", "m"]] })],
      requirements,
    });
    expect(report.summary.coverage).toEqual({ decided: 1, inScope: 2 });
  });
});

test("a fault in judging one rule leaves the others alone", () => {
  const sound = one.pass();
  // An operator no parser makes stands for a fault of ours.
  const node = { op: "compare", by: "==", left: sound.expect[0]?.that.node, right: undefined } as unknown as Node;
  const expectation = { that: { source: "", reads: [], node }, else: { en: "m", ja: "m" } };
  const broken: CompiledRule = { ...sound, rule: { ...sound.rule, id: "broken" }, expect: [expectation] };
  const report = judge(outcomesBundle, { rules: [broken, sound], requirements: [requirement("NET-9")] });
  expect(report.findings).toMatchObject([{ rule: "broken", outcome: "error" }, { outcome: "pass" }]);
  expect(report.findings[0]?.observed.en).toMatch(/^Judging failed: /);
  expect(report.requirements).toMatchObject([{ outcome: "error" }]);
});
