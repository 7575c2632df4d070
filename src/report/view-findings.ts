import type { Level, Outcome, Severity } from "#model/outcome.ts";
import type { Finding, Occurrence, Report, RequirementResult } from "#model/report.ts";
import type { Text } from "#model/text.ts";
import type { Anchors } from "./anchors.ts";
import { say, type TextKey } from "./say.ts";
import { levelNames, outcomeNames, severityNames, severityOrder, standardNames } from "./terms.ts";
import { type EvidenceView, evidenceViews } from "./view-evidence.ts";
import { waiverLines } from "./view-waivers.ts";

/** An outcome as the page shows it: a mark of its own and a word. */
export interface OutcomeView {
  readonly id: Outcome;
  readonly name: Text;
}

export interface LevelView {
  readonly id: Level;
  readonly name: Text;
}

interface OccurrenceView {
  readonly subject: string | null;
  readonly message: Text;
}

/** A finding as the page shows it. */
export interface FindingView {
  readonly anchor: string;
  readonly rule: string;
  readonly requirement: string;
  readonly outcome: OutcomeView;
  readonly level: LevelView;
  readonly severity: { readonly id: Severity; readonly name: Text };
  readonly open: boolean;
  readonly title: Text;
  readonly why: Text;
  readonly expected: Text;
  /** Null where the occurrences or the gaps say the same. */
  readonly observed: Text | null;
  /** Subject is null where it is the whole target or the message names it. */
  readonly occurrences: readonly OccurrenceView[];
  /** The first of them. */
  readonly firstOccurrences: readonly OccurrenceView[];
  /** How many stand in the report beside those of each list; null where none. */
  readonly moreOccurrences: Text | null;
  readonly moreThanFirst: Text | null;
  readonly gaps: readonly { readonly path: string; readonly reason: Text; readonly remedy: Text | null }[];
  /** What accepts it, one line each. */
  readonly waivers: readonly Text[];
  /** Null where nothing is to be mended. */
  readonly fix: { readonly text: Text; readonly commands: readonly string[] } | null;
  /** The commands stand under "What blocks" already. */
  readonly commandsAbove: boolean;
  readonly evidence: readonly EvidenceView[];
  readonly references: readonly { readonly standard: string; readonly ids: readonly string[] }[];
  readonly fingerprint: string;
}

export interface RequirementView {
  readonly id: string;
  readonly title: Text;
  readonly level: LevelView;
  readonly outcome: OutcomeView;
  readonly note: Text | null;
  readonly unruled: boolean;
  readonly rules: readonly { readonly id: string; readonly anchor: string | null }[];
}

interface FoldView {
  readonly outcome: OutcomeView;
  readonly count: number;
  readonly findings: readonly FindingView[];
}

export interface SectionView {
  readonly anchor: string;
  readonly letter: string;
  readonly title: Text;
  readonly tally: readonly { readonly outcome: OutcomeView; readonly count: number }[];
  readonly requirements: readonly RequirementView[];
  /** Failed and undecided, worst first. */
  readonly open: readonly FindingView[];
  /** The others, one fold for each outcome. */
  readonly folds: readonly FoldView[];
}

const openOutcomes: readonly Outcome[] = ["fail", "error", "unknown", "notchecked"];
const foldedOutcomes: readonly Outcome[] = ["informational", "pass", "notapplicable"];

/** Tells a failure that blocks: a must that fails and is not waived. */
export function blocks(finding: Finding): boolean {
  return finding.outcome === "fail" && finding.level === "must" && finding.waived !== true;
}

/** Findings in the order in which they are to be mended: outcome, then level, then severity, then as they stand in the report. */
export function worstFirst(findings: readonly Finding[]): Finding[] {
  const levels: readonly Level[] = ["must", "should", "info"];
  return findings.toSorted(
    (a, b) =>
      openOutcomes.indexOf(a.outcome) - openOutcomes.indexOf(b.outcome) ||
      levels.indexOf(a.level) - levels.indexOf(b.level) ||
      severityOrder.indexOf(a.severity) - severityOrder.indexOf(b.severity),
  );
}

export function outcomeView(id: Outcome, waived = false): OutcomeView {
  return { id, name: waived ? say("waivedFail") : outcomeNames[id] };
}

export function levelView(id: Level): LevelView {
  return { id, name: levelNames[id] };
}

/** Tells whether a message says already what it is about, or is about the whole target. */
export function namesSubject(message: Text, subject: string, { target }: Report): boolean {
  return (
    subject === target.id || subject.split(" ").every((word) => message.en.includes(word) && message.ja.includes(word))
  );
}

