import type { Level } from "#model/outcome.ts";
import type { Finding, Report } from "#model/report.ts";
import type { Locale, Text } from "#model/text.ts";
import { codeBlock, markdownText } from "./markdown-text.ts";
import { waiverNote } from "./results.ts";
import { sayIn } from "./say.ts";
import {
  levelNames,
  levelOrder,
  outcomeNames,
  outcomeOrder,
  outcomeSigns,
  reasonOf,
  severityNames,
  verdictNames,
} from "./terms.ts";
import { jst } from "./times.ts";
import { type UndecidedGroup, undecidedGroups, unruled } from "./undecided.ts";
import { blocks, namesSubject, worstFirst } from "./view-findings.ts";

/** Longest comment that GitHub takes is 65,536 characters; some are left for what stands around it. */
export const markdownLimit = 65_000;

/** How many things of one finding are listed. */
const listed = 10;

/** A piece of the page that is put down whole or left out. */
interface Piece {
  readonly text: string;
  /** How many entries are lost with it. */
  readonly counts: number;
}

/**
 * The report in short as Markdown, for a pull request or the summary of a job: verdict, numbers, what blocks, what is undecided, what is
 * advised or waived. It never has more than `markdownLimit` characters; what had no room is counted at its end.
 */
export function renderMarkdown(report: Report, locale: Locale): string {
  const head = [...heading(report, locale), ...countsTable(report, locale)].join("\n");
  const pieces = [
    ...part(
      sayIn(locale, "blocksTitle"),
      worstFirst(report.findings.filter(blocks)).map((each) => failure(each, report, locale)),
    ),
    ...part(sayIn(locale, "undecidedTitle"), undecided(report, locale)),
    ...part(
      sayIn(locale, "shouldFails"),
      advised(report).map((each) => failure(each, report, locale)),
    ),
    ...part(sayIn(locale, "waivedTitle"), waived(report, locale)),
  ];
  return `${[head, ...within(pieces, markdownLimit - head.length - 1000, locale), foot(report, locale)].join("\n\n")}\n`;
}

/** The pieces that there is room for, and how much there was not. */
function within(pieces: readonly Piece[], room: number, locale: Locale): string[] {
  const kept: string[] = [];
  let left = room;
  let lost = 0;
  for (const { text, counts } of pieces) {
    // Once something is left out all the rest is, so that a heading never stands above another's entries.
    if (lost > 0 || text.length + 2 > left) {
      lost += counts;
      continue;
    }
    kept.push(text);
    left -= text.length + 2;
  }
  if (lost > 0) kept.push(markdownText(sayIn(locale, "omitted", { count: lost })));
  return kept;
}

function part(title: string, entries: readonly string[]): Piece[] {
  if (entries.length === 0) return [];
  const heading = { text: `### ${markdownText(title)} \\(${entries.length}\\)`, counts: 0 };
  return [heading, ...entries.map((text) => ({ text, counts: 1 }))];
}

function heading(report: Report, locale: Locale): string[] {
  const { verdict, target } = report;
  const mark = { passed: "✓", blocked: "✕", undecided: "?" }[verdict.status];
  const name = verdictNames[verdict.status][locale];
  return [
    `## ${mark} ${markdownText(`${sayIn(locale, "verdict")}: ${name} — ${target.id}`, 300)}`,
    "",
    markdownText(reasonOf(verdict)[locale]),
    "",
  ];
}

