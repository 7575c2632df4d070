import { createHash } from "node:crypto";
import type { Outcome, Verdict } from "#model/outcome.ts";
import type { Report } from "#model/report.ts";
import type { Locale, Text } from "#model/text.ts";
import { type Anchors, anchorsOf } from "./anchors.ts";
import { say } from "./say.ts";
import { levelOrder, outcomeOrder, patternNames, reasonOf, verdictNames, verdictNotes } from "./terms.ts";
import { openCauses, type UndecidedGroup, undecidedGroups, unruled } from "./undecided.ts";
import {
  blocks,
  type FindingView,
  findingView,
  type LevelView,
  levelView,
  type OutcomeView,
  outcomeView,
  type RequirementView,
  requirementView,
  type SectionView,
  sectionViews,
  worstFirst,
} from "./view-findings.ts";
import { type MapView, mapView } from "./view-map.ts";
import { type MethodView, methodView } from "./view-method.ts";
import { type StatementsView, statementsView } from "./view-statements.ts";
import { type WaiverView, waiverViews } from "./view-waivers.ts";
import { cut, visible } from "./visible.ts";

interface CauseView {
  readonly anchor: string | null;
  readonly texts: readonly Text[];
  /** More reasons than are shown. */
  readonly more: boolean;
  readonly count: number;
}

interface GroupView {
  readonly anchor: string;
  readonly lead: Text;
  readonly steps: readonly Text[];
  readonly reasons: readonly Text[];
  readonly findings: readonly FindingView[];
}

/** All that the page shows, in the page's order. Every field is there: null where there is nothing to show. */
export interface ReportView {
  readonly locale: Locale;
  readonly documentTitle: Text;
  readonly id: string;
  readonly tool: { readonly name: string; readonly version: string };
  readonly target: {
    readonly id: string;
    readonly names: readonly string[];
    readonly addresses: readonly string[];
    readonly pattern: Text | null;
  };
  readonly examinedAt: string;
  readonly evaluatedAt: string;
  readonly profile: { readonly id: string; readonly title: Text };
  readonly verdict: {
    readonly status: Verdict;
    readonly mark: Outcome;
    readonly name: Text;
    readonly reason: Text;
    readonly note: Text;
  };
  readonly coverage: { readonly text: Text; readonly rest: Text | null; readonly causes: readonly CauseView[] };
  readonly countHead: readonly LevelView[];
  readonly counts: readonly { readonly outcome: OutcomeView; readonly cells: readonly number[] }[];
  readonly totals: readonly number[];
  readonly blocks: readonly FindingView[];
  readonly blocksLead: Text;
  readonly undecided: { readonly groups: readonly GroupView[]; readonly unruled: readonly RequirementView[] };
  readonly unruledLead: Text;
  readonly map: MapView | null;
  readonly sections: readonly SectionView[];
  readonly filters: { readonly outcomes: readonly OutcomeView[]; readonly levels: readonly LevelView[] };
  readonly checks: number;
  readonly statements: StatementsView;
  readonly waivers: readonly WaiverView[];
  readonly method: MethodView;
  readonly attemptsLead: Text;
}

/** Lays out a report for the page. */
export function reportView(report: Report, locale: Locale): ReportView {
  const anchors = anchorsOf(report);
  const groups = undecidedGroups(report);
  const { target } = report;
  return {
    locale,
    documentTitle: documentTitle(report),
    id: report.id,
    tool: { name: plain(report.tool.name), version: plain(report.tool.version) },
    target: {
      id: target.id,
      names: target.names,
      addresses: target.addresses,
      pattern: target.pattern === undefined ? null : patternNames[target.pattern],
    },
    examinedAt: report.collection.startedAt,
    evaluatedAt: report.evaluatedAt,
    profile: { id: report.profile.id, title: report.profile.title },
    verdict: {
      status: report.verdict.status,
      mark: verdictMarks[report.verdict.status],
      name: verdictNames[report.verdict.status],
      reason: reasonOf(report.verdict),
      note: verdictNotes[report.verdict.status],
    },
    coverage: coverage(report, groups),
    ...counts(report),
    ...blockers(report, anchors),
    undecided: {
      groups: groups.map((group, index) => groupView(group, index, report, anchors)),
      unruled: unruled(report).map((requirement) => requirementView(requirement, anchors)),
    },
    unruledLead: say("unruledLead", { count: unruled(report).length }),
    map: mapView(report, anchors),
    sections: sectionViews(report, anchors),
    filters: filters(report),
    checks: report.findings.length,
    statements: statementsView(report),
    waivers: waiverViews(report),
    method: methodView(report),
    attemptsLead: say("attemptsLead", { count: report.attempts.length }),
  };
}

