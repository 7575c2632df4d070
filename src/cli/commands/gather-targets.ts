import { existsSync } from "node:fs";
import { type Gathered, type GatherOptions, gather } from "#audit/gather.ts";
import { makeRunFolder, removeIfEmpty, type Written, writeOrRefuse, writeWhole } from "#audit/output.ts";
import { allPorts, parsePorts } from "#audit/ports.ts";
import { type AuditRequest, adHocRequest, configuredRequests, hasTarget } from "#audit/request.ts";
import { ownAddresses } from "#audit/surroundings.ts";
import { type Told, traceOf } from "#audit/trace.ts";
import { loadConfig } from "#catalog/config.ts";
import { attestedBy } from "#cli/attestations.ts";
import { accountOf, randomHex, timezoneOf } from "#cli/environment.ts";
import { type Interruption, onInterrupt } from "#cli/interrupt.ts";
import { pickLocale } from "#cli/locale.ts";
import { ruleIds, toolOf } from "#cli/product.ts";
import { openProgress, type ProgressStyle } from "#cli/progress.ts";
import { note, setLogFormat } from "#cli/terminal.ts";
import { texts } from "#cli/texts.ts";
import { exitCodes } from "#model/exit-codes.ts";
import { InputError } from "#model/input-error.ts";
import type { Progress } from "#model/progress.ts";
import type { Locale } from "#model/text.ts";
import { reasonText } from "#reasons/japanese.ts";
import type { FormatId } from "#report/registry.ts";

/** Flags of audit, collect and doctor, as commander hands them over. */
export interface GatherFlags {
  readonly config?: string;
  readonly ssh?: string;
  readonly identity?: string;
  readonly jump?: string;
  readonly acceptNewHostKey?: string | boolean;
  readonly authorisedBy?: string;
  readonly vantage?: "outside" | "allowed";
  readonly outsideVia?: string;
  readonly allowedVia?: string;
  readonly control?: readonly string[];
  readonly ports?: string;
  readonly timeout: string;
  readonly out: string;
  readonly quiet?: boolean;
  readonly logFormat: "text" | "json";
  readonly lang?: string;
  readonly attestations?: string;
  readonly profile?: string;
  readonly rules?: readonly string[];
  readonly format?: readonly FormatId[];
  readonly failOn?: "must" | "should" | "none";
  readonly sign?: string;
  readonly trace?: string;
}

/** One target that was looked at, and where its evidence lies. */
export interface GatheredTarget {
  readonly request: AuditRequest;
  readonly gathered: Gathered;
  readonly folder: string;
  readonly evidence: Written;
}

/** The audits that the arguments and flags ask for. Throws InputError. */
export function requestsOf(targets: readonly string[], flags: Partial<GatherFlags>): readonly AuditRequest[] {
  const options = { ...flags, ownAddresses: ownAddresses().map((own) => own.address) };
  const names = [...new Set(targets)];
  const file = flags.config ?? (existsSync("sekisho.yaml") ? "sekisho.yaml" : undefined);
  if (file === undefined) {
    const attested = attestedBy({ flag: flags.attestations });
    if (names.length > 0) return names.map((name) => ({ ...adHocRequest(name, options), attested: attested?.(name) }));
    throw new InputError("No target was named, and there is no sekisho.yaml here.", {
      hint: "Try sekisho audit localhost, or write a configuration with sekisho init.",
    });
  }
  const config = loadConfig(file, () => ruleIds(flags.rules));
  const attested = attestedBy({ flag: flags.attestations, configFile: file, config });
  const requests = names.length === 0 ? configuredRequests(config, [], options) : names.flatMap(requestsFor);
  if (flags.trace !== undefined && requests.length > 1) {
    throw new InputError("--trace was given, but there are several targets.", { hint: "Name one target." });
  }
  return requests.map((request) => ({ ...request, attested: attested?.(request.target.id) }));

  function requestsFor(name: string): readonly AuditRequest[] {
    if (hasTarget(config, name) || isBareWord(name)) return configuredRequests(config, [name], options);
    return [adHocRequest(name, options)];
  }
}

