import type { Duplex } from "node:stream";
import type ssh2Module from "ssh2";
import type { AnyAuthMethod, AuthHandlerMiddleware, BaseAgent, Client, ParsedKey } from "ssh2";
import { visible } from "#model/sanitise.ts";
import { type HostKeyDecision, type HostKeyPolicy, hostKeyAlgorithms, judgeHostKey } from "./host-key.ts";
import type { Candidate } from "./keys.ts";
import { describeHop, type OpenLimits } from "./login.ts";
import { noSession, type SessionProblem } from "./problem.ts";
import { stopped } from "./tcp.ts";

/** What logging into one SSH server takes. */
export interface HopLogin {
  readonly policy: HostKeyPolicy;
  readonly candidates: readonly Candidate[];
  readonly agentSocket: string | undefined;
  /** Why the system's ssh may be accepted where these keys are not. */
  readonly systemSsh: string | undefined;
}

/** One SSH server that was logged into. */
export interface LoggedIn {
  readonly ok: true;
  readonly client: Client;
  readonly fingerprint: string;
  readonly notes: readonly string[];
}

type HopAttempt = LoggedIn | { readonly ok: false; readonly problem: SessionProblem; readonly systemSsh?: string };

/** What has been seen of a login so far, to say afterwards why it failed. */
interface Progress {
  identified: boolean;
  handshake: boolean;
  decision: HostKeyDecision | undefined;
  offered: readonly string[];
  tried: string[];
  signed: string | undefined;
  partial: boolean;
}

const keepaliveMs = 10_000;
const unlistenedClose = /Connection lost before handshake/;

/** Logs into one SSH server over a stream that is already connected. Never throws for what the server does. */
export function logIn(
  ssh2: typeof ssh2Module,
  stream: Duplex,
  login: HopLogin,
  limits: OpenLimits,
): Promise<HopAttempt> {
  const { hop } = login.policy;
  const { promise, resolve } = Promise.withResolvers<HopAttempt>();
  const client = new ssh2.Client();
  const seen: Progress = {
    identified: false,
    handshake: false,
    decision: undefined,
    offered: [],
    tried: [],
    signed: undefined,
    partial: false,
  };
  const fail = (attempt: HopAttempt) => {
    resolve(attempt);
    client.destroy();
    stream.destroy();
  };
  const timer = setTimeout(() => fail(late(login, seen)), limits.timeoutMs);
  const abort = () => fail(stopped(hop));
  limits.signal.addEventListener("abort", abort);
  client.on("handshake", () => {
    seen.handshake = true;
  });
  client.on("error", (error: Error & { level?: string }) => {
    // A key of the agent that can not sign is one key less; the next is tried.
    if (error.level !== "agent") fail(explain(login, seen, error));
  });
  client.on("close", () => fail(explain(login, seen, new Error("closed"))));
  client.on("ready", () => {
    const decision = seen.decision;
    if (decision?.accept !== true) {
      fail(explain(login, seen, new Error("no host key was judged")));
      return;
    }
    const notes = decision.note === undefined ? [] : [decision.note];
    resolve({ ok: true, client, fingerprint: decision.fingerprint, notes });
  });
  if (limits.signal.aborted) abort();
  else connect(ssh2, client, stream, login, seen);
  return promise.finally(() => {
    clearTimeout(timer);
    limits.signal.removeEventListener("abort", abort);
  });
}

function connect(ssh2: typeof ssh2Module, client: Client, stream: Duplex, login: HopLogin, seen: Progress): void {
  client.connect({
    sock: stream as never, // The types ask for a Readable; ssh2 itself writes to it too, so a Duplex is what it needs.
    username: login.policy.hop.user,
    readyTimeout: 0,
    keepaliveInterval: keepaliveMs,
    keepaliveCountMax: 3,
    // Compression lets a hostile server turn few bytes into very many.
    algorithms: { serverHostKey: hostKeyAlgorithms(login.policy.known), compress: ["none"] },
    hostVerifier: (key: Buffer) => {
      seen.decision = judgeHostKey(login.policy, key);
      return seen.decision.accept;
    },
    // The types leave out that the first call has null for both, and that false ends the attempts.
    authHandler: keysInTurn(ssh2, login, seen) as AuthHandlerMiddleware,
    debug: (line: string) => note(seen, line),
  });
}

/** ssh2 tells of the methods a server offers, and of its identification, only here when the key is an agent's. */
function note(seen: Progress, line: string): void {
  if (line.startsWith("Remote ident:")) seen.identified = true;
  const offered = /^Inbound: Received USERAUTH_FAILURE \(([^)]*)\)/.exec(line)?.[1];
  if (offered === undefined) return;
  seen.offered = offered.split(",").filter((method) => method !== "");
  // A signature is only asked for after the server said that the key is good: what it refuses then is not the key.
  if (seen.signed !== undefined) seen.partial = true;
}

