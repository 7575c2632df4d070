import type { Static } from "typebox";
import type { Logs } from "#evidence/logs.ts";
import { visible } from "#model/sanitise.ts";
import { isUnknown, type Maybe, unknown } from "#model/unknown.ts";
import type { HostOutput } from "./frames.ts";
import { bytesOf, growthOf, type LogFolder, oldestOf } from "./log-files.ts";
import { jobLimits } from "./log-jobs.ts";
import { daysUntilFull, keptDays, type Limit, type Place } from "./log-retention.ts";
import { wholeDays } from "./log-time.ts";
import { type Logrotate, type Rotation, rotationOf } from "./logrotate.ts";
import { tmpfilesLimits } from "./tmpfiles.ts";

/** A log that grows on this host's disk. */
export type Growing = Exclude<Static<typeof Logs>["growing"][number], { $unknown: string }>;

/** What all places of logs are judged against. */
export interface LogContext {
  readonly output: HostOutput;
  /** Undefined where no folder could be looked at. */
  readonly folders: ReadonlyMap<string, LogFolder> | undefined;
  readonly rotation: Logrotate;
  readonly nowMs: number | undefined;
  readonly dueDays: Maybe<number>;
  /** Bytes that are free where a path lies. */
  readonly availableAt: (path: string) => number | undefined;
}

/** A log in files: where it is looked for, and what its own writer deletes. */
export interface FileLog {
  /** Path of the file that is written. */
  readonly path: string;
  /** Path under which its folder was listed. */
  readonly listed: string;
  readonly name: string;
  readonly prunedByOpenclaw: boolean;
  /** In a container, and in none of its volumes. */
  readonly inContainer: boolean;
  /** Limits that its writer sets, by what is known of its files and of their rotation. */
  readonly own: (folder: LogFolder | undefined, rotation: Rotation) => readonly Limit[];
  /** What keeps it in bounds where logrotate does not; empty for nothing. */
  readonly boundedBy: string;
}

/** What holds for a log whose writer deletes nothing of it. */
export const plainLog = { prunedByOpenclaw: false, inContainer: false, boundedBy: "", own: () => [] } as const;

/** Where a log in files is kept, and how it grows. */
export function fileLog(log: FileLog, context: LogContext): { place: Place; growing: Growing } {
  const folder = log.inContainer ? undefined : context.folders?.get(log.listed);
  const growth = growthOf(folder);
  const rotation = rotationOf(context.rotation, { path: log.path, folder, growthPerDay: growth, nowMs: context.nowMs });
  const volatile = isVolatile(log, folder);
  const limits = [
    ...log.own(folder, rotation),
    ...(log.inContainer ? [] : outerLimits(log, { folder, rotation, context })),
    ...(volatile ? [{ name: lossOf(log), by: "time" as const, days: 0 }] : []),
  ];
  const name = visible(log.name, 300);
  const held = heldIn(folder, context);
  const kept = keptDays(limits);
  const place: Place = {
    name,
    kind: "file",
    limits: limits.map(printable),
    keptDays: kept,
    ...held,
    dueDays: context.dueDays,
    volatile,
    prunedByOpenclaw: log.prunedByOpenclaw,
  };
  return { place, growing: growingOf(log, { name, folder, growth, rotation, kept, held: held.heldDays, context }) };
}

function printable(limit: Limit): Limit {
  if (isUnknown(limit)) return unknown(visible(limit.$unknown, 300));
  return { ...limit, name: visible(limit.name, 300) };
}

interface Around {
  readonly folder: LogFolder | undefined;
  readonly rotation: Rotation;
  readonly context: LogContext;
}

function outerLimits(log: FileLog, { folder, rotation, context }: Around): Limit[] {
  const files = (folder?.files ?? []).map(({ path }) => path);
  const paths = [...new Set([log.path, `${log.path}.1`, `${log.path}.2.gz`, ...files])];
  return [...rotation.limits, ...tmpfilesLimits(context.output, log.path), ...jobLimits(context.output, paths)];
}

function isVolatile(log: FileLog, folder: LogFolder | undefined): boolean {
  return (
    log.inContainer ||
    /^\/(tmp|run|var\/run|dev\/shm)\//.test(log.path) ||
    /^(tmpfs|ramfs)$/.test(folder?.fileSystem ?? "")
  );
}

function lossOf(log: FileLog): string {
  if (log.inContainer) return "it goes with the container";
  return log.path.startsWith("/tmp/")
    ? "/tmp is emptied at a reboot"
    : "its file system is in memory, emptied at a reboot";
}

/** How far back a log's files reach. */
function heldIn(folder: LogFolder | undefined, { nowMs, dueDays }: LogContext): Pick<Place, "heldDays" | "heldBy"> {
  const doubt = (why: string) => ({ heldDays: unknown(why), heldBy: unknown(why) });
  if (folder === undefined) return doubt("its files could not be looked at");
  if (folder.state === "hidden" || folder.state === "unlisted") return doubt("its folder could not be listed");
  if (nowMs === undefined) return doubt("the host's clock was not read");
  const oldest = oldestOf(folder);
  if (oldest === undefined) return { heldDays: 0, heldBy: "entry" };
  const days = wholeDays(nowMs - oldest.ms);
  // The last write of a file is later than its first entry: it shows that a log reaches as far as it can, and never that it does not.
  if (oldest.by === "file" && !(typeof dueDays === "number" && days >= dueDays))
    return doubt(`the oldest file was last written ${days} days ago; the times of its entries were not read`);
  return { heldDays: days, heldBy: oldest.by };
}

interface Growth {
  readonly name: string;
  readonly folder: LogFolder | undefined;
  readonly growth: number | undefined;
  readonly rotation: Rotation;
  readonly kept: Maybe<number>;
  readonly held: Maybe<number>;
  readonly context: LogContext;
}

function growingOf(log: FileLog, found: Growth): Growing {
  const { folder, growth, rotation } = found;
  const why = unknown("its files could not be looked at");
  const sizeBytes = folder?.state === "seen" ? bytesOf(folder) : why;
  const growthBytesPerDay = growth ?? unknown("no file of it that is not compressed spans an hour");
  const base = { name: found.name, sizeBytes, growthBytesPerDay, fullInDays: fullIn(log, found) };
  if (rotation.by === "" && log.boundedBy !== "")
    return { ...base, rotatedBy: log.boundedBy, runs: true, runsNote: `${log.boundedBy} does it by itself` };
  const note = isUnknown(rotation.by) ? rotation.by : visible(rotation.note, 300);
  return {
    ...base,
    rotatedBy: isUnknown(rotation.by) ? rotation.by : visible(rotation.by, 300),
    runs: rotation.runs,
    runsNote: note,
  };
}

function fullIn(log: FileLog, { growth, kept, held, context }: Growth): Maybe<number> {
  const availableBytes = context.availableAt(log.path);
  if (growth === undefined || availableBytes === undefined) return unknown("its growth, or what is free, is not known");
  return daysUntilFull({
    availableBytes,
    growthPerDay: growth,
    keptDays: isUnknown(kept) ? undefined : kept,
    heldDays: isUnknown(held) ? undefined : held,
  });
}
