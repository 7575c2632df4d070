import type { Static } from "typebox";
import type { Backups } from "#evidence/backups.ts";
import { type Maybe, unknown } from "#model/unknown.ts";
import { type RawJob, readJobs } from "./backup-jobs.ts";
import { handlersOf, lastRunOf, type Runs, readRuns, triggerOf } from "./backup-runs.ts";
import type { StateFiles } from "./backup-state.ts";
import { type JobWork, workOf } from "./backup-words.ts";
import { faultOf, frameOf, framesOf, type HostOutput } from "./frames.ts";

type List = Static<typeof Backups>["jobs"];

/** A job that makes or sends copies, or that may. */
export type BackupJob = Exclude<List[number], { $unknown: string }>;

/** Jobs, and why there may be more of them. */
export interface Jobs {
  readonly list: List;
  readonly open: string | undefined;
}

/** What a job is judged by. */
export interface JobContext {
  readonly state: StateFiles;
  /** Folders in which copies lie. */
  readonly folders: readonly string[];
  readonly remoteMounts: readonly string[];
  readonly from: { readonly now: number; readonly utcOffsetMinutes: number };
}

/** Jobs of systemd and cron, and OpenClaw's own, that have to do with backups. */
export function jobsOf(output: HostOutput, context: JobContext): Jobs {
  const raw = readJobs(output);
  const runs = readRuns(output, context.from);
  const declared = declaredJobs(output);
  const places = {
    databases: context.state.databases.map(({ path }) => path),
    folders: context.folders,
    remoteMounts: context.remoteMounts,
  };
  const all = raw.jobs.map((job) => ({ job, work: workOf(job, places), trigger: triggerOf(job, runs, raw.cronRuns) }));
  const watcher = all.find(
    ({ job, work, trigger }) => work.watchesCopies && trigger.scheduled === true && noticeOf(job, work, runs) !== "",
  );
  const list: BackupJob[] = all.map(({ job, work, trigger }) => {
    const named = [trigger.name, job.name].some(
      (name) => declared.includes(name) || declared.includes(name.replace(/\.(timer|service)$/, "")),
    );
    const own = noticeOf(job, work, runs);
    // A check that is told of a copy that is too old is told of every reason for it.
    const watched =
      own === "" && watcher !== undefined && watcher.job !== job ? `watched by ${watcher.trigger.name}` : own;
    const sure = (is: boolean): Maybe<boolean> =>
      is || !job.partly ? is : unknown("a script of it could not be read to its end");
    return {
      ...trigger,
      backsUpDatabase: named || sure(work.backsUpDatabase),
      methods: [...work.methods],
      copiesLiveFiles: sure(work.copiesLiveFiles),
      sendsLogs: sure(work.sendsLogs),
      sendsBackups: sure(work.sendsBackups),
      ...lastRunOf(job, runs),
      failureNotice: watched === "" && job.partly ? unknown("a script of it could not be read to its end") : watched,
    };
  });
  const relevant = list.filter((job) =>
    [job.backsUpDatabase, job.sendsLogs, job.sendsBackups, job.copiesLiveFiles].some((is) => is !== false),
  );
  const own = ownScheduler(output, context.from.now, relevant);
  const open = openOf(output, raw.hidden, context.state);
  return { list: [...relevant, ...own, ...(open === undefined ? [] : [unknown(open)])], open };
}

function declaredJobs(output: HostOutput): readonly string[] {
  const text = frameOf(output, "backups.declared")?.text ?? "";
  return (
    /^job (.+)$/m
      .exec(text)?.[1]
      ?.split(" ")
      .filter((name) => name !== "") ?? []
  );
}

function noticeOf(job: RawJob, work: JobWork, runs: Runs): string {
  const handlers = job.kind === "unit" ? handlersOf(job, runs) : [];
  if (handlers.length > 0) return `OnFailure=${handlers.join(" ")}`;
  if (job.kind === "cron" && job.mailto) return "MAILTO of its table";
  return work.tells ? "it tells of its runs itself" : "";
}

/** Why there may be jobs that were not read. */
function openOf(output: HostOutput, hidden: readonly string[], state: StateFiles): string | undefined {
  const frames = ["timers", "services", "units", "cron"].flatMap((name) => framesOf(output, `backups.${name}`));
  const cron = frameOf(output, "backups.cron");
  if (cron === undefined) return "tables of cron were not read";
  const systemd = /^systemd$/m.test(cron.text);
  if (systemd && (frameOf(output, "backups.timers") === undefined || frameOf(output, "backups.services") === undefined))
    return "timers were not read";
  for (const frame of frames) {
    const fault = faultOf(frame);
    if (fault !== undefined || frame.state !== "ok") return `${frame.name}: ${fault?.detail ?? "its output was cut"}`;
  }
  if (hidden.length > 0) return `not readable: ${hidden.slice(0, 3).join(", ")}`;
  const [timer] = state.userTimers;
  return timer === undefined ? undefined : `timers of users were not read, such as ${timer}`;
}

/** OpenClaw notes each backup it makes itself; one that no other job starts is its own scheduler's. */
function ownScheduler(output: HostOutput, now: number, jobs: readonly BackupJob[]): BackupJob[] {
  if (jobs.some((job) => job.methods.includes("openclaw backup"))) return [];
  const rows = [...(frameOf(output, "backups.runs")?.text ?? "").matchAll(/^(\w{1,20})\|(\d{10,14})\|\d{1,6}$/gm)];
  const [newest] = rows.toSorted((a, b) => Number(b[2]) - Number(a[2]));
  if (newest === undefined) return [];
  const hours = (row: RegExpMatchArray) =>
    Math.max(0, Math.floor((now - Number(row[2]) / (Number(row[2]) > 1e11 ? 1000 : 1)) / 3600));
  const success = rows.find((row) => row[1] === "ok");
  return [
    {
      name: "backup_runs of OpenClaw",
      schedule: "",
      scheduled: unknown("whether OpenClaw's own scheduler is on was not read"),
      backsUpDatabase: true,
      methods: ["openclaw backup"],
      copiesLiveFiles: false,
      sendsLogs: false,
      sendsBackups: unknown("where OpenClaw pushes to was not read"),
      lastRunFailed: newest[1] !== "ok",
      lastRunAgeHours: hours(newest),
      lastSuccessAgeHours: success === undefined ? unknown("no success is noted") : hours(success),
      failureNotice: unknown("whether OpenClaw tells of a failure was not read"),
    },
  ];
}
