import { statSync } from "node:fs";
import { dirname, join } from "node:path";
import { withAttestations } from "#audit/attestations-file.ts";
import { checkBundle } from "#audit/bundle-file.ts";
import { bundleFromHostFile } from "#audit/host-file.ts";
import { parseNamedJson, readNamedFile } from "#audit/json-file.ts";
import { openJudge } from "#audit/judge.ts";
import { mergeBundles } from "#audit/merge.ts";
import { writeOrRefuse } from "#audit/output.ts";
import { type AuditRequest, adHocRequest, configuredRequests } from "#audit/request.ts";
import { loadConfig } from "#catalog/config.ts";
import { attestedBy } from "#cli/attestations.ts";
import { randomHex, timezoneOf } from "#cli/environment.ts";
import { pickLocale } from "#cli/locale.ts";
import { product, ruleIds, toolOf } from "#cli/product.ts";
import { signingKey, writeSeal } from "#cli/seal.ts";
import { show, showForFile } from "#cli/show.ts";
import { note, print } from "#cli/terminal.ts";
import { texts } from "#cli/texts.ts";
import { exitCodeOf, type FailOn } from "#cli/verdict.ts";
import type { EvidenceBundle } from "#model/bundle.ts";
import type { Config } from "#model/config.ts";
import { InputError } from "#model/input-error.ts";
import { type FormatId, formatOf } from "#report/registry.ts";

/** Flags of evaluate, as commander hands them over. */
export interface EvaluateFlags {
  readonly config?: string;
  readonly target?: string;
  readonly attestations?: string;
  readonly out?: string;
  readonly now?: string;
  readonly sign?: string;
  readonly profile?: string;
  readonly rules?: readonly string[];
  readonly format: readonly FormatId[];
  readonly failOn: FailOn;
  readonly lang?: string;
}

/** Judges evidence of one server from one or several files and writes report.json. Gives the exit code. */
export async function evaluateFiles(files: readonly string[], flags: EvaluateFlags): Promise<number> {
  const locale = pickLocale(flags.lang, process.env);
  const now = flags.now === undefined ? new Date() : parseTime(flags.now);
  const key = flags.sign === undefined ? undefined : signingKey(flags.sign);
  const config = flags.config === undefined ? undefined : loadConfig(flags.config, () => ruleIds(flags.rules));
  const request = config === undefined ? undefined : requestOf(config, flags);
  const merged = mergeBundles(readAll(files, request, flags));
  const seen = request === undefined ? merged : { ...merged, policy: request.policy };
  const attested = attestedBy({ flag: flags.attestations, configFile: flags.config, config })?.(merged.target.id);
  const bundle = attested === undefined ? seen : withAttestations(seen, { ...attested, at: now });
  const profile = flags.profile ?? request?.profile ?? "standard";
  const report = openJudge({ rules: product.rules, added: flags.rules ?? [], profile, toolVersion: toolOf().version })(
    bundle,
    now,
  );
  const folder = flags.out ?? dirname(files[0] ?? ".");
  const [printed = "text", ...formats] = flags.format;
  const write = async (format: FormatId) => {
    const path = join(folder, formatOf(format).file);
    writeOrRefuse(path, await showForFile(report, format, locale));
    return path;
  };
  const file = await write("json");
  const others: string[] = [];
  for (const format of new Set(formats)) if (format !== "json") others.push(await write(format));
  print(await show(report, printed, locale));
  for (const path of [file, ...others]) note(`${texts.wrote[locale]}: ${path}`);
  if (key !== undefined) {
    const evidence = join(folder, "judged-evidence.json");
    writeOrRefuse(evidence, `${JSON.stringify(bundle, null, 2)}\n`);
    writeSeal({ report: file, evidence, others }, key, locale);
  }
  return exitCodeOf(report, flags.failOn);
}

function requestOf(config: Config, flags: EvaluateFlags): AuditRequest | undefined {
  const ids = flags.target === undefined ? [] : [flags.target];
  const requests = configuredRequests(config, ids, { ownAddresses: [] });
  if (requests.length !== 1) {
    throw new InputError(`${flags.config} holds several targets.`, {
      hint: "Say with --target whose evidence this is.",
    });
  }
  return requests[0];
}

function readAll(
  files: readonly string[],
  request: AuditRequest | undefined,
  flags: EvaluateFlags,
): readonly EvidenceBundle[] {
  const contents = files.map((file) => ({ file, bytes: readNamedFile(file) }));
  const bundles = contents
    .filter(({ bytes }) => isJson(bytes))
    .map(({ file, bytes }) => checkBundle(file, parseNamedJson(file, bytes.toString("utf8"))));
  const hostFiles = contents.filter(({ bytes }) => !isJson(bytes));
  return [
    ...bundles,
    ...hostFiles.map(({ file, bytes }) => hostBundle(file, bytes, describe(bundles[0], request, flags))),
  ];
}

function isJson(bytes: Buffer): boolean {
  return bytes.subarray(0, 64).toString("latin1").trimStart().startsWith("{");
}

type Description = Pick<EvidenceBundle, "target" | "policy">;

/** What the host script's output does not say: which server it is of, and its policy. */
function describe(
  beside: EvidenceBundle | undefined,
  request: AuditRequest | undefined,
  flags: EvaluateFlags,
): Description {
  const known = request ?? beside;
  if (known !== undefined) return known;
  if (flags.target !== undefined) return adHocRequest(flags.target, { ownAddresses: [] });
  throw new InputError("The output of the host script does not say which server it is of.", {
    hint: "Add --target NAME, or --config sekisho.yaml, or the evidence.json gathered over the network.",
  });
}

function hostBundle(file: string, bytes: Buffer, { target, policy }: Description): EvidenceBundle {
  return bundleFromHostFile(file, bytes, {
    target,
    policy,
    tool: toolOf(),
    timezone: timezoneOf(),
    modifiedAt: statSync(file).mtime,
    randomHex,
  });
}

function parseTime(text: string): Date {
  const time = /^\d{4}-\d{2}-\d{2}T.*(?:Z|[+-]\d{2}:\d{2})$/.test(text) ? new Date(text) : new Date(Number.NaN);
  if (!Number.isNaN(time.getTime())) return time;
  throw new InputError(`--now "${text}" is not a time.`, { hint: "Write for instance 2026-11-22T05:00:00Z." });
}
