import type { Finding, Report } from "#model/report.ts";
import type { Text } from "#model/text.ts";
import { inJapanese } from "#reasons/japanese.ts";
import type { Anchors } from "./anchors.ts";
import { statusNames } from "./terms.ts";

/** So much of a detail stands in a pointer however long it is. */
const surelyShown = 150;

/** What a finding rests on in one attempt. */
export interface EvidenceView {
  readonly attempt: string;
  readonly anchor: string | null;
  readonly values: readonly ValueView[];
}

interface ValueView {
  readonly path: string;
  readonly shown: string;
  /** Takes one short line. */
  readonly brief: boolean;
  /** Where there is no value: what came of the attempt, and why. */
  readonly why: Text | null;
}

/** What the page shows of a finding's evidence, attempt by attempt. */
export function evidenceViews({ evidence }: Finding, report: Report, anchors: Anchors): EvidenceView[] {
  return [...Map.groupBy(evidence, ({ attempt }) => attempt)].map(([attempt, pointers]) => ({
    attempt,
    anchor: anchors.attempt(attempt),
    values: pointers.map(({ path, shown }) => ({
      path,
      shown,
      brief: shown.length <= 60 && !shown.includes("\n"),
      why: whyNone(attempt, shown, report),
    })),
  }));
}

/** The value that is shown of an attempt without one is its status and detail; a value of the target's own may look the same. */
function whyNone(id: string, shown: string, { attempts }: Report): Text | null {
  for (const attempt of attempts) {
    if (attempt.id !== id || attempt.status === "observed") continue;
    const { status, detail = "" } = attempt;
    if (!shown.startsWith(`${status}: ${detail.slice(0, surelyShown)}`)) continue;
    return { en: shown, ja: `${statusNames[status].ja}: ${inJapanese(detail)}` };
  }
  return null;
}
