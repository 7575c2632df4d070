import type { Duplex } from "node:stream";
import type ssh2Module from "ssh2";
import type { Client } from "ssh2";
import { visible } from "#model/sanitise.ts";
import { listAgentKeys } from "./agent.ts";
import { hostKeyPolicy } from "./host-key.ts";
import { findCandidates, unusableByUs } from "./keys.ts";
import { describeHop, type OpenLimits, type Ssh2Login } from "./login.ts";
import { noSession, type SessionAttempt, type SessionProblem } from "./problem.ts";
import { type HopLogin, type LoggedIn, logIn } from "./ssh2-hop.ts";
import { connectTcp, stopped } from "./tcp.ts";

type Failed = Extract<SessionAttempt, { ok: false }>;

/** A server that is logged into, and the bastion it was reached through. */
export interface Ssh2Connection {
  readonly ok: true;
  readonly target: LoggedIn;
  readonly bastion: Bastion | undefined;
  readonly notes: readonly string[];
}

/** Logs in over one connection by ssh2 and starts nothing there. Keys only: no password and no prompt is ever answered. */
export async function connectSsh2(login: Ssh2Login, left: () => OpenLimits): Promise<Ssh2Connection | Failed> {
  const { default: ssh2 } = await import("ssh2");
  const agent = login.agentSocket === undefined ? undefined : await listAgentKeys(login.agentSocket);
  const found = findCandidates(ssh2.utils.parseKey, login, agent);
  if (!found.ok) return found;
  const keys = {
    candidates: found.candidates,
    agentSocket: login.agentSocket,
    systemSsh: unusableByUs(login, agent),
  };
  const first = login.jump ?? login;
  const connected = await connectTcp(first, login.addresses, left());
  if (!connected.ok) return connected;
  const bastion = await bastionOf(ssh2, connected.socket, login, keys, left);
  if (bastion !== undefined && !bastion.ok) return bastion;
  const policy = hostKeyPolicy(login, login.knownHosts, login.acceptNewHostKey);
  const stream = bastion?.stream ?? connected.socket;
  const target = await logIn(ssh2, stream, { policy, ...keys }, left());
  if (target.ok) {
    return { ok: true, target, bastion, notes: [...found.notes, ...(bastion?.notes ?? []), ...target.notes] };
  }
  bastion?.client.end();
  return target;
}

/** A bastion that is logged into, and the stream through it. */
export interface Bastion extends LoggedIn {
  readonly stream: Duplex;
}

async function bastionOf(
  ssh2: typeof ssh2Module,
  socket: Duplex,
  login: Ssh2Login,
  keys: Omit<HopLogin, "policy">,
  left: () => OpenLimits,
): Promise<Bastion | Failed | undefined> {
  if (login.jump === undefined) return undefined;
  const policy = hostKeyPolicy(login.jump, login.knownHosts, login.acceptNewHostKey);
  const bastion = await logIn(ssh2, socket, { policy, ...keys }, left());
  if (!bastion.ok) return { ...bastion, problem: atBastion(bastion.problem) };
  const stream = await forward(bastion.client, login, left());
  if ("ok" in stream) {
    bastion.client.end();
    return stream;
  }
  const note = `The login went through ${describeHop(login.jump)}, whose host key is ${bastion.fingerprint}.`;
  return { ...bastion, stream, notes: [note, ...bastion.notes] };
}

function atBastion(problem: SessionProblem): SessionProblem {
  return { ...problem, message: `At the bastion: ${problem.message}` };
}

function forward(client: Client, login: Ssh2Login, limits: OpenLimits): Promise<Duplex | Failed> {
  const { promise, resolve } = Promise.withResolvers<Duplex | Failed>();
  const where = describeHop(login);
  const timer = setTimeout(() => {
    resolve(
      noSession({
        code: "timeout",
        message: `The bastion had no answer from ${where} in time.`,
        hint: "Check that the bastion may reach the server: its firewall, and the server's.",
      }),
    );
  }, limits.timeoutMs);
  const abort = () => resolve(stopped(login));
  limits.signal.addEventListener("abort", abort);
  client.on("close", () => resolve(lostTo("the bastion")));
  try {
    client.forwardOut("127.0.0.1", 0, login.host, login.port, (error, stream) => {
      resolve(error === undefined ? stream : forwardRefused(where, error));
    });
  } catch (error) {
    resolve(forwardRefused(where, error instanceof Error ? error : new Error(String(error))));
  }
  return promise.finally(() => {
    clearTimeout(timer);
    limits.signal.removeEventListener("abort", abort);
  });
}

/** Reasons 1 and 2 are "administratively prohibited" and "connect failed" (RFC 4254 section 5.1). */
function forwardRefused(where: string, error: Error & { reason?: number | string }): Failed {
  const said = visible(error.message, 200);
  if (Number(error.reason) === 1) {
    return noSession({
      code: "unreachable",
      message: `The bastion does not forward to ${where}: ${said}.`,
      hint: "Allow it on the bastion for this login: AllowTcpForwarding, PermitOpen.",
    });
  }
  return noSession({
    code: /refused/i.test(error.message) ? "refused" : "unreachable",
    message: `The bastion could not connect to ${where}: ${said}.`,
    hint: "Check that the bastion resolves and may reach the server.",
  });
}

function lostTo(where: string): Failed {
  return noSession({
    code: "lost",
    message: `The connection to ${where} broke.`,
    hint: "Run again; if it stays so, see the server's log: journalctl -u ssh",
  });
}
