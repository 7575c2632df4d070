import { spawn } from "node:child_process";
import type { HostSession, RunLimits, RunResult } from "#net/host-session.ts";
import { childChannel } from "./child.ts";
import { acceptedNote, hostKeyPolicy } from "./host-key.ts";
import type { OpenLimits } from "./login.ts";
import { noSession, type SessionAttempt } from "./problem.ts";
import { confirmShell, killScript, notRun, runScript, type ShellChannel } from "./shell.ts";
import { shellProblem } from "./shell-problem.ts";
import { type SystemSshLogin, sshArguments } from "./system-ssh-command.ts";
import { type SshLog, splitSshLog } from "./system-ssh-log.ts";
import { explainSshLog } from "./system-ssh-problem.ts";
import { stopped } from "./tcp.ts";

/** ssh(1) ends so when it could not connect or the connection broke. A script that does looks the same: it counts as broken. */
const lostCode = 255;
const killMs = 1_500;

/**
 * Logs in by the system's ssh, which knows algorithms, certificates and hardware keys that ssh2 does not. Each run is a login of its
 * own, except the first, which uses the shell that answered while opening.
 */
export async function openSystemSsh(login: SystemSshLogin, options: OpenLimits): Promise<SessionAttempt> {
  const { host, port, user, jump } = login;
  const policyOf = (hop: typeof login.jump & object) => hostKeyPolicy(hop, login.knownHosts, login.acceptNewHostKey);
  const target = policyOf({ host, port, user });
  const policies = { target, jump: jump === undefined ? undefined : policyOf(jump) };
  const args = sshArguments(login, policies, options.timeoutMs);
  const { channel, log, startError } = startSsh(args);
  const answer = await confirmShell(channel, options);
  if (answer.kind === "aborted") return stopped(login);
  if (startError() !== undefined) return noProgram(startError());
  if (answer.kind !== "shell") {
    return log.authenticated()
      ? shellProblem(login, answer)
      : explainSshLog(login, target, log, answer.kind === "silent");
  }
  const key = log.hostKey();
  const notes =
    key !== undefined && target.known.length === 0 && login.acceptNewHostKey !== false
      ? [acceptedNote(login, key.fingerprint)]
      : [];
  return { ok: true, session: sessionOver(args, channel, key === undefined ? [] : [key.fingerprint], notes) };
}

/** Whether the system has an ssh(1). */
export function hasSystemSsh(): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const child = spawn("ssh", ["-V"], { stdio: "ignore" });
  child.on("error", () => resolve(false));
  child.on("close", (code) => resolve(code === 0));
  return promise;
}

function sessionOver(
  args: readonly string[],
  first: ShellChannel,
  hostKeys: readonly string[],
  notes: readonly string[],
): HostSession {
  let ready: ShellChannel | undefined = first;
  return {
    via: "ssh",
    hostKeys,
    notes,
    run: async (script, limits) => {
      const channel = ready ?? (await nextShell(args, limits));
      ready = undefined;
      return "end" in channel ? channel : runScript(channel, script, limits);
    },
    close: async () => {
      if (ready === undefined) return;
      ready.stdin.end();
      ready.kill();
      await ready.ended;
    },
  };
}

async function nextShell(args: readonly string[], limits: RunLimits): Promise<ShellChannel | RunResult> {
  if (limits.signal.aborted) return notRun("aborted", "");
  const { channel, startError } = startSsh(args);
  const answer = await confirmShell(channel, limits);
  switch (answer.kind) {
    case "shell":
      return channel;
    case "aborted":
      return notRun("aborted", "");
    case "silent":
      return notRun("timeout", "the shell did not answer");
    case "other":
      return notRun("lost", startError() ?? answer.stderr);
    default:
      return answer satisfies never;
  }
}

interface Started {
  readonly channel: ShellChannel;
  readonly log: SshLog;
  readonly startError: () => string | undefined;
}

function startSsh(args: readonly string[]): Started {
  const child = spawn("ssh", args, { detached: true, stdio: ["pipe", "pipe", "pipe"] });
  let failure: string | undefined;
  child.on("error", (error) => {
    failure = error.message;
  });
  const log = splitSshLog(child.stderr);
  const channel = childChannel(child, { lostCodes: [lostCode], killThere: (pid) => killThere(args, pid) });
  return { channel: Object.assign(channel, { stderr: log.rest }), log, startError: () => failure };
}

/** Ends the script over there by a login of its own: breaking the connection leaves its children running. */
function killThere(args: readonly string[], pid: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const child = spawn("ssh", args, { detached: true, stdio: ["pipe", "ignore", "ignore"] });
  child.on("error", () => resolve());
  child.on("close", () => resolve());
  child.stdin.on("error", () => resolve());
  child.stdin.end(killScript(pid));
  setTimeout(resolve, killMs);
  return promise;
}

function noProgram(why: string | undefined): SessionAttempt {
  return noSession({
    code: "bug",
    message: `The system's ssh could not be started: ${why}.`,
    hint: "Install OpenSSH's client on this machine.",
  });
}