/** A word without dots is meant for a name in the configuration rather than for a host. */
function isBareWord(name: string): boolean {
  return name !== "localhost" && !/[.:/]/.test(name);
}

/** What the flags and this machine give to gathering. Throws InputError. */
export function gatherOptions(flags: GatherFlags): GatherOptions {
  setLogFormat(flags.logFormat);
  return {
    ports: flags.ports === undefined ? allPorts() : parsePorts(flags.ports),
    timeoutMs: timeoutOf(flags.timeout),
    acceptNewHostKey: flags.acceptNewHostKey ?? false,
    ownAddresses: ownAddresses(),
    ...accountOf(process.env),
    tool: toolOf(),
    timezone: timezoneOf(),
    randomHex,
  };
}

/** Looks at one target and writes its evidence.json, whole or as far as it came before an interruption. */
export async function gatherTarget(
  request: AuditRequest,
  options: GatherOptions,
  flags: GatherFlags,
): Promise<GatheredTarget & { readonly interrupted: boolean }> {
  const locale = pickLocale(flags.lang, process.env);
  const folder = makeRunFolder(flags.out, request.target.id, new Date());
  const view = openProgress({
    style: progressStyle(flags),
    stream: process.stderr,
    locale,
    target: request.target.id,
    now: () => new Date(),
  });
  const interruption: Interruption = onInterrupt(() => {
    view.close();
    note(texts.stopping[locale]);
  });
  try {
    const told: Told[] = [];
    const progress = (event: Progress) => {
      if (event.state !== "update") told.push({ at: new Date(), event });
      view.tell(event);
    };
    const around = { signal: interruption.signal, now: () => new Date(), progress };
    const gathered = await gather(request, options, around);
    if (flags.trace !== undefined) writeOrRefuse(flags.trace, `${JSON.stringify(traceOf(gathered.bundle, told))}\n`);
    const evidence = writeWhole(`${folder}/evidence.json`, `${JSON.stringify(gathered.bundle, null, 2)}\n`);
    return { request, gathered, folder, evidence, interrupted: interruption.signal.aborted };
  } finally {
    removeIfEmpty(folder);
    view.close();
    interruption.release();
  }
}

/** Says on stderr why the host could not be looked at from inside or from another place, and what to do. */
export function noteProblem({ gathered, evidence }: GatheredTarget, locale: Locale): void {
  if (evidence.instead !== undefined) note(`${evidence.instead}\n  ${texts.evidence[locale]}: ${evidence.file}`);
  const problems = [
    ...(gathered.problem === undefined ? [] : [{ ...gathered.problem, what: texts.loginFailed }]),
    ...gathered.vantageProblems.map((problem) => ({ ...problem, what: texts.vantageFailed })),
  ];
  for (const { what, ...problem } of problems) {
    const [message, hint] = [problem.message, problem.hint].map((text) => reasonText(text)[locale]);
    note(`${what[locale]} ${message}\n  ${texts.next[locale]} ${hint}`);
  }
}

/** Exit code of a run whose login failed, whatever the report says; undefined when it did not fail. */
export function problemExitCode({ gathered }: GatheredTarget): number | undefined {
  const problems = [gathered.problem, ...gathered.vantageProblems].filter((problem) => problem !== undefined);
  if (problems.length === 0) return undefined;
  return problems.some(({ code }) => code === "bug") ? exitCodes.bug : exitCodes.unusable;
}

function timeoutOf(text: string): number {
  const seconds = Number(text);
  if (Number.isFinite(seconds) && seconds >= 0.1 && seconds <= 60) return Math.round(seconds * 1000);
  throw new InputError(`--timeout "${text}" is not a number of seconds from 0.1 to 60.`);
}

function progressStyle(flags: GatherFlags): ProgressStyle {
  if (flags.quiet === true) return "none";
  if (flags.logFormat === "json") return "json";
  return process.stderr.isTTY === true && process.env["TERM"] !== "dumb" ? "redraw" : "lines";
}
