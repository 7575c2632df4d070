import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { InputError } from "#model/input-error.ts";
import type { SshLogin, Target } from "#model/target.ts";
import type { HostSession } from "#net/host-session.ts";
import { openLocalSession } from "#net/session/local.ts";
import type { Hop } from "#net/session/login.ts";
import { noSession, type SessionAttempt } from "#net/session/problem.ts";
import { openSsh2Session } from "#net/session/ssh2.ts";
import { hasSystemSsh, openSystemSsh } from "#net/session/system-ssh.ts";
import type { SystemSshLogin } from "#net/session/system-ssh-command.ts";
import { openTunnel, type TunnelAttempt } from "#net/tunnel/open-tunnel.ts";
import { readKnownHosts } from "./known-hosts-file.ts";
import { readKeyFiles } from "./open-session-keys.ts";

/** How a session is to be opened. */
export interface OpenSessionOptions {
  /** Fingerprint of a host key to accept although known_hosts does not hold it; true accepts any that is merely unknown. */
  readonly acceptNewHostKey: string | boolean;
  readonly knownHostsFiles: readonly string[];
  /** Socket of the SSH agent. */
  readonly agentSocket: string | undefined;
  readonly homeDirectory: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Throws for an address that may not be contacted: asked of every address that is, after the name was resolved for the login. */
  readonly permit?: ((address: string, source: string) => void) | undefined;
}

/**
 * Opens a session on the target: on this machine where the target is local, else by ssh2, and by the system's ssh where that can do
 * what ssh2 can not. Throws InputError for a login that can not be meant or an address out of scope; all else is a problem.
 */
export async function openSession(target: Target, options: OpenSessionOptions): Promise<SessionAttempt> {
  if (target.local) return localSession();
  if (target.ssh === undefined)
    throw new InputError(`Target ${target.id} has no SSH login.`, { hint: "Give --ssh user@host." });
  const until = performance.now() + options.timeoutMs;
  const left = () => ({ timeoutMs: Math.max(1, until - performance.now()), signal: options.signal });
  const login = await describeLogin(target.ssh, options);
  if ("ok" in login) return login;
  const first = await openSsh2Session(login, left());
  if (first.ok || first.systemSsh === undefined) return first;
  if (!(await hasSystemSsh())) return first;
  const second = await openSystemSsh(login, left());
  return second.ok ? { ok: true, session: noted(second.session, first.systemSsh) } : second;
}

/**
 * Logs into the host of a vantage, for a tunnel. Throws InputError for a login that can not be meant, and whatever `options.permit` throws
 * of an address; all else is a problem.
 */
export async function openVantage(ssh: SshLogin, options: OpenSessionOptions): Promise<TunnelAttempt> {
  const login = await describeLogin(ssh, options);
  return "ok" in login ? login : await openTunnel(login, { timeoutMs: options.timeoutMs, signal: options.signal });
}

function localSession(): SessionAttempt {
  if (process.platform !== "win32") return { ok: true, session: openLocalSession() };
  return noSession({
    code: "no-shell",
    message: "This machine runs Windows, which has no POSIX shell.",
    hint: "Audit the server over SSH: --ssh user@host.",
  });
}

function noted(session: HostSession, why: string): HostSession {
  return { ...session, notes: [`The system's ssh was used: ${why}.`, ...session.notes] };
}

/** Reads `user@host[:port]`, IPv6 in brackets. Throws InputError. */
export function parseJump(text: string): Hop {
  const match = /^([^@\s:]+)@(?:\[([0-9A-Fa-f:.]+)\]|([^@\s:[\]]+))(?::([1-9]\d{0,4}))?$/.exec(text);
  const [, user, address, name, digits] = match ?? [];
  const host = address ?? name;
  const port = digits === undefined ? 22 : Number(digits);
  if (user !== undefined && host !== undefined && port <= 65535 && plain(user) && plain(host))
    return { user, host, port };
  throw new InputError(`"${text}" is not a bastion.`, { hint: "Write user@host, user@host:port or user@[IPv6]:port." });
}

async function describeLogin(
  ssh: SshLogin,
  options: OpenSessionOptions,
): Promise<SystemSshLogin | Extract<SessionAttempt, { ok: false }>> {
  if (!plain(ssh.user) || !plain(ssh.host)) {
    throw new InputError(`${ssh.user}@${ssh.host} is not a login.`, {
      hint: "Names do not begin with a dash or hold spaces.",
    });
  }
  const jump = ssh.jump === undefined ? undefined : parseJump(ssh.jump);
  const keys = await readKeyFiles(ssh.identity, options.homeDirectory);
  if ("ok" in keys) return keys;
  const hop = { host: ssh.host, port: ssh.port ?? 22, user: ssh.user };
  if (jump !== undefined && isIP(ssh.host) !== 0) options.permit?.(ssh.host, `SSH login ${ssh.user}@${ssh.host}`);
  const addresses = await permittedAddresses(jump ?? hop, options);
  return {
    ...hop,
    ...(jump === undefined ? {} : { jump }),
    ...(addresses === undefined ? {} : { addresses }),
    keys,
    identityGiven: ssh.identity !== undefined,
    agentSocket: options.agentSocket,
    knownHosts: await readKnownHosts(options.knownHostsFiles),
    knownHostsFiles: options.knownHostsFiles,
    acceptNewHostKey: options.acceptNewHostKey,
  };
}

/** The addresses the login will go to; undefined where the name does not resolve, which the login then says. */
async function permittedAddresses(hop: Hop, options: OpenSessionOptions): Promise<readonly string[] | undefined> {
  if (isIP(hop.host) !== 0) {
    options.permit?.(hop.host, `SSH login ${hop.user}@${hop.host}`);
    return [hop.host];
  }
  try {
    const found = (await lookup(hop.host, { all: true })).map((entry) => entry.address);
    for (const address of found) options.permit?.(address, `DNS answer for ${hop.host}, the host of the SSH login`);
    return found;
  } catch (error) {
    if (error instanceof InputError) throw error;
    return undefined;
  }
}

/** Would be read as an option by ssh, or can not be a name. */
function plain(name: string): boolean {
  return /^[^-\s\p{Cc}][^\s\p{Cc}]*$/u.test(name);
}
