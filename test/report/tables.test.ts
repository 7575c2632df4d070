import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { strFromU8, unzipSync } from "fflate";
import readExcelFile from "read-excel-file/node";
import { describe, expect, test } from "vitest";
import type { Report } from "#model/report.ts";
import { resultsOf } from "#report/results.ts";
import { hostile, poison, poisons } from "./hostile.ts";
import { bytesOf, hidden, textOf } from "./rendered.ts";
import { blocked, passed, undecided } from "./samples.ts";
import { withWaiver } from "./waived.ts";

const formulas = ["=cmd|'/C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", " =1", "\u200b=1"];
const startsFormula = /^[=+\-@\t\r＝＋－＠]/;

async function rowsOf(report: Report, locale: "ja" | "en" = "en"): Promise<string[][]> {
  return parse(await textOf(report, "csv", locale), { bom: true, record_delimiter: "\r\n" });
}

describe("CSV", () => {
  test("is what is expected", async () => {
    await expect(await textOf(blocked, "csv", "ja")).toMatchFileSnapshot("../goldens/report/blocked.ja.csv");
  });

  test("begins with a byte order mark and ends each line with CRLF", async () => {
    const bytes = await bytesOf(blocked, "csv", "ja");
    expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    expect(bytes.toString("utf8").replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
  });

  test.each([
    ["blocked", blocked],
    ["undecided", undecided],
    ["passed", passed],
    ["waived", withWaiver()],
  ])("has a row for every result of %s, and says pass of none that did not", async (_, report) => {
    const [head = [], ...rows] = await rowsOf(report);
    const results = resultsOf(report);
    expect(rows).toHaveLength(results.length);
    const outcome = head.indexOf("Outcome");
    const passing = rows.filter((row) => row[outcome] === "Pass");
    expect(passing).toHaveLength(results.filter((each) => each.outcome === "pass").length);
    for (const { id, rules } of report.requirements) {
      if (rules.length === 0) expect(rows.some((row) => row.includes(id))).toBe(true);
    }
  });

  test("lets no cell be taken for a formula, and no cell break its row", async () => {
    const text = fc.oneof(fc.constantFrom(...poisons, ...formulas), fc.string({ unit: "binary", maxLength: 60 }));
    await fc.assert(
      fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 20 }), async (texts) => {
        let index = 0;
        const rows = await rowsOf(poison(blocked, () => texts[index++ % texts.length] ?? ""));
        for (const row of rows) {
          expect(row).toHaveLength(17);
          for (const cell of row) {
            expect(cell).not.toMatch(startsFormula);
            expect(cell).not.toMatch(hidden);
          }
        }
      }),
      { numRuns: 10 },
    );
  });
});

describe("XLSX", () => {
  test("is read back with every result and requirement in it", async () => {
    const sheets = await readExcelFile(await bytesOf(blocked, "xlsx"));
    const named = new Map(sheets.map(({ sheet, data }) => [sheet, data]));
    expect([...named.keys()]).toEqual(["Summary", "Findings", "Requirements", "Evidence", "Waiver", "Limits"]);
    expect(named.get("Findings")).toHaveLength(resultsOf(blocked).length + 1);
    expect(named.get("Requirements")).toHaveLength(blocked.requirements.length + 1);
    expect(named.get("Summary")?.[1]).toEqual(["Verdict", "Blocked"]);
  });

  test("holds the same cells as the CSV", async () => {
    const sheets = await readExcelFile(await bytesOf(undecided, "xlsx", "ja"));
    const findings = sheets.find(({ sheet }) => sheet === "検査結果")?.data ?? [];
    expect(findings.map((row) => row.map((cell) => cell ?? ""))).toEqual(await rowsOf(undecided, "ja"));
  });

  test("holds text only, whatever a report holds", async () => {
    let index = 0;
    const strings = [...poisons, ...formulas];
    for (const report of [hostile, poison(blocked, () => strings[index++ % strings.length] ?? "")]) {
      const files = unzipSync(await bytesOf(report, "xlsx"));
      const sheets = Object.entries(files).filter(([name]) => /^xl\/(worksheets|sharedStrings)/.test(name));
      expect(sheets.length).toBeGreaterThan(6);
      for (const [name, bytes] of sheets) {
        const xml = strFromU8(bytes);
        expect(xml).not.toMatch(/<f[ >]/);
        expect(xml).not.toMatch(hidden);
        if (name.startsWith("xl/worksheets/sheet")) expect(xml).not.toMatch(/<c [^>]*t="(?!s"|inlineStr"|str")/);
      }
      expect((await readExcelFile(await bytesOf(report, "xlsx"))).length).toBe(6);
    }
  });
});
