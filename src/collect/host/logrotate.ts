import { isUnknown, type Maybe, unknown } from "#model/unknown.ts";
import { faultOf, frameOf, type HostOutput } from "./frames.ts";
import { matchesGlob } from "./glob.ts";
import type { LogFolder } from "./log-files.ts";
import { type Limit, mayReach, rotationDays, turnDays } from "./log-retention.ts";
import { wholeDays } from "./log-time.ts";
import { type LogrotateConfig, type RotationBlock, readLogrotate } from "./logrotate-config.ts";

/** Whether logrotate is started by something, and when it last was. */
interface Schedule {
  /** Why it is not, or not known to be; undefined where it is. */
  readonly stopped: string | undefined;
  readonly sure: boolean;
  readonly lastRunMs: number | undefined;
  /** When each log was last turned over, in the host's own time. */
  readonly turned: ReadonlyMap<string, string>;
}

/** What logrotate does. */
export interface Logrotate {
  readonly config: LogrotateConfig;
  readonly schedule: Schedule;
}

/** Reads logrotate's configuration, its schedule and its own notes. */
export function readRotation(output: HostOutput): Logrotate {
  const frame = frameOf(output, "logs.logrotate");
  const fault = frame === undefined ? { detail: "was not read" } : faultOf(frame);
  const run = frameOf(output, "logs.logrotate.run");
  const schedule = run === undefined || run.state !== "ok" ? unread : readSchedule(run.text);
  // Where it is not installed its files say nothing.
  if (/^installed$/m.test(run?.text ?? "") === false && schedule !== unread)
    return { config: { blocks: [], gaps: [] }, schedule };
  if (frame === undefined || fault !== undefined)
    return { config: { blocks: [], gaps: [`logrotate's configuration: ${fault?.detail ?? ""}`] }, schedule };
  return { config: readLogrotate(frame), schedule };
}

const unread: Schedule = {
  stopped: "whether logrotate runs was not read",
  sure: false,
  lastRunMs: undefined,
  turned: new Map(),
};

function readSchedule(text: string): Schedule {
  const value = (name: string) => new RegExp(`^${name}=(.*)$`, "m").exec(text)?.[1] ?? "";
  const has = (line: string) => text.split("\n").includes(line);
  const timer = value("ActiveState") === "active";
  const cron =
    /^cron \//m.test(text) && /^daemon /m.test(text) && !(has("service") && has("cron leaves it to systemd"));
  const status = [...text.matchAll(/^status (\d{1,12}) /gm)].map((match) => Number(match[1]) * 1000);
  const turned = new Map(
    [...text.matchAll(/^"(\/[^"]*)" (\d{4}-\d{1,2}-\d{1,2}-\d{1,2}:\d{1,2}:\d{1,2})$/gm)].map(
      (match) => [match[1] ?? "", match[2] ?? ""] as const,
    ),
  );
  return {
    ...stoppedBy({ timer, cron, has, value }),
    lastRunMs: status.length === 0 ? undefined : Math.max(...status),
    turned,
  };
}

function stoppedBy(found: {
  timer: boolean;
  cron: boolean;
  has: (line: string) => boolean;
  value: (name: string) => string;
}): Pick<Schedule, "stopped" | "sure"> {
  if (!found.has("installed")) return { stopped: "logrotate is not installed", sure: true };
  const result = found.value("Result");
  if (found.has("service") && result !== "" && result !== "success")
    return { stopped: `its last run failed (${result} ${found.value("ExecMainStatus")})`, sure: true };
  if (found.timer || found.cron) return { stopped: undefined, sure: true };
  const state = found.value("LoadState") === "masked" ? "masked" : found.value("ActiveState") || "not there";
  if (found.has("service"))
    return { stopped: `logrotate.timer is ${state}, and no job of cron stands for it`, sure: true };
  return { stopped: "no timer and no job of cron that runs starts logrotate", sure: false };
}

/** What logrotate means for one log. */
export interface Rotation {
  readonly limits: readonly Limit[];
  /** The file of its block; empty where logrotate leaves the log alone. */
  readonly by: Maybe<string>;
  readonly runs: Maybe<boolean>;
  readonly note: string;
  /** Longest time between two turns by time; undefined where it goes by size. */
  readonly turnDays: number | undefined;
}

