import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { readReport } from "#audit/bundle-file.ts";
import type { Finding, Report } from "#model/report.ts";
import { ensureAuthority } from "../hosts/authority.ts";
import type { LabHost } from "../hosts/host.ts";
import { ensureAttestorKey, ensureLoginKey } from "../hosts/keys.ts";
import { addresses, inNamespace } from "../hosts/network.ts";
import { cacheFolder } from "../hosts/places.ts";
import type { Profile } from "../hosts/profile.ts";
import { attempt } from "../hosts/run.ts";
import { type Outcomes, toldBy } from "./compare.ts";
import { changed, fillIn } from "./policy.ts";
import type { Said } from "./results.ts";

/** Where the two views over the network are taken from. */
type Side = "outside" | "allowed";

/** What to audit, and how. */
export interface AuditOptions {
  readonly host: LabHost;
  readonly profile: Profile;
  /** Where everything is written; made where missing. */
  readonly folder: string;
  readonly signal: AbortSignal;
  /** Longest time for the whole audit. */
  readonly limitSeconds?: number;
  /** Laid over the policy of the profile. */
  readonly policy?: Readonly<Record<string, unknown>> | undefined;
  /** Servers named as controls to the outside, instead of the lab's. */
  readonly controls?: readonly string[];
  /** Script by side that gets the command line as its arguments and runs it. */
  readonly around?: Readonly<Partial<Record<Side, string>>>;
}

/** What an audit gave. */
export interface Audit {
  readonly outcomes: Outcomes;
  readonly findings: readonly Finding[];
  readonly seconds: number;
}

const main = join(import.meta.dirname, "..", "..", "..", "src", "cli", "main.ts");
/** The lab's servers that answer on 22/tcp from everywhere. */
const labControls = [
  `${addresses.control.ipv4}:${addresses.control.port}`,
  `[${addresses.control.ipv6}]:${addresses.control.port}`,
];
const configs = { outside: "outside.yaml", allowed: "sekisho.yaml" } as const;
const places = { outside: "internet", allowed: "office" } as const;
/** A scan of which nothing is answered takes a minute and a half on an idle machine; several run at once on a busy one. */
const usualLimitSeconds = 900;

/**
 * Audits a host as its owner would: at the same time from the internet and, with a login, from the office; then judges both together.
 * Leaves bundles, report and what was printed in the folder.
 * @throws Error, saying what a command printed, where one gave no result.
 */
export async function auditHost(options: AuditOptions): Promise<Audit> {
  const { host, profile, folder, limitSeconds = usualLimitSeconds } = options;
  mkdirSync(folder, { recursive: true });
  const attestor = await ensureAttestorKey();
  const config = writeConfigs(options, readFileSync(attestor.publicKey, "utf8").trim());
  const began = performance.now();
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(limitSeconds * 1000)]);
  try {
    const bundles = await Promise.all([
      look(
        "outside",
        { ...options, signal },
        (options.controls ?? labControls).flatMap((each) => ["--control", each]),
      ),
      look("allowed", { ...options, signal }, await loginFlags(host, profile)),
    ]);
    await state({ ...options, signal }, config, attestor.privateKey);
    const command = ["evaluate", "--config", config, "--out", folder, "--lang", "en", ...bundles];
    const judged = await sekisho(command, { ...options, signal }, []);
    if (![0, 1, 2].includes(judged.code))
      throw new Error(`evaluate ended with ${judged.code}: ${judged.stderr.trim()}`);
    return { ...readAudit(join(folder, "report.json")), seconds: (performance.now() - began) / 1000 };
  } catch (error) {
    if (signal.aborted && !options.signal.aborted)
      throw new Error(`the audit was still running after ${limitSeconds} s`);
    throw error;
  }
}

/** What one rule said, short. */
export function saidBy(findings: readonly Finding[], rules: readonly string[]): readonly Said[] {
  return findings
    .filter(({ rule }) => rules.includes(rule))
    .map((finding) => ({ rule: finding.rule, outcome: toldBy(finding), reasons: reasonsOf(finding) }));
}

