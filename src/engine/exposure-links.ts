import type { Standing } from "#model/exposure.ts";
import type { Found } from "./finding.ts";

type Fields = Readonly<Record<string, unknown>>;

/** What the rules say of one thing. */
export interface Held {
  readonly standing: Standing;
  readonly findings: string[];
}

/**
 * Holds a thing against the findings: against where a rule fails on an element that is about it, else unproven where `proven` is false or a rule
 * that speaks of it could not be decided or remarks on it, else required. A failure that does not name an element says nothing of the others of its list.
 */
export function hold(
  found: readonly Found[],
  {
    names,
    speaks,
    proven,
  }: {
    readonly names: (element: Fields, each: Found) => boolean;
    readonly speaks: (each: Found) => boolean;
    readonly proven: boolean;
  },
): Held {
  const failing = found.filter(
    (each) => each.finding.outcome === "fail" && each.elements.some((element) => names(element, each)),
  );
  if (failing.length > 0) return { standing: "against", findings: idsOf(failing) };
  const speaking = found.filter((each) => counts(each) && speaks(each));
  const remarked = found.filter(
    (each) => each.finding.outcome === "informational" && each.elements.some((element) => names(element, each)),
  );
  if (remarked.length > 0) return { standing: "unproven", findings: idsOf(remarked) };
  const undecided = speaking.filter(
    ({ finding, open }) => isUndecided(finding.outcome) || (finding.outcome === "fail" && open),
  );
  if (undecided.length > 0 || !proven) return { standing: "unproven", findings: idsOf(undecided) };
  const passing = speaking.filter(({ finding }) => finding.outcome === "pass" || finding.outcome === "fail");
  return { standing: passing.length > 0 ? "required" : "unproven", findings: idsOf(passing) };
}

/** Whether a rule reads something under one of these paths. */
export function readsAny({ reads }: Found, paths: readonly string[]): boolean {
  return reads.some((read) =>
    paths.some((path) => read === path || read.startsWith(`${path}.`) || read.startsWith(`${path}[]`)),
  );
}

/** Whether an outcome leaves open what holds. */
export function isUndecided(outcome: string): boolean {
  return outcome === "unknown" || outcome === "notchecked" || outcome === "error";
}

/** What only informs does not judge. */
function counts({ finding }: Found): boolean {
  return finding.level !== "info" && finding.outcome !== "notapplicable";
}

function idsOf(found: readonly Found[]): string[] {
  return found.map(({ finding }) => finding.rule);
}
