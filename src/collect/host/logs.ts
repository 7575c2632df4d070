import type { Logs } from "#evidence/logs.ts";
import { type Attempt, failed, observed } from "#model/attempt.ts";
import { visible } from "#model/sanitise.ts";
import { isUnknown, type Maybe, seen, unknown } from "#model/unknown.ts";
import { readClock } from "./clock.ts";
import { parseDisks } from "./disks.ts";
import { errorLogs } from "./error-logs.ts";
import { doubt, type FoundLogs, foundLog, readSetup, together } from "./found-logs.ts";
import { failureOf, frameOf, type HostOutput, isComplete, lines, missing } from "./frames.ts";
import { readLogFolders } from "./log-files.ts";
import { fileLog, type LogContext, plainLog } from "./log-place.ts";
import { wholeDays } from "./log-time.ts";
import { readRotation } from "./logrotate.ts";
import { readAccessLogs } from "./nginx-access-log.ts";
import { parseOpenclaw } from "./openclaw.ts";
import { operationLogs } from "./operation-logs.ts";
import { processNames, readProcesses } from "./processes.ts";

const parts = [
  "logs.age",
  "logs.logrotate",
  "logs.logrotate.run",
  "logs.files",
  "logs.journald",
  "logs.tmpfiles",
  "logs.jobs",
];

/** The logs the guide names: where they are kept, what deletes them, how far back they reach. */
export function parseLogs(output: HostOutput): Attempt<Logs> {
  if (parts.some((part) => frameOf(output, part) === undefined))
    return isComplete(output) ? failed("unsupported", "the script that ran reads no logs") : missing(output, "logs");
  const failure = failureOf(output, frameOf(output, "logs.files"), "the folders of logs");
  if (failure !== undefined) return failure;
  const openclaw = parseOpenclaw(output);
  if (openclaw.status !== "observed")
    return openclaw.status === "absent"
      ? { status: "absent", detail: "OpenClaw, whose logs they would be, is not on the host" }
      : openclaw;
  const ages = readAges(output);
  const clock = readClock(output);
  const disks = parseDisks(output);
  const mounts = disks.status === "observed" ? seen(disks.value) : [];
  const context: LogContext = {
    output,
    folders: readLogFolders(output, clock?.utcOffsetMinutes),
    rotation: readRotation(output),
    nowMs: clock?.epochMs,
    dueDays: ages.due,
    availableAt: (path) =>
      mounts
        .filter(({ mount }) => mount === "/" || path === mount || path.startsWith(`${mount}/`))
        .toSorted((a, b) => b.mount.length - a.mount.length)[0]?.availableBytes,
  };
  const setup = readSetup(output, openclaw.value);
  const operation = operationLogs(setup, context);
  const error = errorLogs(setup, context);
  const access = accessLogs(context);
  return observed({
    hostAgeDays: ages.host,
    operation: [...operation.places],
    error: [...error.places],
    access: [...access.places],
    growing: byName([...error.growing, ...access.growing, ...operation.growing]),
  });
}

/** Each log once: OpenClaw's and nginx's may be one file. */
function byName<T extends { readonly name: string }>(list: readonly Maybe<T>[]): Maybe<T>[] {
  const names = new Set<string>();
  return list.filter((item) => {
    const name = isUnknown(item) ? `? ${item.$unknown}` : item.name;
    if (names.has(name)) return false;
    names.add(name);
    return true;
  });
}

