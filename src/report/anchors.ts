import type { Finding, Report } from "#model/report.ts";

/** Where on the page each thing can be linked to. Anchors hold nothing but letters, digits, `-` and `_`. */
export interface Anchors {
  /** Anchor of a finding: finding-<rule id>. */
  readonly finding: (finding: Finding) => string;
  /** Anchor of the finding of a rule, or null where the report has none. */
  readonly rule: (id: string) => string | null;
  /** Anchor of an attempt, or null where the report has none of that id. */
  readonly attempt: (id: string) => string | null;
}

/** Gives every finding and attempt of the report an anchor of its own. */
export function anchorsOf(report: Report): Anchors {
  const used = new Set<string>();
  const findings = new Map(report.findings.map((finding) => [finding, unique(`finding-${safe(finding.rule)}`, used)]));
  const rules = new Map(report.findings.map((finding) => [finding.rule, findings.get(finding) ?? null]));
  const attempts = new Map<string, string>();
  for (const [index, attempt] of report.attempts.entries()) {
    if (!attempts.has(attempt.id)) attempts.set(attempt.id, attemptAnchor(index));
  }
  return {
    finding: (finding) => findings.get(finding) ?? "",
    rule: (id) => rules.get(id) ?? null,
    attempt: (id) => attempts.get(id) ?? null,
  };
}

/** Anchor of the attempt that stands at `index` in the report's list. */
export function attemptAnchor(index: number): string {
  return `attempt-${index + 1}`;
}

/** Text made fit for an anchor or a class: at most 80 letters, digits, `-` and `_`. */
function safe(text: string): string {
  return text.slice(0, 80).replace(/[^A-Za-z0-9_-]/g, "_");
}

function unique(wanted: string, used: Set<string>): string {
  let name = wanted;
  for (let count = 2; used.has(name); count += 1) name = `${wanted}-${count}`;
  used.add(name);
  return name;
}
