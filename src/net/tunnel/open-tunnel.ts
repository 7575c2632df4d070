import type { Client } from "ssh2";
import type { OpenLimits, Ssh2Login } from "#net/session/login.ts";
import type { SessionProblem } from "#net/session/problem.ts";
import { connectSsh2 } from "#net/session/ssh2-connection.ts";
import { type Tunnel, tunnelOver } from "./tunnel.ts";

/** A tunnel, or why there is none. */
export type TunnelAttempt =
  | {
      readonly ok: true;
      readonly tunnel: Tunnel;
      /** Fingerprint of the server's host key. */
      readonly hostKey: string;
      readonly notes: readonly string[];
    }
  | { readonly ok: false; readonly problem: SessionProblem };

const goodbyeMs = 500;

/** Logs in by ssh2 for a tunnel. No session is opened there: nothing runs on that server but its sshd. */
export async function openTunnel(login: Ssh2Login, options: OpenLimits): Promise<TunnelAttempt> {
  const until = performance.now() + options.timeoutMs;
  const left = (): OpenLimits => ({ timeoutMs: Math.max(1, until - performance.now()), signal: options.signal });
  const connected = await connectSsh2(login, left);
  if (!connected.ok) {
    const { problem, systemSsh } = connected;
    return { ok: false, problem: systemSsh === undefined ? problem : { ...problem, hint: builtInOnly } };
  }
  const { target, bastion, notes } = connected;
  const end = async () => {
    await endClient(target.client);
    bastion?.client.end();
  };
  return { ok: true, tunnel: tunnelOver(target.client, end), hostKey: target.fingerprint, notes };
}

const builtInOnly =
  "A tunnel goes through the built-in client only: give this vantage a plain key, without certificate or hardware, and a host key that stands in known_hosts.";

async function endClient(client: Client): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(() => {
    client.destroy();
    resolve();
  }, goodbyeMs);
  client.on("close", () => resolve());
  client.end();
  await promise;
  clearTimeout(timer);
}