/** Days since the host was set up and since OpenClaw's folder is there, by what its files show; a day is given for what is still to come. */
function readAges(output: HostOutput): { host: Maybe<number>; due: Maybe<number> } {
  const text = frameOf(output, "logs.age")?.text ?? "";
  const now = readClock(output)?.epochMs;
  if (now === undefined)
    return { host: unknown("the host's clock was not read"), due: unknown("the host's clock was not read") };
  const rows = lines(text).map((line) => {
    const match = /^(\d{1,12}|-|\?) (\d{1,12}) (\/.*)$/.exec(line);
    return {
      birth: Number(match?.[1]) * 1000 || 0,
      modified: Number(match?.[2] ?? 0) * 1000,
      path: match?.[3] ?? "",
      line,
    };
  });
  const split = rows.findIndex(({ line }) => line.startsWith("state "));
  const setUp = setUpAt(rows.slice(0, split < 0 ? undefined : split));
  const uptimeMs = Number(/^uptime (\d{1,15})$/m.exec(text)?.[1] ?? 0);
  if (setUp === undefined)
    return {
      host: unknown("no file tells when the host was set up"),
      due: unknown("no file tells when the host was set up"),
    };
  const host = Math.max(wholeDays(now - setUp), wholeDays(uptimeMs));
  // The oldest of what lies in OpenClaw's folder: it is there at least since then.
  const times = rows
    .slice(split < 0 ? rows.length : split)
    .flatMap(({ birth, modified }) => [birth, modified].filter((ms) => ms > oldestLikely));
  const openclaw = times.length === 0 ? host : wholeDays(now - Math.min(...times));
  return { host, due: Math.max(0, Math.min(host, openclaw) - 1) };
}

/** Packages give files of theirs times from before OpenClaw was there. */
const oldestLikely = Date.parse("2025-01-01T00:00:00Z");

/**
 * The latest of what is written when a host first starts: its machine id and its SSH host keys. The file system itself may be older, as
 * part of an image.
 */
function setUpAt(rows: readonly { readonly modified: number; readonly path: string }[]): number | undefined {
  const of = (pattern: RegExp) =>
    rows.filter(({ path, modified }) => pattern.test(path) && modified > 0).map(({ modified }) => modified);
  const keys = of(/ssh_host_.*_key\.pub$/);
  const times = [...of(/^\/etc\/machine-id$/), ...(keys.length === 0 ? [] : [Math.min(...keys)])];
  return times.length === 0 ? undefined : Math.max(...times);
}

/** Other programs that pass requests on, by the kernel's name of their process. */
const otherProxies = /^(caddy|apache2|httpd|traefik|haproxy|envoy|lighttpd|h2o|openresty|angie)$/;

function accessLogs(context: LogContext): FoundLogs {
  const { paths, remote, gaps, proxied } = readAccessLogs(context.output);
  const files = paths.map((path) =>
    path.startsWith("/dev/")
      ? doubt(unknown(visible(`nginx logs to ${path}, and where that leads is not known`, 200)))
      : foundLog(fileLog({ ...plainLog, path, listed: path, name: path }, context)),
  );
  const elsewhere = remote.map(() =>
    doubt(unknown("nginx sends it by syslog; how long it is kept there cannot be seen here")),
  );
  const doubts = [...gaps, ...otherServers(context, proxied)].map((why) => doubt(unknown(visible(why, 300))));
  return together([...files, ...elsewhere, ...doubts]);
}

/** Why there may be an access log of something that is not this nginx. */
function otherServers({ output }: LogContext, proxied: boolean): string[] {
  const processes = readProcesses(output);
  if (processes === undefined || processNames(output) === undefined)
    return ["not all processes could be seen, so another web server may run"];
  const names = new Set(
    processes
      .filter(({ name, nested }) => otherProxies.test(name) || (nested && name === "nginx"))
      .map(({ name }) => name),
  );
  return names.size === 0 || proxied ? [] : [`the access log of ${[...names].join(", ")} is not read`];
}

/** Lines that may stand in the excerpt: those of the logs, not of the other frames that are read with them. */
export function isShownOfLogs(line: string): boolean {
  return /^(log|folder|file|first|status|timer|cron|job|find|remove|vacuum|uptime|line|daily|weekly|monthly|rotate|maxage|size|maxsize|[A-Z][A-Za-z]+=)/.test(
    line,
  );
}
