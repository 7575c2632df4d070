import Type, { type Static } from "typebox";

/**
 * Outcomes of a rule, in XCCDF's words. unknown: looked, could not tell. notchecked: nothing to tell it with.
 * error: our own fault.
 */
export const Outcome = Type.Enum(["pass", "fail", "unknown", "notchecked", "notapplicable", "informational", "error"]);
export type Outcome = Static<typeof Outcome>;

/** How strongly the guide asks: must, should, or context that the report states. */
export const Level = Type.Enum(["must", "should", "info"]);
export type Level = Static<typeof Level>;

/** How bad a failure of the rule is, worst first. */
export const Severity = Type.Enum(["critical", "high", "medium", "low", "info"]);
export type Severity = Static<typeof Severity>;

/** blocked: a must fails. undecided: a must is unknown, notchecked or error. passed: neither. */
export const Verdict = Type.Enum(["passed", "blocked", "undecided"]);
export type Verdict = Static<typeof Verdict>;
