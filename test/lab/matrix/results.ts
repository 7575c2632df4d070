import type { Blinded, Change, Comparison, Deviation, Outcomes } from "./compare.ts";

/** passed, failed; pending: not run, since no rule decides what it breaks; stopped: interrupted before it came to an end. */
export type Verdict = "passed" | "failed" | "pending" | "stopped";

/** What one rule said, short. */
export interface Said {
  readonly rule: string;
  readonly outcome: string;
  /** Why: what fails, or what was not known; in English. */
  readonly reasons: readonly string[];
}

interface Common {
  readonly id: string;
  readonly title: string;
  readonly profile: string;
  readonly verdict: Verdict;
  /** Why it failed, one sentence each. */
  readonly reasons: readonly string[];
  /** From the host's start to its end. */
  readonly seconds: number;
  /** What each step took, by its name. */
  readonly steps: Readonly<Record<string, number>>;
  /** Folder with bundles, reports and outputs, kept where it failed. */
  readonly evidence?: string;
}

/** One profile whose host was audited untouched. */
export interface ProfileResult extends Common {
  readonly kind: "profile";
  readonly deviations: readonly Deviation[];
}

/** One fault. */
export interface FaultResult extends Common {
  readonly kind: "fault";
  readonly declared: Outcomes;
  /** Requirements it breaks that no rule decides yet. */
  readonly pending: readonly string[];
  /** What moved; absent where the audits could not be compared. */
  readonly comparison?: Comparison;
  /** Why it was audited a second time after it was broken, one sentence each; the comparison is that of the second. */
  readonly doubts?: readonly string[];
  /** What the rules that moved, or should have, said afterwards. */
  readonly said: readonly Said[];
}

/** One way to blind the audit. */
export interface WayResult extends Common {
  readonly kind: "blindness";
  readonly declared: Outcomes;
  readonly blinded?: Blinded;
  /** What the rules that moved said afterwards. */
  readonly said: readonly Said[];
  /** How long the blinded audit took. */
  readonly auditSeconds?: number;
}

/** The same host audited several times. */
export interface RepeatResult extends Common {
  readonly kind: "repeat";
  readonly times: number;
  /** Findings that were not the same every time. */
  readonly differing: readonly { readonly rule: string; readonly said: readonly string[] }[];
}

/** What became of one thing on the list. */
export type Result = ProfileResult | FaultResult | WayResult | RepeatResult;

/** Rules whose change is of interest, each once. */
export function rulesIn(changes: readonly (readonly Change[])[]): readonly string[] {
  return [...new Set(changes.flat().map(({ rule }) => rule))];
}
