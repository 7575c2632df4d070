import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import type { Destination, OutboundPlan } from "#model/outbound.ts";

/** The files of the folder `script` in the order in which they make up the script: what is used stands before what uses it. */
const parts = [
  "head",
  "frames",
  "run",
  "clock",
  "processes",
  "network",
  "sshd",
  "packet-filter",
  "services",
  "containers",
  "openclaw",
  "nginx",
  "log-files",
  "logs",
  "backup-copies",
  "backup-jobs",
  "backups",
  "alert-fail2ban",
  "alerts",
  "outbound",
  "main",
] as const;

let text: string | undefined;

/** The script as shipped, without its parameters; read when it is first needed. */
export function collectScript(): string {
  text ??= parts.map((name) => readFileSync(new URL(`./script/${name}.sh`, import.meta.url), "utf8")).join("");
  return text;
}

/** What the script asks docker inspect for, as its --format. */
export function containerFormat(): string {
  const format = /^container_format='([^']+)'$/m.exec(collectScript())?.[1];
  if (format === undefined) throw new Error("the script names no container_format");
  return format;
}

/** What the script looks for in access logs, as the argument of grep -E. */
export function requestPattern(): string {
  const monitors = /^monitors='([^']+)'$/m.exec(collectScript())?.[1];
  const pattern = /^request_pattern='([^']+)'\$monitors'([^']*)'$/m.exec(collectScript());
  if (monitors === undefined || pattern === null) throw new Error("the script names no request_pattern");
  return `${pattern[1] ?? ""}${monitors}${pattern[2] ?? ""}`;
}

/**
 * The whole script to feed to `sh -s`, or to hand to the owner of a host: parameters, then its parts. Users whose name sshd(8)
 * could not be asked about (with a comma or a space) are left out.
 *
 * @param options.boundary Random hexadecimal digits, new for every run.
 * @param options.sshUsers Login names to ask sshd about.
 * @param options.container Name of OpenClaw's container; openclaw when left out.
 * @param options.backups Folders of backups and the jobs that make them, as the operator declared them.
 * @param options.outbound What connections to try; none when left out.
 */
export function hostScript(options: {
  readonly boundary: string;
  readonly sshUsers: readonly string[];
  readonly container?: string;
  readonly backups?: { readonly paths: readonly string[]; readonly jobs: readonly string[] } | undefined;
  readonly outbound?: OutboundPlan | undefined;
}): string {
  if (!/^[0-9a-f]{8,128}$/.test(options.boundary)) throw new Error("the boundary must be hexadecimal");
  const users = options.sshUsers.filter((user) => /^[A-Za-z0-9_][A-Za-z0-9_.@$-]{0,63}$/.test(user));
  const parameters = [
    `boundary=${quote(options.boundary)}`,
    `ssh_users=${quote([...new Set(users)].join(" "))}`,
    `container=${quote(options.container ?? "openclaw")}`,
    `backup_paths=${quote(words(options.backups?.paths, /^\/[A-Za-z0-9_.@/-]{1,200}$/))}`,
    `backup_jobs=${quote(words(options.backups?.jobs, /^[A-Za-z0-9_.@:/-]{1,200}$/))}`,
    ...outboundParameters(options.outbound),
  ];
  return `#!/bin/sh\n${parameters.join("\n")}\n\n${collectScript()}`;
}

/** sha256 of the script as shipped, without its parameters, hex. */
export function scriptDigest(): string {
  return createHash("sha256").update(collectScript()).digest("hex");
}

/** A comma cannot stand in a name, nor a colon be taken for a port's in an address. */
function outboundParameters(plan: OutboundPlan | undefined): readonly string[] {
  const list = (destinations: readonly Destination[] = []) =>
    words(
      destinations.map(({ host, port }) => `${host},${port}`),
      /^[A-Za-z0-9.:-]{1,255},\d{1,5}$/,
    );
  const resolvers = (plan?.resolvers ?? []).filter((address) => isIP(address) !== 0 && !address.includes("%"));
  return [
    `outbound=${quote(plan === undefined ? "no" : "yes")}`,
    `outbound_needed=${quote(list(plan?.needed))}`,
    `outbound_canaries=${quote(list(plan?.canaries))}`,
    `outbound_ai=${quote(list(plan?.ai))}`,
    `outbound_resolvers=${quote(resolvers.join(" "))}`,
  ];
}

function words(values: readonly string[] | undefined, shape: RegExp): string {
  return [...new Set(values ?? [])].filter((value) => shape.test(value)).join(" ");
}

/** A word of a POSIX shell that stands for exactly this text. */
function quote(value: string): string {
  return `'${value.replaceAll("'", "'\\''")}'`;
}
