import type { Outcome, Verdict } from "#model/outcome.ts";
import type { Finding, Report } from "#model/report.ts";
import type { Locale, Text } from "#model/text.ts";
import { sayIn } from "./say.ts";
import {
  levelNames,
  outcomeNames,
  outcomeOrder,
  outcomeSigns,
  reasonOf,
  severityNames,
  statementStateNames,
  verdictNames,
  waiverStateNames,
} from "./terms.ts";
import { jst } from "./times.ts";
import { type UndecidedGroup, undecidedGroups, unruled } from "./undecided.ts";
import { blocks, namesSubject, worstFirst } from "./view-findings.ts";
import { markOf, statementsInOrder } from "./view-statements.ts";
import { markOfWaiver, waiversInOrder } from "./view-waivers.ts";
import { cut, visible } from "./visible.ts";
import { widthOf, wrap } from "./wrap.ts";

/** How the summary is to come out. `columns` is the terminal's width. */
export interface SummaryOptions {
  readonly locale: Locale;
  readonly columns: number;
  readonly color: boolean;
}

/** How many of each kind are listed; the rest is in the report. */
const shown = { occurrences: 5, groups: 5, advised: 5, statements: 8, text: 500 };

type Paint = "strong" | "dim" | Outcome;

/**
 * The report in short, for a terminal: verdict, numbers, what blocks and how to mend it, what is undecided and what would decide it.
 * No line is wider than `columns` (20 at least). Nothing from the target reaches the terminal as a control character.
 */
export function renderSummary(report: Report, options: SummaryOptions): string {
  const page = sheet(options);
  head(report, page);
  blockers(report, page);
  advised(report, page);
  undecided(report, page);
  statements(report, page);
  waivers(report, page);
  page.blank();
  page.line(sayIn(options.locale, "advisoryShort"), { paint: "dim" });
  return page.text();
}

/** Lines as they are put down. */
interface Sheet {
  readonly locale: Locale;
  /** Writes text, wrapped; the first line begins with `lead`, the others are indented to match. */
  readonly line: (
    text: string,
    style?: { readonly lead?: string; readonly paint?: Paint; readonly leadPaint?: Paint },
  ) => void;
  readonly blank: () => void;
  readonly text: () => string;
}

function sheet({ locale, columns, color }: SummaryOptions): Sheet {
  const width = Math.max(20, columns);
  const lines: string[] = [];
  const paint = (text: string, by: Paint | undefined) =>
    color && by !== undefined && text !== "" ? `${sgr[by]}${text}\u001b[0m` : text;
  return {
    locale,
    line(text, { lead = "", paint: by, leadPaint } = {}) {
      const indent = Math.min(widthOf(lead), width - 10);
      const [first = "", ...rest] = wrap(safe(text), width - widthOf(lead));
      lines.push(paint(lead, leadPaint) + paint(first, by));
      for (const other of rest) lines.push(" ".repeat(indent) + paint(other, by));
    },
    blank() {
      lines.push("");
    },
    text: () => `${lines.join("\n")}\n`,
  };
}

/** Text that a terminal only shows: cut where it is long, unseen characters written out. */
function safe(text: string): string {
  const { text: head, whole } = cut(text, shown.text, 8);
  return visible(head) + (whole === null ? "" : ` ... (${whole.length})`);
}

/** SGR sequences (ECMA-48) of the colours used. */
const sgr: Record<Paint, string> = {
  strong: "\u001b[1m",
  dim: "\u001b[2m",
  pass: "\u001b[32m",
  fail: "\u001b[31m",
  unknown: "\u001b[33m",
  notchecked: "\u001b[33m",
  notapplicable: "\u001b[2m",
  informational: "\u001b[34m",
  error: "\u001b[35m",
};

const verdictPaints: Record<Verdict, Outcome> = { blocked: "fail", undecided: "unknown", passed: "pass" };

function head(report: Report, page: Sheet): void {
  const { locale } = page;
  const mark = verdictPaints[report.verdict.status];
  const name = `${sayIn(locale, "verdict")} ${verdictNames[report.verdict.status][locale]}`;
  page.line(`${name}: ${reasonOf(report.verdict)[locale]}`, {
    lead: `${outcomeSigns[mark]} `,
    paint: mark,
    leadPaint: mark,
  });
  page.blank();
  const facts: readonly (readonly [string, string])[] = [
    [sayIn(locale, "target"), [report.target.id, ...report.target.addresses].join("  ")],
    [sayIn(locale, "collected"), jst(report.collection.startedAt)],
    [sayIn(locale, "profile"), `${report.profile.title[locale]} (${report.profile.id})`],
    [sayIn(locale, "coverage"), sayIn(locale, "coverageValue", { ...report.summary.coverage })],
    [levelNames.must[locale], tally(report, "must", locale)],
    [levelNames.should[locale], tally(report, "should", locale)],
    [sayIn(locale, "reportId"), report.id],
  ];
  const label = Math.max(...facts.map(([name]) => widthOf(name)));
  for (const [name, value] of facts) {
    page.line(value, { lead: `  ${name}${" ".repeat(label - widthOf(name))}  `, leadPaint: "dim" });
  }
}

