import type { Static } from "typebox";
import type { Backups } from "#evidence/backups.ts";
import { type Attempt, failed, observed } from "#model/attempt.ts";
import { visible } from "#model/sanitise.ts";
import { isUnknown, type Maybe, seen, unknown } from "#model/unknown.ts";
import { readConfiguration } from "./backup-configuration.ts";
import { readDisks, readRemoteMounts } from "./backup-disks.ts";
import { type Copies, type CopyFile, readCopies } from "./backup-files.ts";
import { countGenerations } from "./backup-generations.ts";
import { type BackupJob, type Jobs, jobsOf } from "./backup-job-list.ts";
import { copiedBy, type FoundDatabase } from "./backup-match.ts";
import { readState, type StateFiles } from "./backup-state.ts";
import { readClock } from "./clock.ts";
import { frameOf, type HostOutput, missing } from "./frames.ts";
import { processNames } from "./processes.ts";

type Value = Static<typeof Backups>;
type Database = Exclude<Value["databases"][number], { $unknown: string }>;

/** Programs that send logs away all the time; what they send stands in settings that are not read. */
const shippers = [
  "fluent-bit",
  "fluentd",
  "td-agent",
  "vector",
  "promtail",
  "alloy",
  "filebeat",
  "otelcol",
  "otelcol-contrib",
  "amazon-cloudwatch-agent",
];

/** Databases, the copies of them and the jobs that make and send copies. */
export function parseBackups(output: HostOutput): Attempt<Value> {
  const frame = frameOf(output, "backups.state");
  if (frame === undefined) return missing(output, "find");
  const clock = readClock(output);
  if (clock?.utcOffsetMinutes === undefined) return failed("malformed", "the host's clock could not be read");
  const from = { now: clock.epochMs / 1000, utcOffsetMinutes: clock.utcOffsetMinutes };
  const state = readState(output);
  const copies = declaredOf(output, readCopies(output));
  const held = new Map(copies.files.map((file) => [file, copiedBy(file, state.databases)] as const));
  const folders = [
    ...new Set(
      copies.files
        .filter((file) => (held.get(file) ?? []).length > 0)
        .map(({ path }) => path.slice(0, path.lastIndexOf("/"))),
    ),
  ];
  const jobs = jobsOf(output, { state, folders, remoteMounts: readRemoteMounts(output), from });
  const disksOf = readDisks(output);
  const databases = state.databases.map((database): Database => {
    const files = copies.files.filter((file) => held.get(file)?.includes(database) === true);
    return toDatabase(database, { files, copies, jobs, disksOf, from });
  });
  const list = jobs.list.map((job) => (isUnknown(job) ? job : withCopies(job, databases)));
  return observed({
    databases: withOpenEnd(databases, state),
    jobs: list,
    configuration: readConfiguration(output, state, copies),
    logTransfer: logTransfer({ ...jobs, list }, output),
  });
}

/** Where the operator declared folders, copies elsewhere do not count. */
function declaredOf(output: HostOutput, copies: Copies): Copies {
  const declared =
    /^path (.+)$/m
      .exec(frameOf(output, "backups.declared")?.text ?? "")?.[1]
      ?.split(" ")
      .filter(Boolean) ?? [];
  if (declared.length === 0) return copies;
  return {
    ...copies,
    files: copies.files.filter(({ path }) =>
      declared.some((folder) => path.startsWith(`${folder.replace(/\/$/, "")}/`)),
    ),
  };
}

function withOpenEnd(databases: readonly Database[], state: StateFiles): Value["databases"] {
  if (state.open !== undefined) return [...databases, unknown(state.open)];
  const missed = state.openclaw && !databases.some(({ engine }) => engine === "sqlite");
  return missed ? [...databases, unknown("OpenClaw is on this host, but no database of it was found")] : [...databases];
}

interface Around {
  readonly files: readonly CopyFile[];
  readonly copies: Copies;
  readonly jobs: Jobs;
  readonly disksOf: (device: number) => ReadonlySet<string>;
  readonly from: { readonly now: number; readonly utcOffsetMinutes: number };
}

