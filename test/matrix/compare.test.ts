import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  changes,
  compareBlinded,
  compareChanges,
  couldNotLook,
  deviations,
  type Outcomes,
} from "../lab/matrix/compare.ts";
import { healthy } from "./results.ts";

const outcome = fc.constantFrom("pass", "fail", "unknown", "notchecked", "notapplicable", "informational", "error");
const rule = fc.constantFrom("a", "b", "c", "d", "toString", "__proto__x");
const outcomes = fc.dictionary(rule, outcome, { noNullPrototype: true }) as fc.Arbitrary<Outcomes>;

describe("what a fault declares beside what happened", () => {
  it("is in order when exactly the declared rules moved to what was declared", () => {
    const after = { ...healthy, "open-port": "fail", "ssh-password-offer": "unknown" } as const;
    expect(compareChanges({ "open-port": "fail", "ssh-password-offer": "unknown" }, healthy, after)).toEqual({
      hits: [
        { rule: "open-port", from: "pass", to: "fail" },
        { rule: "ssh-password-offer", from: "pass", to: "unknown" },
      ],
      misses: [],
      falseAlarms: [],
    });
  });

  it("has a miss where a declared rule did not move", () => {
    const { hits, misses, falseAlarms } = compareChanges({ "open-port": "fail" }, healthy, healthy);
    expect(misses).toEqual([{ rule: "open-port", from: "pass", to: "pass", declared: "fail" }]);
    expect([hits, falseAlarms]).toEqual([[], []]);
  });

  it("has a false alarm where a rule moved that was not declared, to unknown as well", () => {
    for (const to of ["fail", "unknown", "notchecked", "notapplicable", "error"] as const) {
      const { misses, falseAlarms } = compareChanges({}, healthy, { ...healthy, "open-port": to });
      expect(falseAlarms).toEqual([{ rule: "open-port", from: "pass", to }]);
      expect(misses).toEqual([]);
    }
  });

  it("has both where a declared rule moved to something else", () => {
    const { hits, misses, falseAlarms } = compareChanges({ "open-port": "fail" }, healthy, {
      ...healthy,
      "open-port": "unknown",
    });
    expect(misses.map((miss) => miss.declared)).toEqual(["fail"]);
    expect(falseAlarms).toEqual([{ rule: "open-port", from: "pass", to: "unknown" }]);
    expect(hits).toEqual([]);
  });

  it.each([
    [{ "open-port": "fail" }, { "open-port": "unknown" }, true],
    [{}, { "open-port": "unknown" }, true],
    [{ "open-port": "fail" }, {}, false],
    [{}, { "open-port": "unknown", "ssh-password-offer": "fail" }, false],
    [{ "open-port": "unknown" }, { "open-port": "unknown" }, false],
  ] as const)("is looked at again only where nothing but not looking is wrong: %o, %o", (declared, after, again) => {
    expect(couldNotLook(compareChanges(declared, healthy, { ...healthy, ...after }))).toBe(again);
  });

  it("has a miss where the rule said so before it was broken", () => {
    const { misses } = compareChanges({ "ubuntu-release": "fail" }, healthy, healthy);
    expect(misses).toEqual([{ rule: "ubuntu-release", from: "fail", to: "fail", declared: "fail" }]);
  });

  it("sees a rule that is gone from the report, or new in it", () => {
    const { "open-port": _gone, ...rest } = healthy;
    expect(changes(healthy, rest)).toEqual([{ rule: "open-port", from: "pass", to: "missing" }]);
    expect(changes(rest, healthy)).toEqual([{ rule: "open-port", from: "missing", to: "pass" }]);
  });

  it("never lets a change go uncounted, and counts none twice", () => {
    fc.assert(
      fc.property(outcomes, outcomes, outcomes, (declared, before, after) => {
        const { hits, misses, falseAlarms } = compareChanges(declared, before, after);
        const moved = changes(before, after).map((change) => change.rule);
        expect([...hits, ...falseAlarms].map((change) => change.rule).sort()).toEqual(moved.toSorted());
        const declaredRules = [...hits, ...misses].map((change) => change.rule);
        expect(declaredRules.sort()).toEqual(Object.keys(declared).sort());
        for (const { rule: id, from, to } of hits) expect([from !== to, after[id]]).toEqual([true, declared[id]]);
      }),
    );
  });
});

describe("an untouched host beside its profile", () => {
  it("may have named rules fail, and others that pass, tell or do not apply", () => {
    expect(deviations({ fail: ["ubuntu-release"], unknown: [] }, healthy)).toEqual([]);
  });

  it("deviates where a named rule passes, is gone, or another does not pass", () => {
    const got = { ...healthy, "ubuntu-release": "pass", "open-port": "notchecked" } as const;
    expect(deviations({ fail: ["ubuntu-release", "oom-kill"] }, got)).toEqual([
      { rule: "oom-kill", expected: "fail", got: "missing" },
      { rule: "open-port", expected: "pass", got: "notchecked" },
      { rule: "ubuntu-release", expected: "fail", got: "pass" },
    ]);
  });
});

describe("a blinded audit beside one that saw", () => {
  it("lets rules fall silent", () => {
    const after = {
      ...healthy,
      "open-port": "unknown",
      "ubuntu-release": "notchecked",
      "vps-memory": "unknown",
    } as const;
    const { silenced, wrong } = compareBlinded({}, healthy, after);
    expect(silenced.map(({ rule: id }) => id)).toEqual(["open-port", "ubuntu-release", "vps-memory"]);
    expect(wrong).toEqual([]);
  });

  it("takes nothing for better than it was, and nothing for worse that was not declared", () => {
    const worse = {
      ...healthy,
      "ubuntu-release": "pass",
      "open-port": "notapplicable",
      "ssh-password-offer": "fail",
    } as const;
    const { wrong } = compareBlinded({ "ssh-password-offer": "fail" }, healthy, worse);
    expect(wrong).toEqual([
      { rule: "open-port", from: "pass", to: "notapplicable" },
      { rule: "ubuntu-release", from: "fail", to: "pass" },
    ]);
  });

  it("misses what was declared and did not come", () => {
    const { misses } = compareBlinded({ "open-port": "unknown" }, healthy, healthy);
    expect(misses.map(({ rule: id }) => id)).toEqual(["open-port"]);
  });

  it("never excuses a rule that became pass or does not apply", () => {
    fc.assert(
      fc.property(outcomes, outcomes, (before, after) => {
        const { silenced, wrong } = compareBlinded({}, before, after);
        const better = changes(before, after).filter(({ to }) => to === "pass" || to === "notapplicable");
        for (const change of better) expect(wrong).toContainEqual(change);
        for (const { to } of silenced) expect(["unknown", "notchecked"]).toContain(to);
      }),
    );
  });
});
