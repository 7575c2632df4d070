import { exitCodes } from "#model/exit-codes.ts";
import type { Verdict } from "#model/outcome.ts";
import type { Counts, Report } from "#model/report.ts";
import type { Text } from "#model/text.ts";
import { newFailures, regressions } from "./gate-baseline.ts";
import { coverageCheck, endedCheck, freshCheck } from "./gate-report.ts";
import { countsOf, coverageOf } from "./requirements.ts";
import { sameTarget } from "./same-target.ts";
import { verdictOf } from "./verdict.ts";

/**
 * What may close the gate. must, should: what fails at that level. new: a must that fails and did not fail in the baseline.
 * regression: whatever came out worse than in the baseline. none: nothing that the report finds.
 */
export type GateLevel = "must" | "should" | "new" | "regression" | "none";

/** What is asked of a report. */
export interface GateRequest {
  readonly failOn: GateLevel;
  readonly now: Date;
  /** An earlier report of the same target; needed for new and regression. */
  readonly baseline?: Report;
  /** Longest time since the collection began. */
  readonly maxAgeMs?: number;
  /** Smallest part of the requirements in scope that is decided, in percent. */
  readonly coveragePercent?: number;
}

/** One thing that was asked, and how it came out. */
export interface GateCheck {
  readonly id: "level" | "decided" | "term" | "age" | "coverage" | "target" | "profile" | "baseline";
  readonly status: Verdict;
  readonly reason: Text;
}

/** Whether the gate opens, by everything that was asked. */
export interface GateDecision {
  readonly status: Verdict;
  readonly exitCode: number;
  readonly reason: Text;
  readonly checks: readonly GateCheck[];
}

/** Decides by a report. What blocks outweighs what is not known, and that outweighs what passes. */
export function decideGate(report: Report, request: GateRequest): GateDecision {
  const checks = checksOf(report, request);
  const status = worstOf(checks.map((check) => check.status));
  const telling = checks.filter((check) => check.status === status);
  const rest = checks.filter((check) => check.status !== status && check.status !== "passed");
  return { status, exitCode: exitCodes[status], reason: joined([...telling, ...rest]), checks };
}

/** How a report's requirements of a level and those above come out. */
export function statusAt(report: Report, level: "must" | "should" | "none"): Verdict {
  if (level === "none") return "passed";
  const counts = [countsOf(report.requirements, "must")];
  if (level === "should") counts.push(countsOf(report.requirements, "should"));
  return worstOf(counts.map(statusOf));
}

function statusOf(counts: Counts): Verdict {
  if (counts.fail > 0) return "blocked";
  return counts.unknown + counts.notchecked + counts.error > 0 ? "undecided" : "passed";
}

function worstOf(list: readonly Verdict[]): Verdict {
  if (list.includes("blocked")) return "blocked";
  return list.includes("undecided") ? "undecided" : "passed";
}

function joined(checks: readonly GateCheck[]): Text {
  return { en: checks.map(({ reason }) => reason.en).join(" "), ja: checks.map(({ reason }) => reason.ja).join("") };
}

function checksOf(report: Report, request: GateRequest): readonly GateCheck[] {
  const { failOn, baseline, maxAgeMs, coveragePercent, now } = request;
  const asked = [
    ...(baseline === undefined ? [] : baselineChecks(report, baseline, failOn)),
    ...(maxAgeMs === undefined ? [] : [freshCheck(report, maxAgeMs, now)]),
    ...(coveragePercent === undefined ? [] : [coverageCheck(report, coveragePercent)]),
  ];
  if (failOn === "none") return [noneCheck, ...asked];
  const level = failOn === "must" || failOn === "should" ? [levelCheck(report, failOn)] : [];
  const needed = failOn === "new" || failOn === "regression" ? missingBaseline(baseline) : [];
  return [...level, ...needed, ...decidedCheck(report), ...endedCheck(report, now), ...asked];
}

const noneCheck: GateCheck = {
  id: "level",
  status: "passed",
  reason: {
    en: "Nothing that the report finds was asked to close the gate.",
    ja: "報告書の判定によって止める指定はありません。",
  },
};

function levelCheck(report: Report, failOn: "must" | "should"): GateCheck {
  const [must, should] = [countsOf(report.requirements, "must"), countsOf(report.requirements, "should")];
  const status = statusAt(report, failOn);
  const { reason } = verdictOf({ must, should });
  if (failOn === "must") return { id: "level", status, reason };
  const open = should.unknown + should.notchecked + should.error;
  return {
    id: "level",
    status,
    reason: {
      en: `${reason.en} Of level should ${should.fail} fail and ${open} could not be decided.`,
      ja: `${reason.ja}推奨は ${should.fail} 件が不適合、${open} 件を判定できていません。`,
    },
  };
}

/** A report that decided nothing passes no gate, whatever its counts say. */
function decidedCheck(report: Report): readonly GateCheck[] {
  if (coverageOf(report.requirements).decided > 0) return [];
  const reason = {
    en: "Not one requirement in scope was decided.",
    ja: "対象となる要件を1件も判定できていません。",
  };
  return [{ id: "decided", status: "undecided", reason }];
}

function missingBaseline(baseline: Report | undefined): readonly GateCheck[] {
  if (baseline !== undefined) return [];
  const reason = { en: "There is no baseline to compare with.", ja: "比較する基準の報告書がありません。" };
  return [{ id: "baseline", status: "undecided", reason }];
}

function baselineChecks(report: Report, baseline: Report, failOn: GateLevel): readonly GateCheck[] {
  const same = sameTarget(baseline, report);
  if (same.is !== "same") {
    return [{ id: "target", status: "undecided", reason: sentence(same.why) }];
  }
  if (failOn !== "new" && failOn !== "regression") return [];
  if (baseline.profile.id !== report.profile.id || baseline.profile.digest !== report.profile.digest) {
    const [before, after] = [baseline.profile.id, report.profile.id];
    const reason = {
      en: `The baseline was judged by another profile or another version of it (${before}, now ${after}): judge its evidence again with sekisho evaluate.`,
      ja: `基準の報告書は別のプロファイル、または別の版で判定されています(${before}、今回は${after})。sekisho evaluateで基準の証跡を判定し直してください。`,
    };
    return [{ id: "profile", status: "undecided", reason }];
  }
  return failOn === "new" ? newFailures(report, baseline) : regressions(report, baseline);
}

function sentence({ en, ja }: Text): Text {
  return { en: `${en}.`, ja: `${ja}。` };
}