function countsTable(report: Report, locale: Locale): string[] {
  const { summary } = report;
  const shown = outcomeOrder.filter((outcome) => levelOrder.some((level) => summary[level][outcome] > 0));
  const someWaived = levelOrder.some((level) => (summary[level].waived ?? 0) > 0);
  const heads = [
    sayIn(locale, "level"),
    ...shown.map((outcome) => `${outcomeSigns[outcome]} ${outcomeNames[outcome][locale]}`),
    ...(someWaived ? [sayIn(locale, "waivedFail")] : []),
  ];
  const row = (level: Level) => [
    levelNames[level][locale],
    ...shown.map((outcome) => String(summary[level][outcome])),
    ...(someWaived ? [String(summary[level].waived ?? 0)] : []),
  ];
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => markdownText(cell)).join(" | ")} |`;
  return [
    line(heads),
    `|${heads.map((_, index) => (index === 0 ? "---" : "---:")).join("|")}|`,
    ...levelOrder.map((level) => line(row(level))),
    "",
    markdownText(`${sayIn(locale, "coverage")}: ${sayIn(locale, "coverageValue", { ...summary.coverage })}`),
  ];
}

function advised({ findings }: Report): Finding[] {
  return worstFirst(findings.filter((each) => each.outcome === "fail" && !each.waived && !blocks(each)));
}

function failure(finding: Finding, report: Report, locale: Locale): string {
  const { title, requirement, rule, severity, fix, occurrences, observed } = finding;
  const facts = `${requirement} · ${rule} · ${sayIn(locale, "severity")} ${severityNames[severity][locale]}`;
  const lines = occurrences.slice(0, listed).map(({ subject, message, waived }) => {
    const about = namesSubject(message, subject, report) ? "" : `${subject}: `;
    const mark = waived ? ` (${sayIn(locale, "waivedFail")})` : "";
    return `- ${markdownText(`${about}${message[locale]}${mark}`)}`;
  });
  if (occurrences.length === 0) lines.push(`- ${markdownText(observed[locale])}`);
  if (occurrences.length > listed) {
    lines.push(`- ${markdownText(sayIn(locale, "andMore", { count: occurrences.length - listed }))}`);
  }
  return [
    `**✕ ${markdownText(title[locale], 300)}**`,
    markdownText(facts, 300),
    "",
    ...lines,
    "",
    `${sayIn(locale, "fix")}: ${markdownText(fix[locale], 1000)}`,
    ...(fix.commands.length > 0 ? ["", codeBlock(fix.commands.slice(0, 20))] : []),
  ].join("\n");
}

function undecided(report: Report, locale: Locale): string[] {
  const groups = undecidedGroups(report).map((group) => step(group, locale));
  const open = unruled(report);
  if (open.length === 0) return groups;
  const names = open.map(({ id }) => id).join(" ");
  return [...groups, `**?** ${markdownText(`${sayIn(locale, "noRuleShort")}: ${names}`, 1000)}`];
}

function step({ kind, requirements, steps, reasons }: UndecidedGroup, locale: Locale): string {
  const keys = { steps: "groupCount", reasons: "groupNoStep", error: "groupError" } as const;
  const lead = `${sayIn(locale, keys[kind], { count: requirements.length })} ${requirements.join(" ")}`;
  const texts: readonly Text[] = kind === "steps" ? steps : reasons.slice(0, 3);
  return [`**?** ${markdownText(lead, 1000)}`, "", ...texts.map((text) => `- ${markdownText(text[locale])}`)].join(
    "\n",
  );
}

function waived({ findings, waivers = [] }: Report, locale: Locale): string[] {
  const accepted = findings.filter(({ occurrences }) => occurrences.some((each) => each.waived));
  return accepted.map(({ title, rule }) => {
    const notes = waivers.filter((each) => each.rule === rule && each.state === "applied").map(waiverNote);
    const lines = notes.map((note) => `- ${markdownText(note[locale])}`);
    return [`**✕ ${markdownText(`${title[locale]} (${rule})`, 300)}**`, "", ...lines].join("\n");
  });
}

function foot(report: Report, locale: Locale): string {
  const facts = [
    `${sayIn(locale, "collected")}: ${jst(report.collection.startedAt)}`,
    `${sayIn(locale, "profile")}: ${report.profile.id}`,
    `${sayIn(locale, "reportId")}: ${report.id}`,
    `sekisho ${report.tool.version}`,
  ];
  return [markdownText(facts.join(" · "), 300), "", markdownText(sayIn(locale, "advisoryShort"))].join("\n");
}
