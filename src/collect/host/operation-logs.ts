import { visible } from "#model/sanitise.ts";
import { isUnknown, type Maybe, unknown } from "#model/unknown.ts";
import { doubt, type FoundLogs, foundLog, noLogs, type OpenclawSetup, together } from "./found-logs.ts";
import type { LogFolder } from "./log-files.ts";
import { fileLog, type LogContext, plainLog } from "./log-place.ts";
import { keptDays, type Limit } from "./log-retention.ts";
import type { ConfigFile } from "./openclaw-facts.ts";

const day = 86_400_000;

/** Where what OpenClaw did is kept: its ledger, and what that is written out to. */
export function operationLogs(setup: OpenclawSetup, context: LogContext): FoundLogs {
  return together([ledger(setup, context), exportsOf(context), telemetry(setup), commandLog(context)]);
}

function ledger({ config }: OpenclawSetup, context: LogContext): FoundLogs {
  if (config === undefined) return doubt(unknown("OpenClaw's configuration, and with it its ledger, was not found"));
  const enabled = switchOf(config, ["logging.audit.enabled", "audit.enabled"], true);
  if (isUnknown(enabled)) return doubt(enabled);
  if (!enabled) return noLogs;
  const limits: Limit[] = [
    { name: "OpenClaw's ledger: 30 days", days: 30 },
    { name: "OpenClaw's ledger: 100,000 rows", days: unknown("a number of rows promises no age") },
  ];
  const closed = unknown("OpenClaw's database is not opened");
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

/** Files that `openclaw audit` is written to: those named audit beside OpenClaw's log. */
function exportsOf(context: LogContext): FoundLogs {
  if (context.folders === undefined) return doubt(unknown("whether the ledger is written out was not looked for"));
  const beside = [...context.folders].filter(([path]) => path.endsWith("/audit"));
  const found = beside.filter(([, { files }]) => files.some(({ bytes }) => bytes > 0));
  const logs = found.map(([listed, folder]) => {
    // The file that is written has the shortest name: rotation puts something behind it.
    const path = folder.files.toSorted((a, b) => a.path.length - b.path.length)[0]?.path ?? listed;
    return fileLog({ ...plainLog, path, listed, name: path, own: () => gapOf(folder, context) }, context);
  });
  const hidden = beside.filter(([, { state }]) => state === "hidden" || state === "unlisted");
  const doubts = hidden.map(([path]) => doubt(unknown(visible(`${path}: its folder could not be listed`, 300))));
  return together([...logs.map(foundLog), ...doubts]);
}

/** The ledger holds 30 days: what was not written out for longer is gone. */
function gapOf(folder: LogFolder, { nowMs }: LogContext): Limit[] {
  const last = folder.files.at(-1)?.modifiedMs;
  if (last === undefined || nowMs === undefined) return [unknown("when the ledger was last written out is not known")];
  return nowMs - last <= 30 * day
    ? []
    : [{ name: "not written out for longer than the 30 days that the ledger holds", days: 0 }];
}

function telemetry({ config }: OpenclawSetup): FoundLogs {
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