function toDatabase(database: FoundDatabase, around: Around): Database {
  const { files, copies, jobs, from } = around;
  const making = seen(jobs.list).filter((job) => job.backsUpDatabase === true);
  // What restic, borg and the like keep is not read: it may hold copies that no file shows.
  const hidden = making.some((job) =>
    job.methods.some((method) =>
      /^(restic|borg|borgmatic|kopia|duplicity|rsnapshot|litestream|sqlite3_rsync)$/.test(method),
    ),
  );
  const open =
    copies.open ??
    (files.length === 0 && (hidden || jobs.open !== undefined)
      ? (jobs.open ?? "copies in a repository are not read")
      : undefined);
  const hours =
    database.madeAt === undefined
      ? unknown("when the database was made is not known")
      : Math.max(0, Math.floor((from.now - database.madeAt) / 3600));
  const generations = countGenerations(files, { open, cut: copies.cut }, from);
  return {
    name: visible(database.engine === "mysql" ? "mysql" : database.path, 300),
    engine: database.engine,
    sizeBytes: database.bytes ?? unknown("a server's database was not measured"),
    existsHours: hours,
    ...generations,
    dueGenerations: typeof hours === "number" ? Math.min(7, Math.floor(hours / 24)) : hours,
    sameDisk: sameDisk(database, around, open ?? copies.cut),
    sentAway: anyOf(making.length === 0 && jobs.open === undefined ? [] : seen(jobs.list), jobs, (job) =>
      both(job.sendsBackups, job.scheduled),
    ),
    scheduled: making.length === 0 ? unmade(generations.copied, jobs) : anyOf(making, jobs, (job) => job.scheduled),
    failureNoticed: noticed(making, generations.copied, jobs),
  };
}

function sameDisk({ device }: FoundDatabase, { files, disksOf }: Around, open: string | undefined): Maybe<boolean> {
  if (device === undefined) return unknown("the disk of the database is not known");
  if (files.length === 0) return unknown(open ?? "there is no copy");
  const own = disksOf(device);
  const same = files.every((file) => [...disksOf(file.device)].some((disk) => own.has(disk)));
  return same && open !== undefined ? unknown(open) : same;
}

/** Whether one of the jobs is so; known to be false only where every job could be read. */
function anyOf(list: readonly BackupJob[], jobs: Jobs, what: (job: BackupJob) => Maybe<boolean>): Maybe<boolean> {
  const answers = list.map(what);
  if (answers.includes(true)) return true;
  const unsure = answers.find(isUnknown);
  return unsure ?? (jobs.open === undefined ? false : unknown(jobs.open));
}

function both(first: Maybe<boolean>, second: Maybe<boolean>): Maybe<boolean> {
  if (first === false || second === false) return false;
  return isUnknown(first) ? first : second;
}

/** Whether anything is on where no job was found that makes copies. */
function unmade(copied: Maybe<boolean>, jobs: Jobs): Maybe<boolean> {
  if (jobs.open !== undefined) return unknown(jobs.open);
  return copied === false ? false : unknown("no job was found that makes the copies");
}

function noticed(making: readonly BackupJob[], copied: Maybe<boolean>, jobs: Jobs): Maybe<boolean> {
  if (making.length === 0) return unmade(copied, jobs);
  const running = making.filter((job) => job.scheduled === true);
  const notices = (running.length > 0 ? running : making).map((job) => job.failureNotice);
  if (notices.includes("")) return jobs.open === undefined ? false : unknown(jobs.open);
  return notices.find(isUnknown) ?? true;
}

/** A job of which nobody keeps the result, but that left a whole copy in the last day, did not fail. */
function withCopies(job: BackupJob, databases: readonly Database[]): BackupJob {
  if (job.backsUpDatabase !== true || !isUnknown(job.lastRunFailed) || databases.length === 0) return job;
  const fresh = databases.every(
    ({ newestAgeHours, newestBytes }) =>
      typeof newestAgeHours === "number" && newestAgeHours <= 26 && newestBytes !== 0,
  );
  return fresh ? { ...job, lastRunFailed: false } : job;
}

function logTransfer(jobs: Jobs, output: HostOutput): Value["logTransfer"] {
  const sending = seen(jobs.list).filter((job) => job.sendsLogs === true);
  const age = ({ lastSuccessAgeHours }: BackupJob) =>
    typeof lastSuccessAgeHours === "number" ? lastSuccessAgeHours : Number.MAX_SAFE_INTEGER;
  const [best] = sending.toSorted(
    (a, b) => Number(b.scheduled === true) - Number(a.scheduled === true) || age(a) - age(b),
  );
  if (best !== undefined) {
    const { name, scheduled, lastRunFailed, lastSuccessAgeHours } = best;
    return { found: true, job: name, scheduled, lastRunFailed, lastSuccessAgeHours };
  }
  const names = processNames(output);
  const shipper = shippers.find((name) => names?.has(name.slice(0, 15)) === true);
  const unread = seen(jobs.list).some((job) => isUnknown(job.sendsLogs))
    ? "a script of a job could not be read"
    : undefined;
  const why =
    jobs.open ??
    unread ??
    (shipper === undefined ? undefined : `${shipper} runs; what it sends is not read`) ??
    (names === undefined ? "processes could not be seen" : undefined);
  const none = unknown(why ?? "no job sends log files away");
  return {
    found: why === undefined ? false : none,
    job: none,
    scheduled: none,
    lastRunFailed: none,
    lastSuccessAgeHours: none,
  };
}
