import type { Outcome } from "#model/outcome.ts";
import type { Finding, Report, RequirementResult } from "#model/report.ts";
import type { Text } from "#model/text.ts";

/** Undecided findings that the same step would decide. */
export interface UndecidedGroup {
  /** steps: what would decide them. reasons: no step is known. error: our own check failed. */
  readonly kind: "steps" | "reasons" | "error";
  readonly steps: readonly Text[];
  readonly reasons: readonly Text[];
  readonly requirements: readonly string[];
  /** How many of the requirements are must. */
  readonly musts: number;
  readonly findings: readonly Finding[];
}

const undecided: readonly Outcome[] = ["unknown", "notchecked", "error"];

/** Groups the undecided findings by what would decide them: the step that decides the most must-requirements first. */
export function undecidedGroups(report: Report): UndecidedGroup[] {
  const groups = Map.groupBy(
    report.findings.filter(({ outcome }) => undecided.includes(outcome)),
    keyOf,
  );
  return [...groups.values()]
    .map(group)
    .toSorted((a, b) => b.musts - a.musts || b.requirements.length - a.requirements.length);
}

/** Requirements that are not decided though no finding says so: no rule decides them, or the profile leaves out one that would. */
export function unruled({ requirements, findings }: Report): RequirementResult[] {
  const told = new Set(
    findings.filter(({ outcome }) => undecided.includes(outcome)).map(({ requirement }) => requirement),
  );
  return requirements.filter(
    ({ id, rules, outcome }) => undecided.includes(outcome) && (rules.length === 0 || !told.has(id)),
  );
}

/** One cause that keeps requirements in scope undecided, with how many of them. */
export interface OpenCause {
  readonly kind: UndecidedGroup["kind"] | "unruled";
  /** Index of the group; -1 for requirements without a rule. */
  readonly group: number;
  readonly texts: readonly Text[];
  readonly count: number;
}

/**
 * What keeps the requirements that count towards coverage undecided. Each requirement is counted once, under the first group that
 * names it, so that the numbers add up to what is missing.
 */
export function openCauses(report: Report, groups: readonly UndecidedGroup[]): OpenCause[] {
  const open = new Set(
    report.requirements
      .filter(({ level, outcome }) => level !== "info" && undecided.includes(outcome))
      .map(({ id }) => id),
  );
  const causes: OpenCause[] = groups.map(({ kind, reasons, requirements }, index) => ({
    kind,
    group: index,
    texts: reasons,
    count: requirements.filter((id) => open.delete(id)).length,
  }));
  const rest = unruled(report).filter(({ id }) => open.delete(id)).length;
  return [...causes, { kind: "unruled" as const, group: -1, texts: [], count: rest }].filter(({ count }) => count > 0);
}

function keyOf(finding: Finding): string {
  if (finding.outcome === "error") return "error";
  const steps = distinct(finding.gaps.flatMap(({ remedy }) => (remedy === undefined ? [] : [remedy])));
  const texts = steps.length > 0 ? steps : distinct(finding.gaps.map(({ reason }) => reason));
  return JSON.stringify([steps.length > 0, ...texts.map(({ en }) => en).toSorted()]);
}

function group(findings: readonly Finding[]): UndecidedGroup {
  const gaps = findings.flatMap((finding) => finding.gaps);
  const error = findings.every(({ outcome }) => outcome === "error");
  const steps = error ? [] : distinct(gaps.flatMap(({ remedy }) => (remedy === undefined ? [] : [remedy])));
  const reasons = distinct(
    gaps.length > 0 && !error ? gaps.map(({ reason }) => reason) : findings.map(({ observed }) => observed),
  );
  const musts = new Set(findings.filter(({ level }) => level === "must").map(({ requirement }) => requirement));
  const other = steps.length > 0 ? "steps" : "reasons";
  return {
    kind: error ? "error" : other,
    steps,
    reasons,
    requirements: [...new Set(findings.map(({ requirement }) => requirement))],
    musts: musts.size,
    findings,
  };
}

function distinct(texts: readonly Text[]): Text[] {
  return [...new Map(texts.map((text) => [JSON.stringify([text.en, text.ja]), text])).values()];
}
