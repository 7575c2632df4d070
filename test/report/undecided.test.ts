import { describe, expect, it } from "vitest";
import type { Finding, Report } from "#model/report.ts";
import { openCauses, undecidedGroups, unruled } from "#report/undecided.ts";
import { blocked, passed, undecided } from "./samples.ts";

const text = (en: string) => ({ en, ja: en });

function withGaps(remedies: readonly (readonly (string | null)[])[]): Report {
  const [base] = blocked.findings;
  if (base === undefined) throw new Error("the sample has findings");
  const findings = remedies.map(
    (steps, index): Finding => ({
      ...base,
      rule: `rule-${index}`,
      requirement: `REQ-${index}`,
      outcome: "unknown",
      gaps: steps.map((step) => ({
        path: "host.sshd",
        reason: text(`reason ${index}`),
        ...(step === null ? {} : { remedy: text(step) }),
      })),
    }),
  );
  return { ...blocked, findings };
}

describe("undecided findings", () => {
  const cases: readonly (readonly [string, readonly (readonly (string | null)[])[], readonly string[][]])[] = [
    ["share a group where the same step decides them", [["a"], ["a"]], [["REQ-0", "REQ-1"]]],
    ["are apart where the steps differ", [["a"], ["b"]], [["REQ-0"], ["REQ-1"]]],
    [
      "share a group whatever the order of the steps",
      [
        ["a", "b"],
        ["b", "a"],
      ],
      [["REQ-0", "REQ-1"]],
    ],
    ["are apart where one needs a step more", [["a"], ["a", "b"]], [["REQ-0"], ["REQ-1"]]],
    ["without a step are grouped by reason", [[null], [null]], [["REQ-0"], ["REQ-1"]]],
    ["of the bigger group come first", [["a"], ["b"], ["b"]], [["REQ-1", "REQ-2"], ["REQ-0"]]],
  ];
  for (const [name, remedies, groups] of cases) {
    it(name, () => expect(undecidedGroups(withGaps(remedies)).map(({ requirements }) => requirements)).toEqual(groups));
  }

  it("of our own fault stand apart", () => {
    const [group, ...rest] = undecidedGroups(undecided).filter(({ kind }) => kind === "error");
    expect(rest).toEqual([]);
    expect(group?.requirements).toEqual(["OPS-3"]);
  });

  it("are none where all is decided", () => expect(undecidedGroups(passed)).toEqual([]));
});

describe("causes", () => {
  it.each([
    ["blocked", blocked],
    ["undecided", undecided],
    ["passed", passed],
  ])("of %s add up to what is not covered", (_, report) => {
    const { inScope, decided } = report.summary.coverage;
    const causes = openCauses(report, undecidedGroups(report));
    expect(causes.reduce((sum, { count }) => sum + count, 0)).toBe(inScope - decided);
  });
});

describe("requirements without a rule", () => {
  it("are all listed", () => {
    expect(unruled(blocked).map(({ id }) => id)).toEqual(
      blocked.requirements.filter(({ rules }) => rules.length === 0).map(({ id }) => id),
    );
    expect(unruled(passed)).toEqual([]);
    const [requirement] = passed.requirements;
    if (requirement === undefined) throw new Error("the sample has requirements");
    const left = { ...requirement, outcome: "notchecked" as const };
    const others = passed.requirements.filter(({ id }) => id !== left.id);
    expect(unruled({ ...passed, requirements: [left, ...others] })).toEqual([left]);
  });
});
