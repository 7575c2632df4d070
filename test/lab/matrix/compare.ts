import type { Outcome } from "#model/outcome.ts";
import type { Finding } from "#model/report.ts";

/** An outcome, or that a rule of level info found something which is not as it describes: its outcome is informational either way. */
export type Told = Outcome | "remark";

/** What each rule came out as, by id. */
export type Outcomes = Readonly<Record<string, Told>>;

/** What a finding tells. */
export function toldBy({ outcome, remarks }: Pick<Finding, "outcome" | "remarks">): Told {
  return outcome === "informational" && remarks !== undefined ? "remark" : outcome;
}

/** Outcome of a rule that stands in one report and not in the other. */
const missing = "missing";

/** A rule that did not come out the same before and after. */
export interface Change {
  readonly rule: string;
  readonly from: Told | typeof missing;
  readonly to: Told | typeof missing;
}

/** How the changes that were declared stand to those that happened. */
export interface Comparison {
  /** Declared, and so it came. */
  readonly hits: readonly Change[];
  /** Declared, and did not come: `to` is what the rule says instead. */
  readonly misses: readonly (Change & { readonly declared: Told })[];
  /** Not declared, or declared to become something else, and came all the same. */
  readonly falseAlarms: readonly Change[];
}

/** Puts what was declared to move beside what moved. */
export function compareChanges(declared: Outcomes, before: Outcomes, after: Outcomes): Comparison {
  const moved = changes(before, after);
  const isHit = (change: Change) => outcomeOf(declared, change.rule) === change.to;
  const hits = moved.filter(isHit);
  const came = new Set(hits.map(({ rule }) => rule));
  return {
    hits,
    misses: Object.entries(declared)
      .filter(([rule]) => !came.has(rule))
      .map(([rule, outcome]) => ({ ...changeOf(rule, before, after), declared: outcome })),
    falseAlarms: moved.filter((change) => !isHit(change)),
  };
}

/** All that is not as declared could not be looked at: so it shows where this machine stood still, and it is no verdict of the product's. */
export function couldNotLook({ misses, falseAlarms }: Comparison): boolean {
  const off = [...misses, ...falseAlarms];
  return off.length > 0 && off.every(({ to }) => to === "unknown");
}

/** The rules that came out differently, by id. */
export function changes(before: Outcomes, after: Outcomes): readonly Change[] {
  return rulesOf(before, after)
    .map((rule) => changeOf(rule, before, after))
    .filter(({ from, to }) => from !== to);
}

/** What an untouched host's audit gives, beside what passes. */
export type ProfileExpectation = Readonly<Partial<Record<Told, readonly string[]>>>;

/** A rule that did not come out as the host's profile says. */
export interface Deviation {
  readonly rule: string;
  readonly expected: string;
  readonly got: Told | typeof missing;
}

const inOrder: readonly string[] = ["pass", "notapplicable", "informational"] satisfies Told[];

/** Where an untouched host is not as its profile says. A rule the profile does not name must pass or not apply; one of level info has nothing to remark. */
export function deviations(expectation: ProfileExpectation, got: Outcomes): readonly Deviation[] {
  const named = new Map(
    Object.entries(expectation).flatMap(([outcome, rules]) => rules.map((rule) => [rule, outcome])),
  );
  return rulesOf(got, Object.fromEntries(named)).flatMap((rule) => {
    const outcome = outcomeOf(got, rule) ?? missing;
    const expected = named.get(rule);
    const agrees = expected === undefined ? inOrder.includes(outcome) : expected === outcome;
    return agrees ? [] : [{ rule, expected: expected ?? "pass", got: outcome }];
  });
}

/** What came of blinding the audit. */
export interface Blinded {
  /** Rules that no longer tell what they told. */
  readonly silenced: readonly Change[];
  /** Changes that blindness does not excuse: above all any that makes a server look better than what was seen. */
  readonly wrong: readonly Change[];
  /** Declared, and did not come. */
  readonly misses: readonly (Change & { readonly declared: Told })[];
}

const silent: readonly string[] = ["unknown", "notchecked"] satisfies Told[];

/**
 * Judges an audit that could not see everything against one of the same host that could. A rule may fall silent; it may become anything else
 * only where that was declared.
 */
export function compareBlinded(declared: Outcomes, before: Outcomes, after: Outcomes): Blinded {
  const moved = changes(before, after);
  const { misses } = compareChanges(declared, before, after);
  const came = ({ rule, to }: Change) => outcomeOf(declared, rule) === to;
  return {
    silenced: moved.filter(({ from, to }) => !silent.includes(from) && silent.includes(to)),
    wrong: moved.filter((change) => !silent.includes(change.to) && !came(change)),
    misses,
  };
}

function rulesOf(...all: readonly Readonly<Record<string, unknown>>[]): readonly string[] {
  return [...new Set(all.flatMap((each) => Object.keys(each)))].sort();
}

function changeOf(rule: string, before: Outcomes, after: Outcomes): Change {
  return { rule, from: outcomeOf(before, rule) ?? missing, to: outcomeOf(after, rule) ?? missing };
}

/** Own entries only: a rule may bear the name of something every object has. */
function outcomeOf(outcomes: Outcomes, rule: string): Told | undefined {
  return Object.hasOwn(outcomes, rule) ? outcomes[rule] : undefined;
}
