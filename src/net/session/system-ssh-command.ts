import type { HostKeyPolicy } from "./host-key.ts";
import { lookupName } from "./known-hosts.ts";
import type { Hop, Ssh2Login } from "./login.ts";

/** What the system's ssh needs besides: it reads known_hosts itself. */
export interface SystemSshLogin extends Ssh2Login {
  readonly knownHostsFiles: readonly string[];
}

/**
 * Arguments for ssh(1) to run `sh -s` on the host. No file of the user's configuration is read, nothing is asked, and nothing is
 * written: not even known_hosts. A bastion is reached by a second ssh of the same options, since -J would not hand them on.
 */
export function sshArguments(
  login: SystemSshLogin,
  policies: { readonly target: HostKeyPolicy; readonly jump: HostKeyPolicy | undefined },
  timeoutMs: number,
): readonly string[] {
  const jump = policies.jump;
  const common = sharedOptions(login, timeoutMs);
  const address = jump === undefined ? login.addresses?.[0] : undefined;
  const place = address === undefined || address === login.host ? [] : addressOptions(login, policies.target, address);
  const proxy = jump === undefined ? [] : ["-o", `ProxyCommand=${proxyCommand(login, jump, common)}`];
  return [
    ...["-v", "-T"],
    ...common,
    ...acceptOptions(policies.target),
    ...place,
    ...proxy,
    ...destination(login),
    "sh -s",
  ];
}

function sharedOptions(login: SystemSshLogin, timeoutMs: number): readonly string[] {
  const options = [
    "BatchMode=yes",
    "StrictHostKeyChecking=yes",
    `UserKnownHostsFile=${login.knownHostsFiles.map(quoteValue).join(" ") || "/dev/null"}`,
    "GlobalKnownHostsFile=/dev/null",
    "CheckHostIP=no",
    "UpdateHostKeys=no",
    "PreferredAuthentications=publickey",
    "PasswordAuthentication=no",
    "KbdInteractiveAuthentication=no",
    "ControlMaster=no",
    "ControlPath=none",
    "ClearAllForwardings=yes",
    "ForwardAgent=no",
    "ForwardX11=no",
    "PermitLocalCommand=no",
    "EscapeChar=none",
    "Compression=no",
    `ConnectTimeout=${Math.max(1, Math.ceil(timeoutMs / 1000))}`,
    "ConnectionAttempts=1",
    "ServerAliveInterval=10",
    "ServerAliveCountMax=3",
    `IdentityAgent=${login.agentSocket === undefined ? "none" : quoteValue(login.agentSocket)}`,
    `IdentitiesOnly=${login.identityGiven ? "yes" : "no"}`,
    ...login.keys.map((file) => `IdentityFile=${quoteValue(file.path)}`),
  ];
  return ["-F", "none", ...options.flatMap((option) => ["-o", option])];
}

/** Connects to the address that was checked, and still looks for the key under the name. */
function addressOptions(login: Hop, policy: HostKeyPolicy, address: string): readonly string[] {
  // A host certificate is for the bare name, whatever the port.
  const certified = policy.known.some((entry) => entry.marker === "cert-authority");
  const alias = certified ? login.host : lookupName(login.host, login.port);
  return ["-o", `HostName=${address}`, "-o", `HostKeyAlias=${alias}`];
}

/**
 * Lets ssh take a key on the operator's word without writing it down: a command answers as a known_hosts file would. Only for a host
 * of which no key is known, so that a changed one stays changed.
 */
function acceptOptions(policy: HostKeyPolicy): readonly string[] {
  if (policy.accept === false || policy.known.some((entry) => entry.marker === "none")) return [];
  const wanted = typeof policy.accept === "string" ? policy.accept.replace(/=+$/, "") : undefined;
  if (wanted !== undefined && !/^SHA256:[A-Za-z0-9+/]+$/.test(wanted)) return [];
  const name = lookupName(policy.hop.host, policy.hop.port);
  if (!/^[A-Za-z0-9._:[\]-]+$/.test(name)) return [];
  const test = wanted === undefined ? 'test "$1" != NONE' : `test "$1" = ${wanted}`;
  const script = `if ${test}; then echo "${name} $2 $3"; fi`;
  return ["-o", `KnownHostsCommand=/bin/sh -c '${script}' sh %f %t %K`];
}

function proxyCommand(login: SystemSshLogin, jump: HostKeyPolicy, common: readonly string[]): string {
  const target = login.host.includes(":") ? `[${login.host}]:${login.port}` : `${login.host}:${login.port}`;
  const place =
    login.addresses?.[0] === undefined || login.addresses[0] === jump.hop.host
      ? []
      : addressOptions(jump.hop, jump, login.addresses[0]);
  const forward = ["-W", target];
  const line = ["ssh", ...common, ...acceptOptions(jump), ...place, ...forward, ...destination(jump.hop)];
  // The command line goes through the percent expansion of ssh and then through a shell.
  return line.map((word) => shellQuote(word).replaceAll("%", "%%")).join(" ");
}

function destination(hop: Hop): readonly string[] {
  return ["-p", String(hop.port), "-l", hop.user, "--", hop.host];
}

/** A value of ssh_config(5) may be quoted; a percent sign begins a token. */
function quoteValue(value: string): string {
  return `"${value.replaceAll("%", "%%").replace(/["\\]/g, "\\$&")}"`;
}

function shellQuote(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