function documentTitle(report: Report): Text {
  const { en, ja } = say("reportTitle");
  const name = verdictNames[report.verdict.status];
  const target = plain(report.target.id);
  return { en: `${target}: ${name.en} — ${en}`, ja: `${target} ${name.ja} — ${ja}` };
}

/** The target's own words for a place that takes no markup. */
function plain(text: string): string {
  return visible(cut(text, 80).text).replaceAll("\n", " ");
}

const verdictMarks = { blocked: "fail", undecided: "unknown", passed: "pass" } as const satisfies Record<
  Verdict,
  Outcome
>;

/** How many causes stand beside the verdict; the rest is under "Undecided". */
const causesShown = 5;

function coverage(report: Report, groups: readonly UndecidedGroup[]): ReportView["coverage"] {
  const { decided, inScope } = report.summary.coverage;
  const causes = openCauses(report, groups).toSorted((a, b) => b.count - a.count);
  const views = causes.slice(0, causesShown).map(({ kind, group, texts, count }): CauseView => {
    if (kind === "unruled") return { anchor: "unruled", texts: [say("noRuleShort")], more: false, count };
    if (kind === "error") return { anchor: groupAnchor(group), texts: [say("checkErrorShort")], more: false, count };
    return { anchor: groupAnchor(group), texts: texts.slice(0, 1), more: texts.length > 1, count };
  });
  const others = causes.slice(causesShown).reduce((sum, { count }) => sum + count, 0);
  if (others > 0) views.push({ anchor: "undecided", texts: [say("otherReasons")], more: false, count: others });
  return {
    text: say("coverageValue", { decided, inScope }),
    rest: views.length > 0 ? say("coverageRest", { count: inScope - decided }) : null,
    causes: views,
  };
}

function counts({ summary }: Report): Pick<ReportView, "countHead" | "counts" | "totals"> {
  const rows = outcomeOrder.flatMap((outcome) => {
    const row = { outcome: outcomeView(outcome), cells: levelOrder.map((level) => summary[level][outcome]) };
    const waived = levelOrder.map((level) => (outcome === "fail" ? (summary[level].waived ?? 0) : 0));
    return waived.some((count) => count > 0) ? [row, { outcome: outcomeView("fail", true), cells: waived }] : [row];
  });
  return {
    countHead: levelOrder.map(levelView),
    counts: rows.filter(({ outcome, cells }) => outcome.id !== "error" || cells.some((count) => count > 0)),
    totals: levelOrder.map((_, column) => rows.reduce((sum, { cells }) => sum + (cells[column] ?? 0), 0)),
  };
}

function blockers(report: Report, anchors: Anchors): Pick<ReportView, "blocks" | "blocksLead"> {
  const found = worstFirst(report.findings.filter(blocks)).map((finding) => findingView(finding, report, anchors));
  return {
    blocks: found,
    blocksLead: found.length > 0 ? say("blocksLead", { count: found.length }) : say("blocksNone"),
  };
}

function groupAnchor(index: number): string {
  return `undecided-${index + 1}`;
}

function groupView(group: UndecidedGroup, index: number, report: Report, anchors: Anchors): GroupView {
  const leads = { steps: "groupCount", reasons: "groupNoStep", error: "groupError" } as const;
  return {
    anchor: groupAnchor(index),
    lead: say(leads[group.kind], { count: group.requirements.length }),
    steps: group.kind === "error" ? [say("errorStep")] : group.steps,
    reasons: group.reasons,
    findings: worstFirst(group.findings).map((finding) => findingView(finding, report, anchors)),
  };
}

function filters({ findings }: Report): ReportView["filters"] {
  const outcomes = new Set(findings.map(({ outcome }) => outcome));
  const levels = new Set(findings.map(({ level }) => level));
  return {
    outcomes: outcomeOrder.filter((outcome) => outcomes.has(outcome)).map((outcome) => outcomeView(outcome)),
    levels: levelOrder.filter((level) => levels.has(level)).map(levelView),
  };
}

/** sha256 of a text in base64, as a content security policy names it. */
export function contentHash(text: string): string {
  return createHash("sha256").update(text, "utf8").digest("base64");
}
