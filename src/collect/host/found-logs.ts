import type { Openclaw } from "#evidence/host.ts";
import { isUnknown, type Maybe } from "#model/unknown.ts";
import type { Inspected } from "./containers.ts";
import { frameOf, type HostOutput } from "./frames.ts";
import { gatewayContainer } from "./gateway-container.ts";
import type { Growing } from "./log-place.ts";
import type { Place } from "./log-retention.ts";
import { configOf } from "./openclaw.ts";
import { type ConfigFile, readConfigs } from "./openclaw-facts.ts";

/** Places of a log, and what of it grows on this host. */
export interface FoundLogs {
  readonly places: readonly Maybe<Place>[];
  readonly growing: readonly Maybe<Growing>[];
}

/** Nothing is kept. */
export const noLogs: FoundLogs = { places: [], growing: [] };

/** Why there may be places that are not known. */
export function doubt(why: Maybe<never>): FoundLogs {
  return { places: [why], growing: [] };
}

/** One place that grows. */
export function foundLog({ place, growing }: { place: Place; growing: Growing }): FoundLogs {
  return { places: [place], growing: [growing] };
}

/** Logs of several places as one. */
export function together(found: readonly FoundLogs[]): FoundLogs {
  return { places: found.flatMap(({ places }) => places), growing: found.flatMap(({ growing }) => growing) };
}

/** OpenClaw as far as its logs depend on it. */
export interface OpenclawSetup {
  readonly install: Openclaw["install"];
  readonly logFile: Maybe<string>;
  readonly config: ConfigFile | undefined;
  readonly container: Inspected | undefined;
}

/** OpenClaw's setup as the script saw it. */
export function readSetup(output: HostOutput, openclaw: Openclaw): OpenclawSetup {
  const found = openclaw.install === "container" ? gatewayContainer(output) : undefined;
  const noContainer = found !== undefined && isUnknown(found) ? found : undefined;
  const container = found === undefined || isUnknown(found) ? undefined : found;
  const { files } = readConfigs(frameOf(output, "openclaw.configs")?.text ?? "");
  const config = configOf(files, container, noContainer);
  return { install: openclaw.install, logFile: openclaw.logFile, config, container };
}
