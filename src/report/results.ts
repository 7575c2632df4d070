import { createHash } from "node:crypto";
import type { Level, Outcome, Severity } from "#model/outcome.ts";
import type { Finding, Report, ReportedWaiver, RequirementResult } from "#model/report.ts";
import type { Text } from "#model/text.ts";
import { say } from "./say.ts";
import { unruled } from "./undecided.ts";

/**
 * One entry of a rendering for machines: each thing that fails a rule, any other finding as a whole, and each requirement that no rule
 * decides. Nothing of a report is without an entry, so that nothing can be taken for a pass by being absent.
 */
export interface Result {
  /** Id of the rule; of the requirement where no rule decides it. */
  readonly rule: string;
  readonly requirement: string;
  readonly section: string;
  readonly level: Level;
  /** Null where there is no rule. */
  readonly severity: Severity | null;
  readonly outcome: Outcome;
  readonly title: Text;
  /** The thing that fails; the target's id where it is the whole target. */
  readonly subject: string;
  readonly message: Text;
  /** Stable from run to run, 32 hex digits. */
  readonly fingerprint: string;
  /** Accepted by a waiver in force. */
  readonly waived: boolean;
  readonly waivers: readonly ReportedWaiver[];
  /** Null where there is no rule. */
  readonly finding: Finding | null;
}

/** The entries of a report, in the order of its findings. */
export function resultsOf(report: Report): readonly Result[] {
  return [...report.findings.flatMap((finding) => ofFinding(finding, report)), ...withoutRule(report)];
}

function ofFinding(finding: Finding, report: Report): readonly Result[] {
  const { rule, requirement, section, level, severity, outcome, title } = finding;
  const common = { rule, requirement, section, level, severity, outcome, title, finding };
  if (outcome !== "fail" || finding.occurrences.length === 0) {
    const { fingerprint } = finding;
    const subject = report.target.id;
    return [{ ...common, subject, message: messageOf(finding), fingerprint, waived: false, waivers: [] }];
  }
  const occurrences = finding.occurrences.map(({ subject, message, fingerprint, waived = false }) => ({
    ...common,
    subject,
    message,
    fingerprint,
    waived,
    waivers: waived ? waiversOn(rule, subject, report) : [],
  }));
  // Each thing seen is accepted and still the finding is not: what was not seen keeps it from that.
  const withheld = finding.waived !== true && occurrences.every(({ waived }) => waived);
  if (!withheld) return occurrences;
  const { fingerprint } = finding;
  const whole = { subject: report.target.id, message: say("mayBeMore"), fingerprint, waived: false, waivers: [] };
  return [...occurrences, { ...common, ...whole }];
}

/** What a waiver says of itself, in a line. */
export function waiverNote({ until, by, reason }: ReportedWaiver): Text {
  return say("waivedUntil", { until, by, reason });
}

function waiversOn(rule: string, subject: string, { waivers = [] }: Report): readonly ReportedWaiver[] {
  return waivers.filter(
    (waiver) => waiver.state === "applied" && waiver.rule === rule && (waiver.subjects?.includes(subject) ?? true),
  );
}

/** What was observed; of what is not known why, and what would decide it. */
function messageOf({ gaps, observed }: Finding): Text {
  if (gaps.length === 0) return observed;
  const reasons = new Map(
    gaps.map(({ reason, remedy }): [string, Text] => {
      if (remedy === undefined) return [reason.en, reason];
      const inEnglish = say("reasonAndStep", { reason: reason.en, step: remedy.en }).en;
      const inJapanese = say("reasonAndStep", { reason: reason.ja, step: remedy.ja }).ja;
      return [inEnglish, { en: inEnglish, ja: inJapanese }];
    }),
  );
  const texts = [...reasons.values()];
  return { en: texts.map(({ en }) => en).join(" / "), ja: texts.map(({ ja }) => ja).join(" / ") };
}

function withoutRule(report: Report): readonly Result[] {
  return unruled(report).map((requirement: RequirementResult) => ({
    rule: requirement.id,
    requirement: requirement.id,
    section: requirement.section,
    level: requirement.level,
    severity: null,
    outcome: requirement.outcome,
    title: requirement.title,
    subject: report.target.id,
    message: requirement.note ?? say("noRuleShort"),
    fingerprint: digest(`${requirement.id}\n${report.target.id}`).slice(0, 32),
    waived: false,
    waivers: [],
    finding: null,
  }));
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
