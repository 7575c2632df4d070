import type { Level, Outcome, Verdict } from "./outcome.ts";
import type { Text } from "./text.ts";

/**
 * What a change can come from. server: the rule, the profile and the policy are the same, so the server changed, or a date has passed.
 * rules, profile, policy: that changed, and the values seen did not. mixed: that changed and so did what was seen, or it cannot be told.
 */
export type ChangeCause = "server" | "rules" | "profile" | "policy" | "mixed";

/**
 * What became of something between two reports. new: it fails and did not. fixed: it failed and, looked at whole, does not. still: it
 * fails in both. lost: it was decided and no longer is known. decided: it was not known and passes or does not apply now. dropped: it
 * failed and is not judged any more. changed: what passes in both was seen with other values.
 */
export type ChangeKind = "new" | "fixed" | "still" | "lost" | "decided" | "dropped" | "changed";

/** One difference between two reports, or one failure that stands in both. */
export interface Change {
  readonly kind: ChangeKind;
  readonly cause: ChangeCause;
  readonly rule: string;
  readonly requirement: string;
  readonly level: Level;
  readonly title: Text;
  /** The thing that fails; the target's id for a rule as a whole. */
  readonly subject: string;
  /** What the earlier report said; null where it said nothing of it. */
  readonly before: Text | null;
  readonly after: Text | null;
  readonly outcomes: { readonly before: Outcome | null; readonly after: Outcome | null };
  readonly waived: { readonly before: boolean; readonly after: boolean };
  readonly fingerprint: string;
}

/** What one of the two reports is. */
export interface Side {
  readonly report: string;
  readonly collectedAt: string;
  readonly evaluatedAt: string;
  readonly verdict: Verdict;
  readonly tool: string;
  readonly profile: string;
}

/** Two reports of one target beside each other. */
export interface Comparison {
  readonly target: string;
  readonly before: Side;
  readonly after: Side;
  /** What both were judged by; a difference that it may have made is told apart from one of the server. */
  readonly same: {
    readonly rules: boolean;
    readonly profile: boolean;
    readonly policy: boolean;
    readonly tool: boolean;
  };
  /** Rules that only one of them judged. */
  readonly rules: { readonly added: readonly string[]; readonly removed: readonly string[] };
  readonly changes: readonly Change[];
}
