import { visible } from "#model/sanitise.ts";
import { isUnknown, type Maybe, unknown } from "#model/unknown.ts";
import type { Inspected } from "./containers.ts";
import { type FoundLogs, noLogs, type OpenclawSetup } from "./found-logs.ts";
import { readJournal } from "./journald.ts";
import { vacuumLimits } from "./log-jobs.ts";
import type { LogContext } from "./log-place.ts";
import { keptDays, type Limit } from "./log-retention.ts";
import { wholeDays } from "./log-time.ts";

/** What keeps OpenClaw's standard output. */
export function outputLogs(setup: OpenclawSetup, context: LogContext): FoundLogs {
  if (setup.install === "systemd") return journal(context);
  if (setup.install !== "container") return noLogs;
  const logging = setup.container?.logging;
  if (logging === undefined)
    return {
      places: [unknown("the log driver of OpenClaw's container was not read")],
      growing: [unknown("the log driver of OpenClaw's container was not read")],
    };
  switch (logging.driver) {
    case "none":
      return noLogs;
    case "journald":
      return journal(context);
    case "json-file":
    case "local":
      return docker(logging, context);
    default:
      return {
        places: [unknown(`Docker's log driver ${visible(logging.driver, 50)} keeps it elsewhere`)],
        growing: [],
      };
  }
}

function journal(context: LogContext): FoundLogs {
  const found = readJournal(context.output);
  if (found === undefined) return noLogs;
  const limits = [...found.limits, ...vacuumLimits(context.output)];
  const { oldestMs } = found;
  const heldDays = isUnknown(oldestMs) ? oldestMs : ageOf(oldestMs, context);
  return {
    places: [
      {
        name: "journald",
        kind: "journal",
        limits,
        keptDays: keptDays(limits),
        heldDays,
        heldBy: isUnknown(heldDays) ? heldDays : "entry",
        dueDays: context.dueDays,
        volatile: found.volatile,
        prunedByOpenclaw: false,
      },
    ],
    growing: [],
  };
}

function ageOf(ms: number, { nowMs }: LogContext): Maybe<number> {
  return nowMs === undefined ? unknown("the host's clock was not read") : wholeDays(nowMs - ms);
}

function docker({ driver, maxSize, maxFile }: NonNullable<Inspected["logging"]>, context: LogContext): FoundLogs {
  const bySize = unknown("it goes by size, which promises no age");
  const bounded = driver === "local" || maxSize !== "";
  const sizes =
    driver === "local"
      ? `max-size ${maxSize || "20m"}, max-file ${maxFile || "5"}`
      : `max-size ${maxSize}, max-file ${maxFile || "1"}`;
  const limits: Limit[] = [
    ...(bounded
      ? [{ name: visible(`Docker's log driver ${driver}: ${sizes}`, 200), by: "size" as const, days: bySize }]
      : []),
    { name: "Docker: its logs go with the container", by: "time", days: 0 },
  ];
  const unread = unknown("Docker's own log files are not looked at");
  return {
    places: [
      {
        name: `Docker's log driver ${driver}`,
        kind: "docker",
        limits,
        keptDays: keptDays(limits),
        heldDays: unread,
        heldBy: unread,
        dueDays: context.dueDays,
        volatile: true,
        prunedByOpenclaw: false,
      },
    ],
    growing: [
      {
        name: `Docker's log driver ${driver}`,
        rotatedBy: bounded ? "Docker" : "",
        runs: bounded,
        runsNote: bounded ? visible(sizes, 200) : "no max-size is set",
        sizeBytes: unread,
        growthBytesPerDay: unread,
        fullInDays: unread,
      },
    ],
  };
}
