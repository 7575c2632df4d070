import { isUnknown, unknown } from "#model/unknown.ts";
import type { Inspected } from "./containers.ts";
import { type FoundLogs, foundLog, type OpenclawSetup, together } from "./found-logs.ts";
import { growthOf, type LogFolder } from "./log-files.ts";
import { type FileLog, fileLog, type LogContext } from "./log-place.ts";
import { type Limit, mayReach } from "./log-retention.ts";
import { sizeBytes } from "./log-time.ts";
import type { Rotation } from "./logrotate.ts";
import { settingOf } from "./openclaw.ts";
import { outputLogs } from "./output-logs.ts";

/** Where errors are kept: OpenClaw's own log, and what its standard output goes to. */
export function errorLogs(setup: OpenclawSetup, context: LogContext): FoundLogs {
  const own = ownLog(setup, context);
  const file = isUnknown(own) ? { places: [own], growing: [own] } : foundLog(fileLog(own, context));
  return together([file, outputLogs(setup, context)]);
}

/** OpenClaw's log: the one named, or dated ones below /tmp. */
function ownLog(setup: OpenclawSetup, context: LogContext): FileLog | ReturnType<typeof unknown> {
  const { logFile } = setup;
  if (isUnknown(logFile)) return logFile;
  const named = logFile.startsWith("~/") ? homeOf(setup, logFile.slice(1)) : logFile;
  if (named === undefined) return unknown("the home folder that logging.file begins with is not known");
  if (named === "") return defaultLog(setup, context);
  const mapped = setup.install === "container" ? throughVolumes(setup.container, named) : named;
  if (isUnknown(mapped)) return mapped;
  const path = mapped ?? named;
  const dated = /\/openclaw-(\d{4}-\d\d-\d\d|YYYY-MM-DD)\.log$/.test(named);
  return {
    path,
    listed: path,
    name: path === named ? named : `${named} in the container, ${path} here`,
    prunedByOpenclaw: dated,
    inContainer: mapped === undefined,
    own: dated ? () => [pruning] : (folder, rotation) => archiving(setup, folder, rotation),
    boundedBy: "OpenClaw",
  };
}

function defaultLog(setup: OpenclawSetup, context: LogContext): FileLog {
  const inContainer = setup.install === "container";
  const listed = [...(context.folders ?? [])]
    .filter(([path, folder]) => path.endsWith("/tmp/openclaw/openclaw-") && folder.files.length > 0)
    .map(([path]) => path)[0];
  const base = listed ?? "/tmp/openclaw/openclaw-";
  return {
    path: context.folders?.get(base)?.files.at(-1)?.path ?? `${base}2000-01-01.log`,
    listed: base,
    name: inContainer ? "/tmp/openclaw/openclaw-(date).log in the container" : `${base}(date).log`,
    prunedByOpenclaw: true,
    inContainer,
    own: () => [pruning],
    boundedBy: "OpenClaw",
  };
}

const pruning: Limit = { name: "OpenClaw: dated logs are deleted 24 hours after the last write", by: "time", days: 1 };

/** OpenClaw's own rotation by size, where rotation by time does not come first. */
function archiving({ config }: OpenclawSetup, folder: LogFolder | undefined, rotation: Rotation): readonly Limit[] {
  const setting =
    config === undefined
      ? unknown("no configuration was found")
      : settingOf(config, "logging.maxFileBytes", "104857600");
  const size = isUnknown(setting) ? undefined : sizeBytes(setting);
  const name = `OpenClaw: five archives of ${isUnknown(setting) ? "logging.maxFileBytes" : setting} bytes each, which promises no age`;
  if (rotation.by === "") return [{ name, by: "size", days: 0 }];
  const archived = (folder?.files ?? []).some(({ path }) => /\.[1-9]\.log$/.test(path));
  const { turnDays } = rotation;
  const first = turnDays !== undefined && size !== undefined && mayReach(size, growthOf(folder), turnDays) === false;
  if (first && !archived) return [];
  return [{ name, by: "size", days: unknown("whether that size comes before logrotate's turn is not known") }];
}

function homeOf({ config }: OpenclawSetup, rest: string): string | undefined {
  const home = config === undefined ? undefined : /^(\/.*)\/[^/]+\/[^/]+$/.exec(config.path)?.[1];
  return home === undefined ? undefined : `${home}${rest}`;
}

/** The path of the host that a path in the container leads to; undefined where it is in none of its volumes. */
function throughVolumes(
  container: Inspected | undefined,
  path: string,
): string | undefined | ReturnType<typeof unknown> {
  if (container?.volumes === undefined) return unknown("the volumes of OpenClaw's container were not read");
  const [to, from] =
    [...container.volumes]
      .filter(([inside]) => path.startsWith(`${inside}/`))
      .toSorted(([a], [b]) => b.length - a.length)[0] ?? [];
  return to === undefined || from === undefined ? undefined : `${from}${path.slice(to.length)}`;
}
