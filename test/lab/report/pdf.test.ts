import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { sekisho } from "../../cli/run.ts";
import { blocked } from "../../report/samples.ts";

const folder = mkdtempSync(join(tmpdir(), "sekisho-test-"));
const report = join(folder, "report.json");
writeFileSync(report, JSON.stringify(blocked));
afterAll(() => rmSync(folder, { recursive: true }));

const path = { PATH: process.env["PATH"] };

describe("a report printed to PDF", () => {
  test.each([
    ["ja", ["監査報告書", "通過不可", "通過を妨げている不適合", "助言型", "公開範囲の図", "203.0.113.5"]],
    ["en", ["audit report", "Blocked", "What blocks", "advisory audit", "Exposure map", "203.0.113.5"]],
  ] as const)("in %s holds the report's text on numbered pages of A4", async (lang, words) => {
    const file = join(folder, `${lang}.pdf`);
    const ended = await sekisho(["pdf", report, "--out", file, "--lang", lang], { environment: path });
    expect([ended.code, ended.stderr]).toEqual([0, expect.stringContaining(file)]);
    expect(readFileSync(file).toString("latin1")).toMatch(/\/MediaBox \[0 0 59[45](?:\.\d+)? 84[12](?:\.\d+)?\]/);
    const text = execFileSync("pdftotext", ["-layout", file, "-"], { encoding: "utf8" });
    const flat = text.replace(/\s+/g, "");
    for (const word of words) expect(flat).toContain(word.replace(/\s+/g, ""));
    const pages = text.split("\f").length - 1;
    expect(pages).toBeGreaterThan(3);
    expect(flat).toContain(`${pages}/${pages}`);
  });

  test("without a browser says what to install", async () => {
    const named = await sekisho(["pdf", report, "--browser", join(folder, "none")], { environment: path });
    expect([named.code, named.stderr]).toEqual([
      3,
      expect.stringMatching(/is no program that can be run[\s\S]*apt install chromium/),
    ]);
    const broken = await sekisho(["pdf", report, "--browser", "/bin/false"], { environment: path });
    expect([broken.code, broken.stderr]).toEqual([3, expect.stringMatching(/printed nothing/)]);
  });
});
