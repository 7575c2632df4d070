import type { Outcome } from "#model/outcome.ts";
import type { Finding, Report, ReportedWaiver } from "#model/report.ts";
import type { Text } from "#model/text.ts";
import { say } from "./say.ts";
import { waiverStateNames } from "./terms.ts";

/** What the page shows of one waiver. */
export interface WaiverView {
  readonly rule: string;
  readonly subjects: readonly string[];
  readonly reason: string;
  readonly by: string;
  readonly from: string;
  readonly until: string;
  readonly mark: Outcome;
  readonly state: Text;
  readonly accepts: number;
}

/** The waivers of a report, those that do something first. */
export function waiverViews(report: Report): readonly WaiverView[] {
  return waiversInOrder(report).map((waiver) => ({
    ...waiver,
    subjects: waiver.subjects ?? [],
    mark: markOfWaiver(waiver),
    state: waiverStateNames[waiver.state],
  }));
}

/** The waivers of a report as it has them, those that do something first. */
export function waiversInOrder({ waivers = [] }: Report): readonly ReportedWaiver[] {
  return waivers.toSorted((a, b) => Number(b.state === "applied") - Number(a.state === "applied"));
}

/** What a waiver does, as a mark. */
export function markOfWaiver({ state }: ReportedWaiver): Outcome {
  return state === "applied" ? "fail" : "notchecked";
}

/** What accepts something of a finding, one line each; the words are the policy's. */
export function waiverLines({ rule, occurrences }: Finding, { waivers = [] }: Report): readonly Text[] {
  if (!occurrences.some(({ waived }) => waived)) return [];
  return waivers
    .filter((waiver) => waiver.rule === rule && waiver.state === "applied")
    .map(({ until, by, reason }) => say("waiverLine", { until, by, reason }));
}
