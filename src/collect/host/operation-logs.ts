import { visible } from "#model/sanitise.ts";
import { isUnknown, type Maybe, unknown } from "#model/unknown.ts";
import { doubt, type FoundLogs, foundLog, noLogs, type OpenclawSetup, together } from "./found-logs.ts";
import { frameOf } from "./frames.ts";
import type { LogFolder } from "./log-files.ts";
import { fileLog, type LogContext, plainLog } from "./log-place.ts";
import { keptDays, type Limit } from "./log-retention.ts";
import type { ConfigFile } from "./openclaw-facts.ts";

const day = 86_400_000;

/** Where what OpenClaw did is kept: its ledger, and what that is written out to. */
export function operationLogs({ config }: OpenclawSetup, context: LogContext): FoundLogs {
  const recording =
    config === undefined
      ? unknown("OpenClaw's configuration, and with it its ledger, was not found")
      : switchOf(config, ["logging.audit.enabled", "audit.enabled"], true);
  const written = exportsOf(recording, context);
  const more = together([telemetry(config), commandLog(context)]);
  if (config === undefined || isUnknown(recording)) return together([doubt(unknown(whyOf(recording))), written, more]);
  // What was written out of a ledger that is switched off gets no more.
  if (!recording) return together([{ ...written, places: [] }, more]);
  return together([ledger(config, context), written, more]);
}

function whyOf(recording: Maybe<boolean>): string {
  return isUnknown(recording) ? recording.$unknown : "whether OpenClaw's ledger is switched on is not known";
}

function ledger(config: ConfigFile, context: LogContext): FoundLogs {
  const limits: Limit[] = [
    { name: "OpenClaw's ledger: 30 days", by: "time", days: 30 },
    { name: "OpenClaw's ledger: 100,000 rows", by: "size", days: unknown("a number of rows promises no age") },
  ];
  const closed = unknown("OpenClaw's ledger is not read");
  const name = visible(`${config.path.replace(/\/[^/]*$/, "")}/state/openclaw.sqlite (audit_events)`, 300);
  const facts = {
    heldDays: closed,
    heldBy: closed,
    dueDays: context.dueDays,
    volatile: false,
    prunedByOpenclaw: false,
  };
  return { places: [{ name, kind: "ledger", limits, keptDays: keptDays(limits), ...facts }], growing: [] };
}

/** Files that the ledger is written out to: the script knows them by what stands in each record. */
function exportsOf(recording: Maybe<boolean>, context: LogContext): FoundLogs {
  if (context.folders === undefined) return doubt(unknown("whether the ledger is written out was not looked for"));
  const text = frameOf(context.output, "logs.files")?.text ?? "";
  const named = (word: string) =>
    [...text.matchAll(new RegExp(`^${word} (/.*)$`, "gm"))].map((match) => match[1] ?? "");
  const logs = named("ledger").map((path) => {
    const doubts = isUnknown(recording) ? [unknown(`what is written out may have ended: ${recording.$unknown}`)] : [];
    const own = () => [...doubts, ...gapOf(context.folders?.get(path), context)];
    return fileLog({ ...plainLog, path, listed: path, name: path, own }, context);
  });
  const doubts = named("hidden ledgers").map((path) =>
    doubt(unknown(visible(`what lies in ${path} could not be listed, and may be the ledger written out`, 300))),
  );
  return together([...logs.map(foundLog), ...doubts]);
}

/** The ledger holds 30 days: what was not written out for longer is gone. */
function gapOf(folder: LogFolder | undefined, { nowMs }: LogContext): Limit[] {
  const last = folder?.files.findLast(({ bytes }) => bytes > 0)?.modifiedMs;
  if (last === undefined || nowMs === undefined) return [unknown("when the ledger was last written out is not known")];
  return nowMs - last <= 30 * day
    ? []
    : [{ name: "not written out for longer than the 30 days that the ledger holds", by: "time", days: 0 }];
}

function telemetry(config: ConfigFile | undefined): FoundLogs {
  if (config === undefined) return noLogs;
  const on = switchOf(config, ["diagnostics.otel.enabled"], false);
  if (isUnknown(on)) return doubt(on);
  if (!on) return noLogs;
  return doubt(unknown("OpenTelemetry takes it elsewhere; how long it is kept there cannot be seen here"));
}

/** logs/commands.log holds /new, /reset and /stop only, so that it is no operation log; but it grows. */
function commandLog(context: LogContext): FoundLogs {
  const found = [...(context.folders ?? [])].filter(
    ([path, folder]) => path.endsWith("/logs/commands.log") && folder.files.length > 0,
  );
  const growing = found.map(([path]) => fileLog({ ...plainLog, path, listed: path, name: path }, context).growing);
  return { places: [], growing };
}

/** A setting that is true or false: the first of the paths that is set, else what OpenClaw takes. */
function switchOf(config: ConfigFile, paths: readonly string[], otherwise: boolean): Maybe<boolean> {
  if (config.fault !== undefined) return unknown(config.fault);
  for (const path of paths) {
    const type = config.values.get(path)?.type;
    if (type === "true" || type === "false") return type === "true";
    if (type !== undefined) return unknown(`${path} is not a plain value`);
    const parents = path.split(".").map((_, index, parts) => parts.slice(0, index).join("."));
    if (parents.some((parent) => config.includes.has(parent))) return unknown(`${path} may stand in an included file`);
  }
  return otherwise;
}