/** What is known of a log when its limits are looked for. */
export interface LogFacts {
  readonly path: string;
  readonly folder: LogFolder | undefined;
  readonly growthPerDay: number | undefined;
  readonly nowMs: number | undefined;
}

/** The block that takes a log, what it promises, and whether it is carried out. */
export function rotationOf({ config, schedule }: Logrotate, log: LogFacts): Rotation {
  const gaps = config.gaps.map((gap) => unknown(gap));
  const block = config.blocks.find(({ patterns }) => patterns.some((pattern) => matchesGlob(pattern, log.path)));
  if (block === undefined) {
    const by = gaps[0] ?? "";
    return { limits: gaps, by, runs: isUnknown(by) ? by : false, note: "nothing turns it over", turnDays: undefined };
  }
  if (block.fault !== undefined) {
    const why = unknown(`logrotate may leave ${log.path} out: ${block.fault}`);
    return { limits: [why], by: why, runs: why, note: block.fault, turnDays: undefined };
  }
  const runs = runsFor(block, schedule, log);
  return {
    limits: limitsOf(block, log),
    by: block.file,
    ...runs,
    turnDays: block.criterion.by === "time" ? turnDays(block.criterion.frequency) : undefined,
  };
}

function limitsOf(block: RotationBlock, log: LogFacts): Limit[] {
  const name = `logrotate ${block.file}:`;
  const age: Limit[] =
    block.maxAgeDays === undefined
      ? []
      : [{ name: `${name} maxage ${block.maxAgeDays}`, by: "time", days: block.maxAgeDays }];
  if (block.rotate < 0) return age;
  if (block.criterion.by === "size")
    return [...age, { name: `${name} by size, which promises no age, rotate ${block.rotate}`, by: "size", days: 0 }];
  const { frequency } = block.criterion;
  const days = rotationDays(frequency, block.rotate);
  const limit: Limit = { name: `${name} ${frequency}, rotate ${block.rotate}`, by: "time", days };
  if (block.maxSize === undefined) return [...age, limit];
  const early = mayReach(block.maxSize, log.growthPerDay, turnDays(frequency));
  if (early === false) return [...age, limit];
  const why = unknown("whether its maxsize comes before its time is not known, since its growth is not");
  return [
    ...age,
    limit,
    { name: `${name} maxsize, which promises no age`, by: "size", days: early === true ? 0 : why },
  ];
}

/** Longest time without a run, and beyond a log's own turn, that is nothing to wonder at. */
const patienceDays = 8;

function runsFor(block: RotationBlock, schedule: Schedule, log: LogFacts): Pick<Rotation, "runs" | "note"> {
  const no = (note: string) => ({ runs: false, note });
  const doubt = (note: string) => ({ runs: unknown(note), note });
  if (schedule.stopped !== undefined) return schedule.sure ? no(schedule.stopped) : doubt(schedule.stopped);
  if (log.folder?.state === "seen" && isInsecure(log.folder) && !block.su)
    return no("logrotate passes over it: its folder may be written by others than root, and no su is set");
  if (schedule.lastRunMs === undefined)
    return doubt("logrotate has a schedule; it has left no status file that could be read");
  if (log.nowMs === undefined) return doubt("the host's clock was not read");
  const idle = wholeDays(log.nowMs - schedule.lastRunMs);
  if (idle > patienceDays) return no(`logrotate last ran ${idle} days ago`);
  const turned = schedule.turned.get(log.path);
  if (turned === undefined) return doubt("logrotate runs; it has no note of this log yet");
  const since = wholeDays(log.nowMs - Date.parse(`${asDate(turned)}T00:00:00Z`));
  const turn = block.criterion.by === "time" ? turnDays(block.criterion.frequency) : undefined;
  if (turn !== undefined && since > turn + patienceDays)
    return doubt(`logrotate last turned it over ${since} days ago`);
  return { runs: true, note: `logrotate last ran ${idle} days ago` };
}

function asDate(turned: string): string {
  const [year = "", month = "", day = ""] = turned.split("-");
  return `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
}

/** Writable for all, or for a group that is not root's (logrotate(8), su). */
function isInsecure(folder: LogFolder): boolean {
  const mode = Number.parseInt(folder.mode, 8);
  return (mode & 0o002) !== 0 || ((mode & 0o020) !== 0 && folder.group !== 0);
}
