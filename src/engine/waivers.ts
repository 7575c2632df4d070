import { dayOf } from "#attestation/days.ts";
import type { Waiver } from "#model/policy.ts";
import type { Finding, Occurrence, ReportedWaiver } from "#model/report.ts";

import type { Found } from "./finding.ts";

/** Findings with what waivers do to them, and the waivers with what they did. */
export interface Waived {
  readonly findings: readonly Finding[];
  readonly waivers: readonly ReportedWaiver[];
}

/**
 * Marks what fails and is accepted. An outcome never changes, and only what fails can be accepted: what is not known is no risk that
 * somebody could have weighed. A finding is waived where each of its occurrences is, and nothing that its rule reads is unknown beside them.
 */
export function waive(found: readonly Found[], waivers: readonly Waiver[], now: Date): Waived {
  const findings = found.map(({ finding }) => finding);
  const today = dayOf(now);
  const inForce = waivers.filter(({ from, until }) => from <= today && today <= until);
  return {
    findings: found.map((each) => waiveFinding(each, inForce)),
    waivers: waivers.map((waiver) => {
      const found = findings.flatMap((finding) => finding.occurrences.filter((each) => accepts(waiver, finding, each)));
      const accepted = inForce.includes(waiver) ? found.length : 0;
      return { ...waiver, state: stateOf(waiver, today, accepted), accepts: accepted };
    }),
  };
}

function waiveFinding({ finding, open }: Found, inForce: readonly Waiver[]): Finding {
  if (finding.outcome !== "fail" || finding.occurrences.length === 0) return finding;
  const occurrences = finding.occurrences.map((each): Occurrence => {
    return inForce.some((waiver) => accepts(waiver, finding, each)) ? { ...each, waived: true } : each;
  });
  if (!occurrences.some(({ waived }) => waived)) return finding;
  const whole = !open && occurrences.every(({ waived }) => waived);
  return { ...finding, occurrences, ...(whole ? { waived: true } : {}) };
}

function accepts({ rule, subjects }: Waiver, finding: Finding, { subject }: Occurrence): boolean {
  return finding.outcome === "fail" && finding.rule === rule && (subjects?.includes(subject) ?? true);
}

function stateOf({ from, until }: Waiver, today: string, accepted: number): ReportedWaiver["state"] {
  if (until < today) return "expired";
  if (today < from) return "future";
  return accepted > 0 ? "applied" : "unused";
}
