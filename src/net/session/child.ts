import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { ignore } from "./ignore.ts";
import type { ChannelEnd, ShellChannel } from "./shell.ts";

const graceMs = 500;
const remoteGraceMs = 2_000;

/** How long output may still come after the process itself has ended, from children that outlived it. */
const lingerMs = 1_000;

/** What a child process that is only the way to a shell elsewhere has besides. */
export interface RemoteShell {
  /** Exit codes that mean that the way broke, rather than that the shell ended. */
  readonly lostCodes: readonly number[];
  /** Ends the shell of this process number over there. */
  readonly killThere: (pid: number) => Promise<void>;
}

const noRemote: RemoteShell = { lostCodes: [], killThere: () => Promise.resolve() };

/** A shell in a child process that leads a process group of its own (spawned detached), or behind one. */
export function childChannel(child: ChildProcessWithoutNullStreams, remote: RemoteShell = noRemote): ShellChannel {
  const { promise: ended, resolve } = Promise.withResolvers<ChannelEnd>();
  const end = (code: number | null) => {
    resolve({ lost: code !== null && remote.lostCodes.includes(code), exitCode: code });
  };
  child.on("close", end);
  child.on("exit", (code) => {
    setTimeout(() => end(code), lingerMs).unref();
  });
  child.on("error", () => resolve({ lost: true, exitCode: null }));
  for (const stream of [child.stdin, child.stdout, child.stderr]) stream.on("error", ignore);
  let closed = false;
  let force: NodeJS.Timeout | undefined;
  child.on("close", () => {
    closed = true;
    if (force === undefined) return;
    clearTimeout(force);
    signalGroup(child, "SIGKILL");
  });
  const channel: ShellChannel = {
    pid: undefined,
    stdin: child.stdin,
    stdout: child.stdout,
    stderr: child.stderr,
    ended,
    kill: () => {
      // Once all has ended the group's number may belong to others.
      if (closed || force !== undefined) return;
      const there = channel.pid === undefined ? Promise.resolve() : remote.killThere(channel.pid);
      force = setTimeout(() => signalGroup(child, "SIGKILL"), remote === noRemote ? graceMs : remoteGraceMs);
      void there.then(() => {
        if (!closed) signalGroup(child, "SIGTERM");
      });
    },
  };
  return channel;
}

function signalGroup(child: ChildProcessWithoutNullStreams, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === "win32") child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // ESRCH: the whole group has ended. EPERM: what is left runs as another user, such as under sudo, which hands on our SIGTERM.
  }
}
