import type { Outcome } from "#model/outcome.ts";
import type { Finding, Report } from "#model/report.ts";
import type { Text } from "#model/text.ts";
import type { GateCheck } from "./gate.ts";
import { isWeaker } from "./lowered.ts";
import { split } from "./requirements.ts";

const undecided: readonly Outcome[] = ["unknown", "notchecked", "error"];

/** Blocks on what fails at level must and did not in the baseline. What is not known may be new: it leaves the gate undecided. */
export function newFailures(report: Report, baseline: Report): readonly GateCheck[] {
  const before = failing(baseline.findings);
  const musts = report.requirements.filter(({ level }) => level === "must");
  const fresh: string[] = [];
  const open: string[] = [];
  for (const requirement of musts) {
    const findings = report.findings.filter((finding) => finding.requirement === requirement.id);
    const { deciding } = split(findings, "must");
    const failed = deciding.filter(({ outcome, waived }) => outcome === "fail" && waived !== true);
    fresh.push(...failed.flatMap((finding) => freshOf(finding, before)));
    if (requirement.outcome === "fail" && requirement.waived !== true && failed.length === 0)
      fresh.push(requirement.id);
    if (undecided.includes(requirement.outcome)) open.push(requirement.id);
    else if (deciding.some((finding) => undecided.includes(finding.outcome) || (finding.open && !finding.waived))) {
      open.push(requirement.id);
    }
  }
  const known = report.findings.filter(({ level }) => level === "must").flatMap((each) => namesOf(each)).length;
  return [verdict(fresh, open, known - fresh.length)];
}

function verdict(fresh: readonly string[], open: readonly string[], known: number): GateCheck {
  const kept = Math.max(0, known);
  const beside = {
    en: kept > 0 ? ` ${kept} that failed before still fail.` : "",
    ja: kept > 0 ? `以前からの不適合が ${kept} 件残っています。` : "",
  };
  if (fresh.length > 0) {
    const reason = {
      en: `Of level must ${fresh.length} fail that did not in the baseline: ${list(fresh)}.${beside.en}`,
      ja: `基準の報告書にない必須の不適合が ${fresh.length} 件あります: ${list(fresh)}。${beside.ja}`,
    };
    return { id: "baseline", status: "blocked", reason };
  }
  if (open.length > 0) {
    const reason = {
      en: `${open.length} must-requirements are not wholly known, so something new may fail: ${list(open)}.${beside.en}`,
      ja: `必須 ${open.length} 件に判定できていない部分があり、新たな不適合がないとは言えません: ${list(open)}。${beside.ja}`,
    };
    return { id: "baseline", status: "undecided", reason };
  }
  const reason = {
    en: `Nothing of level must fails that did not in the baseline.${beside.en}`,
    ja: `基準の報告書にない必須の不適合はありません。${beside.ja}`,
  };
  return { id: "baseline", status: "passed", reason };
}

/** Blocks on what fails now and did not; what was known or asked and no longer is leaves the gate undecided. */
export function regressions(report: Report, baseline: Report): readonly GateCheck[] {
  const before = failing(baseline.findings);
  const earlier = new Map(baseline.findings.map((finding) => [finding.rule, finding]));
  const fresh = report.findings
    .filter(({ level, outcome, waived }) => level !== "info" && outcome === "fail" && waived !== true)
    .flatMap((finding) => freshOf(finding, before));
  const hidden = report.findings
    .filter((finding) => finding.open && !finding.waived && earlier.get(finding.rule)?.open !== true)
    .map(({ rule }) => rule);
  const lost = [...new Set([...lostRules(report, baseline), ...hidden, ...lostRequirements(report, baseline)])];
  if (fresh.length > 0) {
    const reason = {
      en: `${fresh.length} fail that did not in the baseline: ${list(fresh)}.`,
      ja: `基準の報告書にない不適合が ${fresh.length} 件あります: ${list(fresh)}。`,
    };
    return [{ id: "baseline", status: "blocked", reason }];
  }
  if (lost.length > 0) {
    const reason = {
      en: `${lost.length} that the baseline decided are no longer known, asked for or judged: ${list(lost)}.`,
      ja: `基準の報告書では判定できていたものの、今回は判定できない、または判定していないものが ${lost.length} 件あります: ${list(lost)}。`,
    };
    return [{ id: "baseline", status: "undecided", reason }];
  }
  return [{ id: "baseline", status: "passed", reason: unchanged(report) }];
}

function unchanged({ requirements }: Report): Text {
  const musts = requirements.filter(({ level }) => level === "must");
  const fail = musts.filter(({ outcome, waived }) => outcome === "fail" && !waived).length;
  const open = musts.filter(({ outcome }) => undecided.includes(outcome)).length;
  return {
    en: `Nothing came out worse than in the baseline. Of level must ${fail} still fail and ${open} are still undecided.`,
    ja: `基準の報告書より悪化した項目はありません。必須のうち ${fail} 件は引き続き不適合、${open} 件は引き続き未判定です。`,
  };
}

/** Rules that the baseline decided and that this report does not judge, judges by a lower level, or could not decide. */
function lostRules(report: Report, baseline: Report): readonly string[] {
  const now = new Map(report.findings.map((finding) => [finding.rule, finding]));
  return baseline.findings
    .filter(({ level, outcome }) => level !== "info" && !undecided.includes(outcome))
    .filter(({ rule, level }) => {
      const later = now.get(rule);
      return later === undefined || isWeaker(later.level, level) || undecided.includes(later.outcome);
    })
    .map(({ rule }) => rule);
}

/** Requirements that the baseline decided and that this report does not have, asks less of, or could not decide. */
function lostRequirements(report: Report, baseline: Report): readonly string[] {
  const now = new Map(report.requirements.map((requirement) => [requirement.id, requirement]));
  return baseline.requirements
    .filter(({ level, outcome }) => level !== "info" && !undecided.includes(outcome))
    .filter(({ id, level }) => {
      const later = now.get(id);
      return later === undefined || isWeaker(later.level, level) || undecided.includes(later.outcome);
    })
    .map(({ id }) => id);
}

/** Fingerprints of what fails and is not waived. */
function failing(findings: readonly Finding[]): ReadonlySet<string> {
  return new Set(findings.flatMap((finding) => unwaived(finding).map(({ fingerprint }) => fingerprint)));
}

function freshOf(finding: Finding, before: ReadonlySet<string>): readonly string[] {
  return unwaived(finding)
    .filter(({ fingerprint }) => !before.has(fingerprint))
    .map(({ name }) => name);
}

function namesOf(finding: Finding): readonly string[] {
  return unwaived(finding).map(({ name }) => name);
}

/** What of a finding fails and is not waived; the finding itself where it names nothing. */
function unwaived({ rule, outcome, occurrences, fingerprint }: Finding) {
  if (outcome !== "fail") return [];
  if (occurrences.length === 0) return [{ fingerprint, name: rule }];
  return occurrences
    .filter(({ waived }) => waived !== true)
    .map((each) => ({ fingerprint: each.fingerprint, name: `${rule} (${each.subject})` }));
}

const mostListed = 5;

function list(names: readonly string[]): string {
  const more = names.length - mostListed;
  return `${names.slice(0, mostListed).join(", ")}${more > 0 ? ` (+${more})` : ""}`;
}
