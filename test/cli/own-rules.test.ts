import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readReport } from "#audit/bundle-file.ts";
import { observed } from "#model/attempt.ts";
import { bundle, look, vantage } from "../engine/bundles.ts";
import { scratch, sekisho } from "./run.ts";

const example = join(import.meta.dirname, "..", "..", "docs", "examples", "own-rules");

function copy(): string {
  const folder = join(scratch(), "rules");
  cpSync(example, folder, { recursive: true });
  return folder;
}

describe("rules test", () => {
  test("holds the example to its fixtures", async () => {
    const { code, stdout } = await sekisho(["rules", "test", example]);
    expect([code, stdout]).toEqual([0, "2 rules: 16 tests passed, 0 failed\n"]);
  });

  test("names what does not hold, by rule and fixture", async () => {
    const folder = copy();
    const own = join(folder, "fixtures", "clock-source");
    writeFileSync(join(own, "pass.yaml"), "expect: pass\nfacts: { host: { clock: { synchronized: false } } }\n");
    writeFileSync(
      join(own, "fail.yaml"),
      "expect: fail\nsubjects: [elsewhere]\nfacts: { host: { clock: { synchronized: false } } }\n",
    );
    writeFileSync(join(own, "missing.yaml"), "expect: unknown\nfacts: { host: { clock: {}, cpu: { cores: 2 } } }\n");
    rmSync(join(folder, "fixtures", "strict-transport-security", "fail.yaml"));
    const { code, stdout, stderr } = await sekisho(["rules", "test", folder]);
    expect(code).toBe(1);
    expect(stderr).toContain("clock-source: pass: comes out as fail, not pass");
    expect(stderr).toContain("clock-source: fail: finds [");
    expect(stderr).toContain("clock-source: missing: the rule does not read host.cpu.cores");
    expect(stderr).toContain("strict-transport-security: fixtures: there is no fail.yaml");
    expect(stdout).toMatch(/, 4 failed\n$/);
  });

  test.each([
    [
      "a rule that passes because something was not seen",
      "host.clock.synchronized || !has(host.clock.source)",
      /company\/clock-source\.yaml|knowing less/,
    ],
    ["an expression with a mistake", "host.clock.synchronised", /clock-source\.yaml:\d+:\d+/],
  ])("refuses %s", async (_what, that, message) => {
    const folder = copy();
    const file = join(folder, "company", "clock-source.yaml");
    writeFileSync(file, readFileSync(file, "utf8").replace("that: host.clock.synchronized", `that: ${that}`));
    const { code, stderr } = await sekisho(["rules", "test", folder]);
    expect(code).not.toBe(0);
    expect(stderr).toMatch(message);
  });

  test("a folder without a rule is told", async () => {
    const { code, stderr } = await sekisho(["rules", "test", scratch()]);
    expect(code).toBe(64);
    expect(stderr).toMatch(/no rule in/);
  });
});

describe("evaluate --rules", () => {
  async function judge(synchronized: boolean, flags: readonly string[]) {
    const folder = scratch();
    const seen = bundle({
      vantages: [vantage("host", "inside")],
      evidence: [
        look(
          "host",
          "clock",
          observed({
            timezone: "Asia/Tokyo",
            timezoneFile: "Asia/Tokyo",
            utcOffsetMinutes: 540,
            epochMs: 1_800_000_000_000,
            offsetMs: 0,
            synchronized,
            source: "chrony",
          }),
        ),
      ],
    });
    writeFileSync(join(folder, "evidence.json"), JSON.stringify(seen));
    const ended = await sekisho(["evaluate", join(folder, "evidence.json"), "--lang", "en", ...flags]);
    return { ...ended, report: readReport(join(folder, "report.json")) };
  }

  test.each([
    [true, "pass"],
    [false, "fail"],
  ])("judges by them: synchronized %s is a %s", async (synchronized, outcome) => {
    const { report } = await judge(synchronized, ["--rules", example]);
    expect(report.addedRules).toEqual(["strict-transport-security", "clock-source"]);
    expect(report.requirements.find(({ id }) => id === "ACM-1")?.outcome).toBe(outcome);
    expect(report.sections.at(-1)?.letter).toBe("Z");
  });

  test("without them nothing is said of them, and the rules' digest is another", async () => {
    const [without, withThem] = [await judge(true, []), await judge(true, ["--rules", example])];
    expect(without.report.addedRules).toBeUndefined();
    expect(without.report.rulesDigest).not.toBe(withThem.report.rulesDigest);
  });

  test.each([
    ["requirement", "ACM-1", "NET-1", /requirement NET-1 is there already/],
    ["section's letter", "letter: Z", "letter: C", /section C "company" is there already/],
  ])("a %s that the guide has is refused", async (_what, from, to, message) => {
    const folder = copy();
    const file = join(folder, "requirements.yaml");
    writeFileSync(file, readFileSync(file, "utf8").replace(from, to));
    const { code, stderr } = await sekisho(["rules", "list", "--rules", folder]);
    expect(code).toBe(64);
    expect(stderr).toMatch(message);
  });
});
