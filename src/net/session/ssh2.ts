import type { Client, ClientChannel } from "ssh2";
import type { HostSession, RunLimits, RunResult } from "#net/host-session.ts";
import { ignore } from "./ignore.ts";
import type { OpenLimits, Ssh2Login } from "./login.ts";
import type { SessionAttempt } from "./problem.ts";
import { type ChannelEnd, confirmShell, killScript, notRun, runScript, type ShellChannel } from "./shell.ts";
import { noShell, shellProblem } from "./shell-problem.ts";
import { type Bastion, connectSsh2 } from "./ssh2-connection.ts";
import type { LoggedIn } from "./ssh2-hop.ts";

type Failed = Extract<SessionAttempt, { ok: false }>;

const killGraceMs = 500;
const closeAfterMs = 1_500;

/**
 * Logs in over one connection by ssh2 and makes sure that a shell answers. Keys only: no password and no prompt is ever answered.
 * The first run uses the shell that answered, so that no second one has to be started.
 */
export async function openSsh2Session(login: Ssh2Login, options: OpenLimits): Promise<SessionAttempt> {
  const until = performance.now() + options.timeoutMs;
  const left = (): OpenLimits => ({ timeoutMs: Math.max(1, until - performance.now()), signal: options.signal });
  const connected = await connectSsh2(login, left);
  if (!connected.ok) return connected;
  const { target, bastion, notes } = connected;
  const session = sessionOver(target, bastion, notes);
  const opened = await session.open(login, left());
  if (opened === undefined) return { ok: true, session };
  await session.close();
  return opened;
}

interface OpeningSession extends HostSession {
  /** Starts the first shell; undefined when one answered. */
  open(login: Ssh2Login, limits: OpenLimits): Promise<Failed | undefined>;
}

function sessionOver(target: LoggedIn, bastion: Bastion | undefined, notes: readonly string[]): OpeningSession {
  const { client } = target;
  let ready: ShellChannel | undefined;
  let closed = false;
  client.on("close", () => {
    closed = true;
  });
  return {
    via: "ssh2",
    hostKeys: [target.fingerprint],
    notes,
    open: async (login, limits) => {
      const channel = await startShell(client, limits);
      if (channel instanceof Error) return noShell(login, channel.message);
      const answer = await confirmShell(channel, limits);
      if (answer.kind !== "shell") return shellProblem(login, answer);
      ready = channel;
      return undefined;
    },
    run: async (script, limits) => {
      const channel = ready ?? (await nextShell(client, limits));
      ready = undefined;
      return "end" in channel ? channel : runScript(channel, script, limits);
    },
    close: () => {
      if (closed) return Promise.resolve();
      const { promise, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(() => client.destroy(), killGraceMs);
      client.on("close", () => {
        clearTimeout(timer);
        resolve();
      });
      ready?.kill();
      client.end();
      bastion?.client.end();
      return promise;
    },
  };
}

/** A further shell on a connection where one has answered before. */
async function nextShell(client: Client, limits: RunLimits): Promise<ShellChannel | RunResult> {
  if (limits.signal.aborted) return notRun("aborted", "");
  const channel = await startShell(client, limits);
  if (channel instanceof Error) return notRun(limits.signal.aborted ? "aborted" : "lost", channel.message);
  const answer = await confirmShell(channel, limits);
  switch (answer.kind) {
    case "shell":
      return channel;
    case "aborted":
      return notRun("aborted", "");
    case "silent":
      return notRun("timeout", "the shell did not answer");
    case "other":
      return notRun("lost", answer.stderr);
    default:
      return answer satisfies never;
  }
}

/** Starts `sh -s`; an Error says why the server did not. */
function startShell(client: Client, limits: OpenLimits): Promise<ShellChannel | Error> {
  const { promise, resolve } = Promise.withResolvers<ShellChannel | Error>();
  const timer = setTimeout(() => resolve(new Error("the server did not start a command in time")), limits.timeoutMs);
  const abort = () => resolve(new Error("interrupted"));
  limits.signal.addEventListener("abort", abort);
  const lost = () => resolve(new Error("the connection broke"));
  client.on("close", lost);
  try {
    client.exec("sh -s", (error, channel) => {
      if (error !== undefined) resolve(error);
      else resolve(shellOver(client, channel));
    });
  } catch (error) {
    // exec throws where the connection has ended already.
    resolve(error instanceof Error ? error : new Error(String(error)));
  }
  return promise.finally(() => {
    clearTimeout(timer);
    client.off("close", lost);
    limits.signal.removeEventListener("abort", abort);
  });
}

function shellOver(client: Client, channel: ClientChannel): ShellChannel {
  const { promise: ended, resolve } = Promise.withResolvers<ChannelEnd>();
  let exit: { readonly code: number | null } | undefined;
  channel.on("exit", (code: number | null) => {
    exit = { code };
  });
  channel.on("error", ignore);
  channel.stderr.on("error", ignore);
  const end = () => resolve({ lost: exit === undefined, exitCode: exit?.code ?? null });
  channel.on("close", end);
  // The channel of a broken connection closes only once it is read; a paused one would hang.
  client.on("close", () => setTimeout(end, killGraceMs));
  let killed = false;
  const shell: ShellChannel = {
    pid: undefined,
    stdin: channel.stdin,
    stdout: channel.stdout,
    stderr: channel.stderr,
    ended,
    kill: () => {
      if (killed || exit !== undefined) return;
      killed = true;
      // sshd hands on a signal only where privileges are separated, which they are not for root: so a second shell sends it.
      attempt(() => channel.signal("TERM"));
      if (shell.pid !== undefined) killThere(client, shell.pid);
      setTimeout(() => attempt(() => channel.close()), closeAfterMs);
    },
  };
  return shell;
}

function killThere(client: Client, pid: number): void {
  attempt(() => {
    client.exec("sh -s", (error, channel) => {
      if (error !== undefined) return;
      channel.on("error", ignore);
      channel.resume();
      channel.stderr.resume();
      channel.end(killScript(pid));
    });
  });
}

function attempt(action: () => void): void {
  try {
    action();
  } catch {
    // The channel is closed already: there is nothing left to stop.
  }
}
