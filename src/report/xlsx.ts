import { unzipSync, zipSync } from "fflate";
import writeExcelFile from "write-excel-file/node";
import type { Level } from "#model/outcome.ts";
import type { Report } from "#model/report.ts";
import type { Locale } from "#model/text.ts";
import { sayIn } from "./say.ts";
import { resultTable, sectionName, type Table, tableOf } from "./table.ts";
import {
  levelNames,
  levelOrder,
  outcomeNames,
  outcomeOrder,
  reasonOf,
  statusNames,
  verdictNames,
  waiverStateNames,
} from "./terms.ts";
import { jst } from "./times.ts";
import { waiversInOrder } from "./view-waivers.ts";

interface Sheet extends Table {
  readonly name: string;
  /** Widths of the columns in characters. */
  readonly widths: readonly number[];
}

/**
 * The report as a workbook (ECMA-376): summary, findings, requirements, attempts, waivers and limits. Every cell is text, so none is ever
 * taken for a formula. The same report gives the same bytes: the times within the archive are fixed.
 */
export async function renderXlsx(report: Report, locale: Locale): Promise<Uint8Array> {
  const sheets = [
    summarySheet(report, locale),
    { name: sayIn(locale, "sheetFindings"), widths: findingWidths, ...resultTable(report, locale) },
    requirementSheet(report, locale),
    attemptSheet(report, locale),
    waiverSheet(report, locale),
    limitSheet(report, locale),
  ];
  const written = writeExcelFile(
    sheets.map(({ name, head, rows, widths }) => ({
      data: [head.map(headCell), ...rows.map((row) => row.map(textCell))],
      sheet: name,
      columns: widths.map((width) => ({ width })),
      stickyRowsCount: 1,
    })),
  );
  return withFixedTimes(await written.toBuffer());
}

const findingWidths = [14, 22, 24, 12, 8, 26, 12, 8, 40, 28, 60, 40, 60, 40, 30, 24, 34];

function headCell(value: string) {
  return { value, type: String, fontWeight: "bold" as const, backgroundColor: "#e8eaed", wrap: true };
}

function textCell(text: string) {
  // The library looks strings up as names of a plain object, where it would find what every object inherits.
  const value = text in Object.prototype ? `${text} ` : text;
  return value === "" ? null : { value, type: String, wrap: true, alignVertical: "top" as const };
}

/** The archive's files have the earliest time that ZIP can say, in whatever time zone this runs. */
function withFixedTimes(archive: Uint8Array): Uint8Array {
  return zipSync(unzipSync(archive), { mtime: new Date(1980, 0, 1), level: 6 });
}

function summarySheet(report: Report, locale: Locale): Sheet {
  const { verdict, target, collection, profile, summary } = report;
  const facts: (readonly [string, string])[] = [
    [sayIn(locale, "verdict"), verdictNames[verdict.status][locale]],
    [sayIn(locale, "reason"), reasonOf(verdict)[locale]],
    [sayIn(locale, "target"), [target.id, ...target.addresses].join("  ")],
    [sayIn(locale, "collected"), jst(collection.startedAt)],
    [sayIn(locale, "evaluated"), jst(report.evaluatedAt)],
    [sayIn(locale, "profile"), `${profile.title[locale]} (${profile.id})`],
    [sayIn(locale, "coverage"), sayIn(locale, "coverageValue", { ...summary.coverage })],
    ...levelOrder.map((level) => [levelNames[level][locale], tally(report, level, locale)] as const),
    [sayIn(locale, "reportId"), report.id],
    [sayIn(locale, "rulesDigest"), report.rulesDigest],
    [sayIn(locale, "bundleDigest"), collection.bundleDigest],
    [sayIn(locale, "note"), sayIn(locale, "advisory")],
  ];
  const head = ["sekisho", report.tool.version];
  return { name: sayIn(locale, "sheetSummary"), widths: [24, 100], ...tableOf(head, facts) };
}

function tally({ summary }: Report, level: Level, locale: Locale): string {
  const parts = outcomeOrder
    .filter((outcome) => summary[level][outcome] > 0)
    .map((outcome) => `${outcomeNames[outcome][locale]} ${summary[level][outcome]}`);
  const { waived = 0 } = summary[level];
  if (waived > 0) parts.push(`${sayIn(locale, "waivedFail")} ${waived}`);
  return parts.length > 0 ? parts.join(", ") : sayIn(locale, "none");
}

function requirementSheet({ requirements, sections }: Report, locale: Locale): Sheet {
  const head = (["section", "requirement", "level", "asked", "outcome", "rule", "note"] as const).map((key) =>
    sayIn(locale, key),
  );
  const rows = requirements.map(({ id, section, level, title, outcome, waived, rules, note }) => [
    sectionName(section, sections, locale),
    id,
    levelNames[level][locale],
    title[locale],
    waived ? sayIn(locale, "waivedFail") : outcomeNames[outcome][locale],
    rules.join(", "),
    note?.[locale] ?? "",
  ]);
  const widths = [24, 12, 8, 60, 14, 40, 60];
  return { name: sayIn(locale, "sheetRequirements"), widths, ...tableOf(head, rows) };
}

function attemptSheet({ attempts }: Report, locale: Locale): Sheet {
  const head = (["evidence", "status", "detail", "methodOf", "started", "took", "digest"] as const).map((key) =>
    sayIn(locale, key),
  );
  const rows = attempts.map(({ id, status, detail = "", method, startedAt, durationMs, digest = "" }) => [
    id,
    statusNames[status][locale],
    detail,
    method,
    startedAt,
    `${durationMs} ms`,
    digest,
  ]);
  const widths = [30, 14, 60, 60, 26, 12, 66];
  return { name: sayIn(locale, "sheetEvidence"), widths, ...tableOf(head, rows) };
}

function waiverSheet(report: Report, locale: Locale): Sheet {
  const keys = ["rule", "waiverSubjects", "status", "waiverAccepts", "waiverBy", "waiverReason", "waiverTerm"] as const;
  const rows = waiversInOrder(report).map(({ rule, subjects, state, accepts, by, reason, from, until }) => [
    rule,
    subjects?.join(", ") ?? sayIn(locale, "waiverAll"),
    waiverStateNames[state][locale],
    String(accepts),
    by,
    reason,
    `${from} – ${until}`,
  ]);
  const head = keys.map((key) => sayIn(locale, key));
  const widths = [30, 40, 24, 12, 30, 60, 26];
  return { name: sayIn(locale, "waiver"), widths, ...tableOf(head, rows) };
}

function limitSheet({ limits }: Report, locale: Locale): Sheet {
  const name = sayIn(locale, "sheetLimits");
  const rows = limits.map((limit) => [limit[locale]]);
  return { name, widths: [120], ...tableOf([name], rows) };
}