/** Why a rule came out as it did, in English: what fails, or what was not known. */
export function reasonsOf({ occurrences, gaps, observed }: Finding): readonly string[] {
  const reasons = [
    ...occurrences.map(({ subject, message }) => `${subject}: ${message.en}`),
    ...gaps.map(({ path, reason }) => `${path}: ${reason.en}`),
  ];
  return reasons.length > 0 ? reasons : [observed.en];
}

function readAudit(file: string): Omit<Audit, "seconds"> {
  const report: Report = readReport(file);
  return {
    outcomes: Object.fromEntries(report.findings.map((finding) => [finding.rule, toldBy(finding)])),
    findings: report.findings,
  };
}

async function look(side: Side, options: AuditOptions, flags: readonly string[]): Promise<string> {
  const { host, folder, around } = options;
  const common = [
    "--config",
    join(folder, configs[side]),
    "--vantage",
    side,
    "--out",
    join(folder, side),
    "--quiet",
    "--lang",
    "en",
  ];
  const wrapper = around?.[side];
  const before = wrapper === undefined ? [] : ["sh", "-ec", wrapper, "sh"];
  const command = ["collect", host.name, ...common, ...flags];
  const ended = await sekisho(command, options, inNamespace(places[side], before));
  writeFileSync(join(folder, `${side}.log`), `exit ${ended.code}\n${ended.stdout}${ended.stderr}`);
  const file = ended.stdout.trim();
  // 3 says that the login failed: what was seen from the network is there all the same.
  if ([0, 3].includes(ended.code) && existsSync(file)) return file;
  throw new Error(`collect from ${side} ended with ${ended.code}: ${ended.stderr.trim()}`);
}

/** What no probe can see is stated by the product's own command; evaluate finds it beside the configuration. */
async function state(options: AuditOptions, config: string, key: string): Promise<void> {
  const { host, profile } = options;
  for (const requirement of profile.states) {
    const command = ["attest", requirement, "--config", config, "--target", host.name, "--key", key, "--lang", "en"];
    const { code, stderr } = await sekisho(command, options, []);
    if (code !== 0) throw new Error(`attest ${requirement} ended with ${code}: ${stderr.trim()}`);
  }
}

async function loginFlags({ ipv4 }: LabHost, { login }: Profile): Promise<readonly string[]> {
  const { privateKey } = await ensureLoginKey();
  return ["--ssh", `${login}@${ipv4}`, "--identity", privateKey, "--accept-new-host-key"];
}

/** Runs the command line from its sources, with a home of its own, so that nothing of this machine's user plays in. */
async function sekisho(args: readonly string[], { folder, signal }: AuditOptions, inside: readonly string[]) {
  const { certificate } = await ensureAuthority();
  const env = {
    PATH: process.env["PATH"],
    HOME: folder,
    LANG: "C.UTF-8",
    NODE_EXTRA_CA_CERTS: certificate,
    NODE_COMPILE_CACHE: join(cacheFolder(), "node-compile-cache"),
  };
  return await attempt([...inside, process.execPath, main, ...args], { cwd: folder, env, signal });
}

/** Writes the profile's configuration for this host, and one for the internet, where nobody logs in. Gives the first one's path. */
function writeConfigs({ folder, host, profile, policy: changes = {} }: AuditOptions, attestor: string): string {
  if (profile.policy === undefined) throw new Error(`the profile ${profile.name} has no policy to audit by`);
  const { name, ipv4, ipv6 } = host;
  const values = { name, ipv4, ipv6, attestor };
  const base = parse(fillIn(readFileSync(profile.policy, "utf8"), values));
  const config = changed(base, { policy: parse(fillIn(stringify(changes), values)) });
  writeFileSync(join(folder, configs.allowed), stringify(config));
  const strangers = base.targets.map(({ ssh: _login, ...target }: Readonly<Record<string, unknown>>) => target);
  writeFileSync(join(folder, configs.outside), stringify({ ...config, targets: strangers }));
  return join(folder, configs.allowed);
}
