import { type Maybe, unknown } from "#model/unknown.ts";
import type { RawJob } from "./backup-jobs.ts";
import { readUnits, scheduleOf, timeOf, type Unit } from "./backup-units.ts";
import { frameOf, type HostOutput } from "./frames.ts";

/** What systemd and OpenClaw know of the runs of jobs. */
export interface Runs {
  readonly timers: ReadonlyMap<string, Unit>;
  readonly services: ReadonlyMap<string, Unit>;
  readonly handlers: ReadonlyMap<string, Unit>;
  /** Newest ends by service, seconds since 1970. */
  readonly journal: ReadonlyMap<string, { readonly success?: number; readonly failure?: number }>;
  readonly utcOffsetMinutes: number;
  readonly now: number;
}

/** How the last run of a job went. */
export interface LastRun {
  readonly lastRunFailed: Maybe<boolean>;
  readonly lastRunAgeHours: Maybe<number>;
  readonly lastSuccessAgeHours: Maybe<number>;
}

/** Reads what was asked of systemd and of the journal. */
export function readRuns(output: HostOutput, clock: { readonly now: number; readonly utcOffsetMinutes: number }): Runs {
  const journal = new Map<string, { success?: number; failure?: number }>();
  for (const line of (frameOf(output, "backups.journal")?.text ?? "").split("\n")) {
    const match = /^(success|failure) (\d{1,11}) (\S{1,256})$/.exec(line);
    if (match === null) continue;
    const entry = { ...journal.get(match[3] ?? "") };
    entry[match[1] === "success" ? "success" : "failure"] = Number(match[2]);
    journal.set(match[3] ?? "", entry);
  }
  const timers = readUnits(output, "backups.timers");
  const byService = [...timers.values()].map((timer) => [timer.get("Unit") ?? "", timer] as const);
  return {
    timers: new Map(byService),
    services: readUnits(output, "backups.services"),
    handlers: readUnits(output, "backups.handlers"),
    journal,
    ...clock,
  };
}

/** Name, schedule and whether it is on, of a job. */
export function triggerOf(
  job: RawJob,
  runs: Runs,
  cronRuns: boolean,
): { name: string; schedule: string; scheduled: Maybe<boolean> } {
  if (job.kind === "cron") return { name: job.name, schedule: job.schedule, scheduled: cronRuns };
  const timer = runs.timers.get(job.name);
  if (timer === undefined) return { name: job.name, schedule: "", scheduled: unknown("its timer was not read") };
  const state = timer.get("ActiveState");
  return {
    name: timer.get("Id") ?? job.name,
    schedule: scheduleOf(timer),
    scheduled: state === undefined ? unknown("systemd told no state of its timer") : state === "active",
  };
}

/** How the last run of a service went, as far as systemd or the journal remember; cron remembers none. */
export function lastRunOf(job: RawJob, runs: Runs): LastRun {
  if (job.kind === "cron") {
    const why = unknown("cron keeps no result");
    return { lastRunFailed: why, lastRunAgeHours: why, lastSuccessAgeHours: why };
  }
  const unit = runs.services.get(job.name);
  const ended = timeOf(unit?.get("ExecMainExitTimestamp"), runs.utcOffsetMinutes);
  const result = unit?.get("Result");
  const { success, failure } = runs.journal.get(job.name) ?? {};
  // A result that was set without a process, such as a command that is not there, has no time.
  const failed = result !== undefined && result !== "" && result !== "success";
  const successes = [ended !== undefined && !failed ? ended : undefined, success].filter((time) => time !== undefined);
  const triggered = timeOf(runs.timers.get(job.name)?.get("LastTriggerUSec"), runs.utcOffsetMinutes);
  const known = [ended, success, failure, triggered].filter((time) => time !== undefined);
  const hours = (seconds: readonly number[]) => Math.max(0, Math.floor((runs.now - Math.max(...seconds)) / 3600));
  return {
    lastRunFailed: failedLast({ failed, ended, success, failure }),
    lastRunAgeHours: known.length === 0 ? unknown("neither systemd nor the journal tell of a run") : hours(known),
    lastSuccessAgeHours:
      successes.length === 0 ? unknown("neither systemd nor the journal tell of a success") : hours(successes),
  };
}

function failedLast(ends: {
  readonly failed: boolean;
  readonly ended: number | undefined;
  readonly success: number | undefined;
  readonly failure: number | undefined;
}): Maybe<boolean> {
  if (ends.failed) return true;
  if (ends.ended !== undefined) return false;
  if (ends.success === undefined && ends.failure === undefined)
    return unknown("neither systemd nor the journal tell of a run");
  return (ends.failure ?? 0) > (ends.success ?? 0);
}

/** Units that systemd starts when a service fails, and that are there. */
export function handlersOf(job: RawJob, runs: Runs): readonly string[] {
  const names = (runs.services.get(job.name)?.get("OnFailure") ?? "").split(" ").filter((name) => name !== "");
  return names.filter((name) => runs.handlers.get(name)?.get("LoadState") === "loaded");
}