function keysInTurn(ssh2: typeof ssh2Module, login: HopLogin, seen: Progress) {
  const left = [...login.candidates];
  const username = login.policy.hop.user;
  return (
    _methods: readonly string[] | null,
    partial: boolean | null,
    next: (method: AnyAuthMethod | false) => void,
  ): void => {
    if (partial === true) seen.partial = true;
    const offersKeys = seen.offered.length === 0 || seen.offered.includes("publickey");
    const candidate = seen.partial || !offersKeys ? undefined : left.shift();
    if (candidate === undefined) {
      next(false);
      return;
    }
    seen.tried.push(candidate.label);
    if (candidate.from === "file") {
      next({ type: "publickey", username, key: candidate.key });
      return;
    }
    const agent = ssh2.createAgent(login.agentSocket ?? "");
    next({ type: "agent", username, agent: agentOfOne(agent, candidate, seen) });
  };
}

/** The agent as if it held one key only; its other keys are not the server's business. */
function agentOfOne(agent: BaseAgent, candidate: Candidate, seen: Progress): BaseAgent {
  const sign = agent.sign.bind(agent) as (...args: unknown[]) => void; // Overloaded: handed on as it came.
  return Object.assign(Object.create(agent) as BaseAgent, {
    getIdentities: (callback: (error: Error | undefined, keys: ParsedKey[]) => void) =>
      callback(undefined, [candidate.key]),
    sign: (...args: unknown[]) => {
      seen.signed = candidate.label;
      sign(...args);
    },
  });
}

function late(login: HopLogin, seen: Progress): HopAttempt {
  const where = describeHop(login.policy.hop);
  const doing = seen.handshake ? "log in" : "shake hands";
  const what = seen.identified ? `did not ${doing} in time` : "sent no SSH identification in time";
  return noSession({
    code: "timeout",
    message: `${where} accepted the connection and ${what}.`,
    hint: "Check that the port is sshd's. An agent that waits for a touch or a confirmation takes as long as you do.",
  });
}

function explain(login: HopLogin, seen: Progress, error: Error & { level?: string }): HopAttempt {
  const { hop } = login.policy;
  const where = describeHop(hop);
  const said = visible(error.message, 200);
  if (seen.decision?.accept === false) {
    const known = login.policy.known.some((entry) => entry.marker === "cert-authority");
    return noSession(seen.decision.problem, known ? `known_hosts trusts an authority for ${where}` : undefined);
  }
  if (/no matching/.test(error.message)) {
    return noSession(
      {
        code: "algorithms",
        message: `${where} shares no algorithm with this client: ${said}.`,
        hint: "Install OpenSSH's ssh on this machine: it knows newer algorithms.",
      },
      `ssh2 shares no algorithm with ${where} (${said})`,
    );
  }
  if (error.level === "client-authentication") return notAccepted(login, seen);
  if (!seen.identified) return notSsh(where, error, said);
  return noSession({
    code: "lost",
    message: `The connection to ${where} broke ${seen.handshake ? "while logging in" : "in the handshake"}: ${said}.`,
    hint: "Run again; if it stays so, see the server's log: journalctl -u ssh",
  });
}

function notSsh(where: string, error: Error, said: string): HopAttempt {
  if (unlistenedClose.test(error.message) || error.message === "closed" || "code" in error) {
    return noSession({
      code: "refused",
      message: `${where} accepted the connection and closed it at once, without a word (${said}).`,
      hint: "sshd does so when it has too many logins waiting (MaxStartups) or has penalised or banned this address: wait some minutes.",
    });
  }
  return noSession({
    code: "not-ssh",
    message: `What answers at ${where} does not speak SSH: ${said}.`,
    hint: "Check the port: in sekisho.yaml it is ssh.port, on the command line --ssh user@host:port.",
  });
}

function notAccepted(login: HopLogin, seen: Progress): HopAttempt {
  const { hop } = login.policy;
  const where = describeHop(hop);
  const offered = visible(seen.offered.join(", "), 200);
  const tried = seen.tried.join(", ");
  if (seen.partial) {
    return noSession({
      code: "authentication",
      message: `${where} accepted the key ${seen.signed ?? tried} of ${hop.user}, and asks for ${offered} on top of it.`,
      hint: `A second factor can not be given here: let ${hop.user} in by key alone from this address (Match Address, AuthenticationMethods publickey).`,
    });
  }
  if (seen.offered.length > 0 && !seen.offered.includes("publickey")) {
    return noSession({
      code: "authentication",
      message: `${where} does not take keys from ${hop.user}: it offers ${offered} only.`,
      hint: "Allow PubkeyAuthentication for this login; passwords are never sent.",
    });
  }
  return noSession(
    {
      code: "authentication",
      message: `${where} accepted no key for ${hop.user}: tried ${tried}; it offers ${offered}.`,
      hint: `Put the key's public half into ~${hop.user}/.ssh/authorized_keys on ${hop.host} (ssh-copy-id), or name another with --identity PATH`,
    },
    login.systemSsh,
  );
}
