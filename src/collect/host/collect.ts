import { type Attempt, failed, notAttempted } from "#model/attempt.ts";
import type { OutboundPlan } from "#model/outbound.ts";
import type { Surroundings } from "#model/progress.ts";
import { visible } from "#model/sanitise.ts";
import type { HostSession, RunResult } from "#net/host-session.ts";
import { notCollected, type HostResult as Result, readHostOutput } from "./output.ts";
import { hostScript } from "./script.ts";

/** What the inside of a host gave. */
export type HostResult = Result;

/** What to ask the host, and within which limits. */
export interface HostPlan {
  readonly vantage: string;
  /** Random hexadecimal digits, new for every run. */
  readonly boundary: string;
  readonly sshUsers: readonly string[];
  readonly container?: string;
  /** Folders of backups and the jobs that make them, as declared. */
  readonly backups?: { readonly paths: readonly string[]; readonly jobs: readonly string[] } | undefined;
  /** What connections to try from the host; none when left out. */
  readonly outbound?: OutboundPlan | undefined;
  readonly timeoutMs: number;
  readonly maxBytes: number;
}

/** Runs the script on the host, once, and reads what it printed. Never throws for what the host does. */
export async function collectHost(session: HostSession, plan: HostPlan, around: Surroundings): Promise<HostResult> {
  const { vantage, boundary } = plan;
  around.progress({ step: "host", state: "start", vantage });
  const sentAt = around.now();
  const script = hostScript({
    boundary,
    sshUsers: plan.sshUsers,
    ...(plan.container === undefined ? {} : { container: plan.container }),
    backups: plan.backups,
    outbound: plan.outbound,
  });
  const run = await session.run(script, { timeoutMs: plan.timeoutMs, maxBytes: plan.maxBytes, signal: around.signal });
  const receivedAt = around.now();
  around.progress({ step: "host", state: "end", vantage });
  const result = readHostOutput(run.stdout, {
    vantage,
    boundary,
    receivedAt,
    startedAt: sentAt,
    end: run.end,
    scannerClock: { sentAt, receivedAt },
  });
  if (!("error" in result)) return result;
  return { evidence: notCollected(vantage, whyNothing(run, result.error), sentAt), notes: [] };
}

/** The run gave no output of the script: why. */
function whyNothing(run: RunResult, error: string): Attempt<never> {
  const said = visible(run.stderr.trim() || Buffer.from(run.stdout.subarray(0, 300)).toString("utf8").trim(), 300);
  const words = said === "" ? "" : `; the host said: ${said}`;
  switch (run.end) {
    case "timeout":
      return failed("timeout", `the script gave no output in time${words}`);
    case "lost":
      return failed("unreachable", `the connection broke before the script gave output${words}`);
    case "aborted":
      return notAttempted("the run was stopped before the script gave output");
    case "truncated":
      return failed("truncated", `the host printed too much before the script did${words}`);
    case "exit":
      return failed("malformed", `${error} (exit code ${run.exitCode ?? "none"})${words}`);
  }
}
