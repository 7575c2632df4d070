import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { readReport } from "#audit/bundle-file.ts";
import { parseConfig } from "#catalog/config.ts";
import { renderJson } from "#report/json.ts";
import { type Audit, audited } from "../engine/audited.ts";
import { scratch, sekisho } from "./run.ts";

const folder = scratch();

function fileOf(name: string, audit: Audit): string {
  const file = join(folder, `${name}.json`);
  writeFileSync(file, renderJson(audited(audit)));
  return file;
}

const collectedAt = new Date(Date.now() - 3_600_000).toISOString();
const good = fileOf("good", { collectedAt });
const bad = fileOf("bad", { ports: [22, 3306], cores: 2, collectedAt });
const blind = fileOf("blind", { ports: undefined, collectedAt });
const old = fileOf("old", {});
const other = fileOf("other", { target: "factory" });
const strange = join(folder, "strange.json");
writeFileSync(strange, readFileSync(good, "utf8").replace("sekisho.report/1", "sekisho.report/2"));

describe("gate", () => {
  test.concurrent.each<[number, string[], RegExp]>([
    [0, [good], /^office: passed \(exit 0\) Passed: within what was examined/],
    [1, [bad], /^office: blocked \(exit 1\) Blocked: 1 must-requirement fails/],
    [2, [blind], /^office: undecided \(exit 2\) Undecided: /],
    [0, [bad, "--fail-on", "new", "--baseline", bad], /Nothing of level must fails that did not in the baseline/],
    [1, [bad, "--fail-on", "new", "--baseline", good], /ports \(203\.0\.113\.5 3306\/tcp\)/],
    [1, [bad, "--fail-on", "regression", "--baseline", good], /3 fail|2 fail/],
    [2, [blind, "--fail-on", "regression", "--baseline", good], /no longer known/],
    [2, [good, "--baseline", other], /The targets are factory and office/],
    [0, [good, "--max-age", "7d"], /is 1 h old|is 2 h old|is 60 min old/],
    [2, [good, "--max-age", "30m"], /too old/],
    [2, [old, "--max-age", "1m"], /too old|not in the past/],
    [0, [good, "--require-coverage", "100%"], /passed/],
    [2, [blind, "--fail-on", "none", "--require-coverage", "90"], /2 of 3 requirements/],
    [0, [blind, "--fail-on", "none"], /passed/],
  ])("exits %i for %j", async (code, args, words) => {
    const ended = await sekisho(["gate", ...args]);
    expect([ended.code, ended.stderr]).toEqual([code, ""]);
    expect(ended.stdout).toMatch(words);
    expect(ended.stdout.trimEnd().split("\n")).toHaveLength(1);
  });

  test.concurrent.each<[string[], RegExp]>([
    [[good, "--fail-on", "new"], /--baseline FILE/],
    [[good, bad, "--baseline", good], /once for each report/],
    [[good, "--max-age", "soon"], /--max-age "soon"/],
    [[good, "--max-age", "0d"], /--max-age/],
    [[good, "--require-coverage", "101"], /--require-coverage/],
    [[good, "--require-coverage", "most"], /--require-coverage/],
    [[good, "--baseline", strange], /sekisho\.report\/2/],
    [[strange], /sekisho\.report\/2/],
    [[good, "--fail-on", "nothing"], /Allowed choices/],
  ])("exits 64 for %j", async (args, words) => {
    const ended = await sekisho(["gate", ...args]);
    expect([ended.code, ended.stdout]).toEqual([64, ""]);
    expect(ended.stderr).toMatch(words);
  });

  test("says the same as JSON, for several reports, and exits with the worst", async () => {
    const { code, stdout } = await sekisho(["gate", good, bad, blind, "--json"]);
    expect(code).toBe(1);
    const said = JSON.parse(stdout);
    expect(said).toMatchObject({ schema: "sekisho.gate/1", exitCode: 1, failOn: "must" });
    expect(said.reports.map((each: { status: string; exitCode: number }) => [each.status, each.exitCode])).toEqual([
      ["passed", 0],
      ["blocked", 1],
      ["undecided", 2],
    ]);
  });
});

