import { describe, expect, test } from "vitest";
import { adoptFailures } from "#engine/baseline.ts";
import { type Audit, audited, waiver } from "./audited.ts";

const adoption = { by: "Hanako Sato (CISO)", reason: "Replaced in March.", from: "2026-11-22", until: "2027-03-31" };
const adopted = (audit: Audit) => adoptFailures(audited(audit), adoption);
const many = Array.from({ length: 250 }, (_, index) => 1000 + index);

describe("what is adopted", () => {
  test.each<[string, Audit, (readonly [string, number])[]]>([
    ["nothing", {}, []],
    [
      "a must and a should",
      { ports: [3306, 6379], cores: 2 },
      [
        ["ports", 2],
        ["cores", 1],
      ],
    ],
    ["nothing that is waived", { ports: [3306], waivers: [waiver] }, []],
    ["nothing that is not known", { ports: undefined, cores: undefined }, []],
    [
      "what is more than one waiver may name",
      { ports: many },
      [
        ["ports", 100],
        ["ports", 100],
        ["ports", 50],
      ],
    ],
  ])("%s", (_, audit, expected) => {
    const { waivers, accepts } = adopted(audit);
    expect(waivers.map(({ rule, subjects = [] }) => [rule, subjects.length])).toEqual(expected);
    expect(accepts).toBe(expected.reduce((sum, [, count]) => sum + count, 0));
    for (const each of waivers) expect(each).toMatchObject(adoption);
  });

  test.each<[Audit, string]>([
    [{ ports: [3306], os: "debian" }, "passed"],
    [{ ports: many }, "passed"],
    [{ ports: [3306], partial: true }, "blocked"],
    [{ ports: [3306], os: "" }, "undecided"],
  ])("judged again with it, %j is %s", (audit, verdict) => {
    const { waivers } = adopted(audit);
    expect(audited({ ...audit, waivers }).verdict.status).toBe(verdict);
  });

  test("does not cover what fails tomorrow", () => {
    const { waivers } = adopted({ ports: [3306] });
    expect(audited({ ports: [3306, 6379], waivers }).verdict.status).toBe("blocked");
    expect(audited({ ports: [6379], waivers }).verdict.status).toBe("blocked");
  });

  test("says what goes on blocking and what nobody can accept", () => {
    expect(adopted({ ports: [3306], partial: true, os: "" })).toMatchObject({
      stillBlocking: ["ports"],
      undecided: ["PAT-3"],
    });
  });
});
