import { statusAt } from "#engine/gate.ts";
import { exitCodes } from "#model/exit-codes.ts";
import type { Report } from "#model/report.ts";

/** Lowest level that may fail a run. */
export type FailOn = "must" | "should" | "none";

/** Exit code of one report: 1 when something of that level or above fails, 2 when something of it is not known, else 0. */
export function exitCodeOf(report: Report, failOn: FailOn): number {
  return exitCodes[statusAt(report, failOn)];
}

/** Exit code of a run over several targets: what could not be used outranks a failure, which outranks what is not known. */
export function worstExitCode(codes: readonly number[]): number {
  const order = [
    exitCodes.bug,
    exitCodes.interrupted,
    exitCodes.usage,
    exitCodes.unusable,
    exitCodes.blocked,
    exitCodes.undecided,
  ];
  return order.find((code) => codes.includes(code)) ?? exitCodes.passed;
}