/** What the page shows of a finding. */
export function findingView(finding: Finding, report: Report, anchors: Anchors): FindingView {
  const mendable = finding.outcome === "fail" || finding.remarks !== undefined;
  return {
    anchor: anchors.finding(finding),
    rule: finding.rule,
    requirement: finding.requirement,
    outcome: outcomeView(finding.outcome, finding.waived),
    level: levelView(finding.level),
    severity: { id: finding.severity, name: severityNames[finding.severity] },
    open: openOutcomes.includes(finding.outcome),
    title: finding.title,
    why: finding.why,
    expected: finding.expected,
    observed: observedBeside(finding),
    occurrences: finding.occurrences.slice(0, listed.all).map((occurrence) => occurrenceView(occurrence, report)),
    firstOccurrences: finding.occurrences
      .slice(0, listed.first)
      .map((occurrence) => occurrenceView(occurrence, report)),
    moreOccurrences: moreThan(listed.all, finding, "moreInFile"),
    moreThanFirst: moreThan(listed.first, finding, "andMore"),
    gaps: finding.gaps.map(({ path, reason, remedy }) => ({ path, reason, remedy: remedy ?? null })),
    waivers: waiverLines(finding, report),
    fix: mendable ? { text: { en: finding.fix.en, ja: finding.fix.ja }, commands: finding.fix.commands } : null,
    commandsAbove: blocks(finding) && finding.fix.commands.length > 0,
    evidence: evidenceViews(finding, report, anchors),
    references: Object.entries(finding.references)
      .map(([key, ids]) => ({ standard: standardNames.get(key) ?? key, ids }))
      .toSorted((a, b) => (a.standard < b.standard ? -1 : 1)),
    fingerprint: finding.fingerprint,
  };
}

/** How many occurrences stand under "What blocks", and at most under a finding; report.json has them all. */
const listed = { first: 6, all: 200 };

function moreThan(limit: number, { occurrences }: Finding, key: TextKey): Text | null {
  const count = occurrences.length - limit;
  return count > 0 ? say(key, { count }) : null;
}

function occurrenceView({ subject, message }: Occurrence, report: Report): OccurrenceView {
  return { subject: namesSubject(message, subject, report) ? null : subject, message };
}

function observedBeside({ observed, occurrences, gaps }: Finding): Text | null {
  const said = [...occurrences.map(({ message }) => message), ...gaps.map(({ reason }) => reason)];
  const rest = said.reduce((text, { en }) => text.replace(en, ""), observed.en);
  return said.length > 0 && /^[\s/.]*$/.test(rest) ? null : observed;
}

export function requirementView(requirement: RequirementResult, anchors: Anchors): RequirementView {
  return {
    id: requirement.id,
    title: requirement.title,
    level: levelView(requirement.level),
    outcome: outcomeView(requirement.outcome, requirement.waived),
    note: requirement.note ?? null,
    unruled: requirement.rules.length === 0,
    rules: requirement.rules.map((id) => ({ id, anchor: anchors.rule(id) })),
  };
}

/**
 * The sections of the guide that the report speaks of, each with its requirements and findings. What names a section that the report
 * does not list stands under one of its own: no finding is ever left out.
 */
export function sectionViews(report: Report, anchors: Anchors): SectionView[] {
  const known = new Set(report.sections.map(({ id }) => id));
  const sections = report.sections.map((section) => ({ ...section, holds: (id: string) => id === section.id }));
  const rest = { letter: "–", title: say("otherSection"), holds: (id: string) => !known.has(id) };
  return [...sections, rest]
    .map(({ letter, title, holds }, index) => {
      const findings = report.findings.filter(({ section }) => holds(section));
      const view = (finding: Finding) => findingView(finding, report, anchors);
      return {
        anchor: `section-${index + 1}`,
        letter,
        title,
        tally: tally(findings),
        requirements: report.requirements
          .filter(({ section }) => holds(section))
          .map((requirement) => requirementView(requirement, anchors)),
        open: worstFirst(findings.filter(({ outcome }) => openOutcomes.includes(outcome))).map(view),
        folds: foldedOutcomes
          .map((outcome) =>
            fold(outcome, remarkedFirst(findings.filter((finding) => finding.outcome === outcome)).map(view)),
          )
          .filter(({ count }) => count > 0),
      };
    })
    .filter(({ requirements, open, folds }) => requirements.length + open.length + folds.length > 0);
}

/** Of what only informs, what is not as described comes first. */
function remarkedFirst(findings: readonly Finding[]): Finding[] {
  const has = ({ remarks }: Finding) => Number(remarks !== undefined);
  return findings.toSorted((a, b) => has(b) - has(a));
}

function tally(findings: readonly Finding[]): { outcome: OutcomeView; count: number }[] {
  return [...openOutcomes, ...foldedOutcomes]
    .map((id) => ({ outcome: outcomeView(id), count: findings.filter(({ outcome }) => outcome === id).length }))
    .filter(({ count }) => count > 0);
}

function fold(outcome: Outcome, findings: readonly FindingView[]): FoldView {
  return { outcome: outcomeView(outcome), count: findings.length, findings };
}
