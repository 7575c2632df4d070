import { execFileSync, spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { HostSession } from "#net/host-session.ts";
import { runLimits } from "../../net/session/ssh-server.ts";

/** Settings under which ssh2 finds no algorithm and the system's ssh does. */
export const postQuantum = ["KexAlgorithms sntrup761x25519-sha512@openssh.com"];

/** What a script prints. */
export async function said(session: HostSession, script: string): Promise<string> {
  return Buffer.from((await session.run(script, runLimits())).stdout).toString();
}

/** A folder for keys and settings that every test login may read. */
export function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "lab-session-"));
  chmodSync(folder, 0o755);
  mkdirSync(join(folder, "authorized"));
  mkdirSync("/run/sshd", { recursive: true });
  return folder;
}

/** Makes a key with ssh-keygen and gives its path. */
export function keygen(path: string, ...options: readonly string[]): string {
  const type = options.includes("-t") ? [] : ["-t", "ed25519"];
  const passphrase = options.includes("-N") ? [] : ["-N", ""];
  execFileSync("/usr/bin/ssh-keygen", ["-q", ...type, ...passphrase, ...options, "-f", path]);
  return path;
}

/** Adds a login; the name tells it apart from any of the machine's own. */
export function addUser(name: string, shell: string): void {
  removeUser(name);
  execFileSync("/usr/sbin/useradd", ["-m", "-s", shell, "-p", "*", name]);
}

export function removeUser(name: string): void {
  try {
    execFileSync("/usr/sbin/userdel", ["-f", "-r", name], { stdio: "ignore" });
  } catch {
    // There is none of this name.
  }
}

export interface Sshd {
  readonly port: number;
  readonly pid: number;
  log(): string;
  stop(): Promise<void>;
}

/** Starts a real sshd on loopback and waits until it listens. */
export async function startSshd(folder: string, name: string, settings: readonly string[]): Promise<Sshd> {
  const port = await freePort();
  const file = join(folder, `${name}.conf`);
  const base = [
    `Port ${port}`,
    "ListenAddress 127.0.0.1",
    "PidFile none",
    "UsePAM no",
    "StrictModes no",
    `AuthorizedKeysFile ${folder}/authorized/%u`,
  ];
  writeFileSync(file, `${[...base, ...settings].join("\n")}\n`);
  const child = spawn("/usr/sbin/sshd", ["-D", "-e", "-f", file], { stdio: ["ignore", "ignore", "pipe"] });
  let log = "";
  const listening = Promise.withResolvers<void>();
  child.stderr.on("data", (chunk: Buffer) => {
    log += chunk.toString();
    if (log.includes("Server listening")) listening.resolve();
  });
  child.on("exit", () => listening.reject(new Error(`sshd ended: ${log}`)));
  await listening.promise;
  if (child.pid === undefined) throw new Error("sshd has no process number");
  return {
    port,
    pid: child.pid,
    log: () => log,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
      child.kill();
      await ended;
    },
  };
}

/** Starts an SSH agent that holds the given keys. */
export async function startAgent(
  folder: string,
  keys: readonly { readonly path: string; readonly passphrase?: string }[],
): Promise<{ socket: string; stop(): void }> {
  const socket = join(folder, `agent-${Math.random().toString(36).slice(2)}`);
  const child = spawn("/usr/bin/ssh-agent", ["-D", "-a", socket], { stdio: ["ignore", "pipe", "ignore"] });
  await new Promise((resolve) => child.stdout.once("data", resolve));
  const ask = join(folder, "askpass");
  for (const { path, passphrase } of keys) {
    writeFileSync(ask, `#!/bin/sh\necho '${passphrase ?? ""}'\n`, { mode: 0o755 });
    const env = { PATH: "/usr/bin:/bin", SSH_AUTH_SOCK: socket, SSH_ASKPASS: ask, SSH_ASKPASS_REQUIRE: "force" };
    execFileSync("/usr/bin/ssh-add", ["-q", path], { env, stdio: ["ignore", "ignore", "pipe"] });
  }
  return { socket, stop: () => void child.kill() };
}

/** A known_hosts line for a server on loopback. */
export function knownLine(port: number, publicKeyFile: string, marker = ""): string {
  return `${marker}[127.0.0.1]:${port} ${readFileSync(publicKeyFile, "utf8")}`;
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  const address = server.address();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

/** Whether a process of that group still runs, other than one that only waits to be collected. */
export function groupRuns(group: number): boolean {
  return processes().some((entry) => entry.group === group && !entry.state.startsWith("Z"));
}

/** Kills the sshd processes that a daemon has forked for its connections, without a chance to say goodbye. */
export function killDescendants(daemon: number): void {
  const all = processes();
  const below = (parent: number): number[] =>
    all
      .filter((entry) => entry.parent === parent && entry.name.startsWith("sshd"))
      .flatMap((entry) => [...below(entry.pid), entry.pid]);
  for (const pid of below(daemon)) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // Its parent's end took it along.
    }
  }
}

function processes() {
  const table = execFileSync("ps", ["-A", "-o", "pid=,ppid=,pgid=,stat=,comm="], { encoding: "utf8" });
  return table.split("\n").flatMap((line) => {
    const [pid, parent, group, state, name] = line.trim().split(/\s+/);
    if (state === undefined || name === undefined) return [];
    return [{ pid: Number(pid), parent: Number(parent), group: Number(group), state, name }];
  });
}
