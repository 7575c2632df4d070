import type { Waiver } from "#model/policy.ts";
import type { Finding, Report } from "#model/report.ts";

/** What somebody in charge says when adopting what fails today. */
export interface Adoption {
  readonly by: string;
  readonly reason: string;
  readonly from: string;
  readonly until: string;
}

/** Waivers over what fails in a report, and what they cannot cover. */
export interface Adopted {
  readonly waivers: readonly Waiver[];
  /** How many things that fail they accept. */
  readonly accepts: number;
  /** Rules whose failure goes on blocking: part of what they read is not known, and more may fail. */
  readonly stillBlocking: readonly string[];
  /** Requirements that are not known, which no waiver can accept. */
  readonly undecided: readonly string[];
}

/** Most subjects that one waiver may name. */
const mostSubjects = 100;

/**
 * Writes waivers for everything that fails at level must or should and is not waived yet. Each names its subjects one by one: what begins
 * to fail tomorrow, beside them or in their place, is not accepted.
 */
export function adoptFailures(report: Report, adoption: Adoption): Adopted {
  const failing = report.findings.filter(({ level, outcome }) => level !== "info" && outcome === "fail");
  const waivers = failing.flatMap((finding) => {
    const subjects = subjectsOf(finding);
    const parts = Array.from({ length: Math.ceil(subjects.length / mostSubjects) }, (_, index) =>
      subjects.slice(index * mostSubjects, (index + 1) * mostSubjects),
    );
    return parts.map((part): Waiver => ({ rule: finding.rule, subjects: part, ...adoption }));
  });
  return {
    waivers,
    accepts: waivers.reduce((sum, { subjects = [] }) => sum + subjects.length, 0),
    stillBlocking: failing
      .filter((finding) => finding.open === true && finding.waived !== true)
      .map(({ rule }) => rule),
    undecided: report.requirements
      .filter(({ level, outcome }) => level === "must" && ["unknown", "notchecked", "error"].includes(outcome))
      .map(({ id }) => id),
  };
}

/** What of a finding fails and is not waived, each once. */
function subjectsOf({ occurrences }: Finding): readonly string[] {
  return [...new Set(occurrences.filter(({ waived }) => waived !== true).map(({ subject }) => subject))];
}
