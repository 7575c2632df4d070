import type { FaultResult, Result } from "./results.ts";

/** Numbers of things that passed and failed. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
}

/** How well the rules did over all faults that ran. */
export interface Figures {
  /** Changes that faults declare. */
  readonly declared: number;
  /** Of these, those that happened. */
  readonly hits: number;
  /** Changes that happened. */
  readonly happened: number;
  /** Faults that ran and could not be compared: nothing they declare counts as happened. */
  readonly notCompared: number;
  /** Part of the declared changes that happened, 0 to 1; undefined where none was declared. */
  readonly recall: number | undefined;
  /** Part of the changes that happened that were declared, 0 to 1; undefined where none happened. */
  readonly precision: number | undefined;
}

/** Recall and precision over all faults that ran. */
export function figuresOf(results: readonly FaultResult[]): Figures {
  const ran = results.filter(({ verdict }) => verdict === "passed" || verdict === "failed");
  const declared = sum(ran, ({ declared }) => Object.keys(declared).length);
  const hits = sum(ran, ({ comparison }) => comparison?.hits.length ?? 0);
  const happened = hits + sum(ran, ({ comparison }) => comparison?.falseAlarms.length ?? 0);
  return {
    declared,
    hits,
    happened,
    notCompared: ran.filter(({ comparison }) => comparison === undefined).length,
    recall: declared === 0 ? undefined : hits / declared,
    precision: happened === 0 ? undefined : hits / happened,
  };
}

/** How many passed and failed. What was stopped has not passed; what is pending is neither. */
export function tallyOf(results: readonly Pick<Result, "verdict">[]): Tally {
  return {
    passed: results.filter(({ verdict }) => verdict === "passed").length,
    failed: results.filter(({ verdict }) => verdict === "failed" || verdict === "stopped").length,
  };
}

/** All of them together. */
export function addTallies(tallies: readonly Tally[]): Tally {
  return { passed: sum(tallies, ({ passed }) => passed), failed: sum(tallies, ({ failed }) => failed) };
}

/** The figures in two lines for a person. */
export function figureLines({ declared, hits, happened, notCompared, recall, precision }: Figures): readonly string[] {
  const left = notCompared === 0 ? "" : `, ${notCompared} faults could not be compared`;
  return [
    `recall ${percent(recall)}: ${hits} of ${declared} declared changes happened${left}`,
    `precision ${percent(precision)}: ${hits} of ${happened} changes that happened were declared`,
  ];
}

/** Rounded down, so that only what is whole shows as 100 %. */
function percent(part: number | undefined): string {
  return part === undefined ? "–" : `${(Math.floor(part * 1000) / 10).toFixed(1)} %`;
}

function sum<T>(items: readonly T[], count: (item: T) => number): number {
  return items.reduce((total, item) => total + count(item), 0);
}