describe("diff", () => {
  test("tells what changed, in the language asked for", async () => {
    const english = await sekisho(["diff", good, bad, "--lang", "en"]);
    expect([english.code, english.stderr]).toEqual([0, ""]);
    expect(english.stdout).toContain("Newly failing (2)");
    const japanese = await sekisho(["diff", good, bad, "--lang", "ja", "--markdown"]);
    expect(japanese.stdout).toContain("### 新たな不適合");
    const json = JSON.parse((await sekisho(["diff", bad, good, "--json"])).stdout);
    expect(json).toMatchObject({ schema: "sekisho.diff/1", target: "office" });
    expect(json.changes.map((each: { kind: string }) => each.kind)).toEqual(["fixed", "fixed"]);
  });

  test("says where it goes back in time", async () => {
    expect((await sekisho(["diff", old, fileOf("older", { collectedAt: "2025-01-01T00:00:00.000Z" })])).stderr).toMatch(
      /earlier evidence/,
    );
  });

  test("refuses reports that are not of one target", async () => {
    const { code, stdout, stderr } = await sekisho(["diff", good, other]);
    expect([code, stdout]).toEqual([64, ""]);
    expect(stderr).toContain("The targets are office and factory");
  });
});

describe("baseline", () => {
  const asked = ["--owner", "Hanako Sato (CISO)", "--reason", "Replaced: in March, #1"];
  const soon = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);

  test("prints waivers that sekisho.yaml takes, and says on stderr what they accept", async () => {
    const { code, stdout, stderr } = await sekisho(["baseline", bad, ...asked, "--until", soon]);
    expect(code).toBe(0);
    expect(stderr).toContain("Failures that these waivers accept until their last day: 2: ports (1), cores (1)");
    const { policy } = parse(stdout);
    const text = JSON.stringify({ version: 1, targets: [{ id: "office", host: "203.0.113.5" }], policy });
    const config = parseConfig(text, "sekisho.yaml", () => new Set(["ports", "cores"]));
    expect(config.policy?.waivers).toMatchObject([
      { rule: "ports", subjects: ["203.0.113.5 3306/tcp"], by: "Hanako Sato (CISO)", until: soon },
      { rule: "cores", subjects: ["office"], reason: "Replaced: in March, #1" },
    ]);
  });

  test("writes a new file and overwrites none", async () => {
    const out = join(scratch(), "waivers.yaml");
    const args = ["baseline", bad, ...asked, "--until", soon, "--out", out];
    expect((await sekisho(args)).code).toBe(0);
    expect(readFileSync(out, "utf8")).toContain("policy:");
    const again = await sekisho(args);
    expect([again.code, again.stderr]).toEqual([64, expect.stringContaining("not overwritten")]);
  });

  test("of a report without failures prints nothing", async () => {
    const { code, stdout, stderr } = await sekisho(["baseline", blind, ...asked, "--until", soon]);
    expect([code, stdout]).toEqual([0, ""]);
    expect(stderr).toMatch(/nothing to adopt[\s\S]*nothing that anybody could accept: NET-9/);
  });

  test.concurrent.each([
    [["--owner", "Hanako", "--reason", "x", "--until", soon], /--owner "Hanako"/],
    [["--owner", "Hanako (CISO)", "--reason", " ", "--until", soon], /--reason is empty/],
    [["--owner", "Hanako (CISO)", "--reason", "x", "--until", "soon"], /is not a day/],
    [["--owner", "Hanako (CISO)", "--reason", "x", "--until", "2020-01-01"], /has passed/],
    [["--owner", "Hanako (CISO)", "--reason", "x", "--until", "2099-01-01"], /more than a year/],
    [["--owner", "Hanako (CISO)", "--reason", "x"], /--until/],
    [["--reason", "x", "--until", soon], /--owner/],
  ])("is refused with %j", async (args, words) => {
    const { code, stdout, stderr } = await sekisho(["baseline", bad, ...args]);
    expect([code, stdout]).toEqual([64, ""]);
    expect(stderr).toMatch(words);
  });
});

describe("formats", () => {
  test("report writes each of them to a file or to stdout", async () => {
    const out = join(scratch(), "report.xlsx");
    expect((await sekisho(["report", bad, "--format", "xlsx", "--out", out])).code).toBe(0);
    expect(readFileSync(out).subarray(0, 2).toString()).toBe("PK");
    const { code, stdout } = await sekisho(["report", bad, "--format", "sarif"]);
    expect([code, JSON.parse(stdout).version]).toEqual([0, "2.1.0"]);
  });

  test("the reports of these tests are ones that sekisho reads", () => {
    for (const file of [good, bad, blind, old, other]) expect(readReport(file).schema).toBe("sekisho.report/1");
  });
});
