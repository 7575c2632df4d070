import type { Finding, Report } from "#model/report.ts";
import { blocked } from "./samples.ts";

const term = { by: "Hanako Sato (CISO)", from: "2026-11-01", until: "2027-03-31" };

/** Rule of the samples whose failure is waived below. */
export const waivedRule = "timezone-tokyo";

/** The blocked sample with one of its failures waived; `whole` false: a part of what the rule reads is not known beside it. */
export function withWaiver({ whole = true } = {}): Report {
  const waive = (finding: Finding): Finding => {
    if (finding.rule !== waivedRule) return finding;
    const occurrences = finding.occurrences.map((each) => ({ ...each, waived: true as const }));
    return { ...finding, occurrences, ...(whole ? { waived: true } : {}) };
  };
  const must = { ...blocked.summary.must, ...(whole ? { fail: blocked.summary.must.fail - 1, waived: 1 } : {}) };
  return {
    ...blocked,
    findings: blocked.findings.map(waive),
    requirements: blocked.requirements.map((each) =>
      whole && each.rules.includes(waivedRule) ? { ...each, waived: true } : each,
    ),
    summary: { ...blocked.summary, must },
    waivers: [{ rule: waivedRule, reason: "Moved in March.", ...term, state: "applied", accepts: 1 }],
  };
}