function tally({ summary }: Report, level: "must" | "should", locale: Locale): string {
  const parts = outcomeOrder
    .filter((outcome) => summary[level][outcome] > 0)
    .map((outcome) => `${outcomeSigns[outcome]} ${outcomeNames[outcome][locale]} ${summary[level][outcome]}`);
  const { waived = 0 } = summary[level];
  if (waived > 0) parts.push(`${outcomeSigns.fail} ${sayIn(locale, "waivedFail")} ${waived}`);
  return parts.length > 0 ? parts.join("  ") : sayIn(locale, "none");
}

function blockers(report: Report, page: Sheet): void {
  const found = worstFirst(report.findings.filter(blocks));
  if (found.length === 0) return;
  title(`${sayIn(page.locale, "blocksTitle")} (${found.length})`, page);
  for (const finding of found) failure(finding, report, page);
}

function advised(report: Report, page: Sheet): void {
  const found = worstFirst(
    report.findings.filter((finding) => finding.outcome === "fail" && !finding.waived && !blocks(finding)),
  );
  if (found.length === 0) return;
  title(`${sayIn(page.locale, "shouldFails")} (${found.length})`, page);
  for (const finding of found.slice(0, shown.advised)) {
    page.line(`${finding.observed[page.locale]}  ${finding.requirement}`, { lead: "  ✕ ", leadPaint: "fail" });
  }
  more(found.length - shown.advised, page);
}

function failure(finding: Finding, report: Report, page: Sheet): void {
  const { locale } = page;
  const facts = `${finding.requirement}  ${sayIn(locale, "severity")} ${severityNames[finding.severity][locale]}`;
  page.line(`${finding.title[locale]}`, { lead: "✕ ", paint: "strong", leadPaint: "fail" });
  page.line(facts, { lead: "  ", paint: "dim" });
  for (const { subject, message } of finding.occurrences.slice(0, shown.occurrences)) {
    const where = namesSubject(message, subject, report) ? "" : `${subject}  `;
    page.line(`${where}${message[locale]}`, { lead: "  - " });
  }
  if (finding.occurrences.length === 0) page.line(finding.observed[locale], { lead: "  - " });
  more(finding.occurrences.length - shown.occurrences, page);
  page.line(finding.fix[locale], { lead: `  ${sayIn(locale, "fix")}: `, leadPaint: "dim" });
  for (const command of finding.fix.commands) page.line(command, { lead: "    $ ", leadPaint: "dim" });
}

function undecided(report: Report, page: Sheet): void {
  const groups = undecidedGroups(report);
  const open = unruled(report);
  if (groups.length + open.length === 0) return;
  title(sayIn(page.locale, "undecidedTitle"), page);
  for (const group of groups.slice(0, shown.groups)) step(group, page);
  more(groups.length - shown.groups, page);
  if (open.length > 0) {
    page.line(`${sayIn(page.locale, "noRuleShort")}: ${open.map(({ id }) => id).join(" ")}`, {
      lead: "- ",
      leadPaint: "notchecked",
    });
  }
}

function step(group: UndecidedGroup, page: Sheet): void {
  const { locale } = page;
  const leads = { steps: "groupCount", reasons: "groupNoStep", error: "groupError" } as const;
  const lead = sayIn(locale, leads[group.kind], { count: group.requirements.length });
  page.line(`${lead} ${group.requirements.join(" ")}`, { lead: "? ", leadPaint: "unknown" });
  const texts: readonly Text[] = group.kind === "steps" ? group.steps : group.reasons.slice(0, 3);
  for (const text of texts) page.line(text[locale], { lead: "  - " });
}

function statements(report: Report, page: Sheet): void {
  const { locale } = page;
  const list = statementsInOrder(report);
  if (list.length === 0) return;
  title(sayIn(locale, "statementsTitle"), page);
  for (const statement of list.slice(0, shown.statements)) {
    const { requirement, holds, by, on, countsUntil, state, reason } = statement;
    const mark = markOf(statement);
    const denied = holds ? "" : ` (${sayIn(locale, "statedNot")})`;
    page.line(`${requirement}${denied}: ${statementStateNames[state][locale]}`, {
      lead: `${outcomeSigns[mark]} `,
      leadPaint: mark,
    });
    page.line(sayIn(locale, "statementLine", { by: by.name, role: by.role, on, until: countsUntil }), { lead: "  - " });
    if (reason !== undefined) page.line(reason[locale], { lead: "  - " });
  }
  more(list.length - shown.statements, page);
}

function waivers(report: Report, page: Sheet): void {
  const { locale } = page;
  const list = waiversInOrder(report);
  if (list.length === 0) return;
  title(sayIn(locale, "waiversTitle"), page);
  for (const waiver of list.slice(0, shown.statements)) {
    const { rule, subjects = [], reason, by, until } = waiver;
    const mark = markOfWaiver(waiver);
    page.line(`${[rule, ...subjects].join("  ")}: ${waiverStateNames[waiver.state][locale]}`, {
      lead: `${outcomeSigns[mark]} `,
      leadPaint: mark,
    });
    page.line(sayIn(locale, "waiverLine", { until, by, reason }), { lead: "  - " });
  }
  more(list.length - shown.statements, page);
}

function title(text: string, page: Sheet): void {
  page.blank();
  page.line(text, { paint: "strong" });
}

function more(count: number, page: Sheet): void {
  if (count > 0) page.line(sayIn(page.locale, "andMore", { count }), { lead: "  - ", paint: "dim" });
}
