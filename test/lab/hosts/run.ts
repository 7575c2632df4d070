import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { constants } from "node:os";
import { setTimeout as wait } from "node:timers/promises";

/** Exit codes of the lab's command line, after sysexits.h where it has a word for it. */
export const labExit = { failed: 1, usage: 64, missing: 69, bug: 70, permission: 77, interrupted: 130 } as const;

/** Something the person at the lab can act on: what happened, and what to do next. */
export class LabError extends Error {
  readonly hint: string | undefined;
  readonly exitCode: number;

  constructor(message: string, options: { hint?: string; exitCode?: number; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = "LabError";
    this.hint = options.hint;
    this.exitCode = options.exitCode ?? labExit.failed;
  }
}

export interface Outcome {
  /** Exit code; 128 + number for a program that a signal ended. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly input?: string;
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** In a session of its own: a Ctrl-C at the terminal does not reach it. */
  readonly detached?: boolean;
  /** The program is killed after this time, and the run throws. */
  readonly timeoutMs?: number;
  /** The program is killed when this is aborted, and the run throws the reason. */
  readonly signal?: AbortSignal;
}

/**
 * Runs a program to its end and gives what came of it, whatever its exit code.
 * @throws LabError when the program is not installed or takes too long.
 */
export async function attempt(command: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  const [program = "", ...args] = command;
  options.signal?.throwIfAborted();
  const settings: SpawnOptions = { stdio: "pipe", detached: options.detached ?? false };
  if (options.cwd !== undefined) settings.cwd = options.cwd;
  if (options.env !== undefined) settings.env = options.env;
  const child = spawn(program, args, settings);
  const ended = Promise.withResolvers<{ code: number | null; signal: NodeJS.Signals | null }>();
  child.on("error", (error) => ended.reject(explainStart(program, error)));
  child.on("close", (code, signal) => ended.resolve({ code, signal }));
  child.on("exit", () => letGo(child));
  const out = collect(child.stdout);
  const err = collect(child.stderr);
  // A program that does not read its input to the end is no failure of ours.
  child.stdin?.on("error", () => undefined);
  child.stdin?.end(options.input ?? "");
  const limits = [options.signal, options.timeoutMs === undefined ? undefined : AbortSignal.timeout(options.timeoutMs)];
  const limit = AbortSignal.any(limits.filter((each) => each !== undefined));
  const kill = () => child.kill("SIGKILL");
  limit.addEventListener("abort", kill, { once: true });
  try {
    const { code, signal } = await ended.promise;
    options.signal?.throwIfAborted();
    if (limit.aborted) {
      const message = `"${shown(command)}" was still running after ${options.timeoutMs} ms`;
      throw new LabError(message, { hint: tail(err()) });
    }
    return { code: exitCodeOf(code, signal), stdout: out(), stderr: err() };
  } finally {
    limit.removeEventListener("abort", kill);
  }
}

/**
 * Runs a program that must succeed and gives its standard output.
 * @throws LabError with the end of what it wrote on standard error.
 */
export async function run(command: readonly string[], options: RunOptions = {}): Promise<string> {
  const { code, stdout, stderr } = await attempt(command, options);
  if (code === 0) return stdout;
  throw new LabError(`"${shown(command)}" ended with ${code}`, { hint: tail(stderr) || tail(stdout) });
}

/** Runs a program on our own terminal to its end and gives its exit code. A Ctrl-C is the program's to hear. */
export async function attach(command: readonly string[]): Promise<number> {
  const [program = "", ...args] = command;
  const child = spawn(program, args, { stdio: "inherit" });
  const leaveIt = () => undefined;
  process.on("SIGINT", leaveIt);
  try {
    return await new Promise((resolve, reject) => {
      child.on("error", (error) => reject(explainStart(program, error)));
      child.on("close", (code, signal) => resolve(exitCodeOf(code, signal)));
    });
  } finally {
    process.off("SIGINT", leaveIt);
  }
}

/**
 * Asks again until the answer is neither false nor undefined.
 * @throws LabError after `timeoutMs`, saying what was waited for; the signal's reason when it is aborted.
 */
export async function until<T>(
  what: string,
  ask: () => Promise<T | undefined | false> | T | undefined | false,
  options: { readonly timeoutMs?: number; readonly everyMs?: number; readonly signal?: AbortSignal } = {},
): Promise<T> {
  const timeoutMs = options.timeoutMs ?? 60_000;
  const end = performance.now() + timeoutMs;
  for (;;) {
    options.signal?.throwIfAborted();
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (performance.now() > end) throw new LabError(`waited ${timeoutMs} ms in vain for ${what}`);
    await wait(options.everyMs ?? 20);
  }
}

/** Debian packages of the programs the lab starts; programs that Debian always has are not listed. */
const packages: Readonly<Record<string, string>> = {
  "systemd-nspawn": "systemd-container",
  mmdebstrap: "mmdebstrap",
  zstd: "zstd",
  ip: "iproute2",
  sysctl: "procps",
  nmap: "nmap",
  curl: "curl",
  sqlite3: "sqlite3",
  ssh: "openssh-client",
  "ssh-keygen": "openssh-client",
  docker: "docker.io",
};

/** What to tell about a program that is not installed: name, and the Debian package that has it. */
export function missingProgram(program: string): LabError {
  const name = packages[program];
  const hint = name === undefined ? "install it, or put it on the PATH" : `apt-get install ${name}`;
  return new LabError(`the program ${program} is not installed`, { hint, exitCode: labExit.missing });
}

function explainStart(program: string, error: NodeJS.ErrnoException): Error {
  return error.code === "ENOENT" ? missingProgram(program) : error;
}

/** As shells have it: 128 and the signal's number for a program that was ended by one. */
function exitCodeOf(code: number | null, signal: NodeJS.Signals | null): number {
  return code ?? 128 + constants.signals[signal ?? "SIGKILL"];
}

function collect(stream: NodeJS.ReadableStream | null): () => string {
  const parts: Buffer[] = [];
  stream?.on("data", (part: Buffer) => parts.push(part));
  return () => Buffer.concat(parts).toString();
}

function shown(command: readonly string[]): string {
  const text = command.join(" ").replaceAll(/\s+/gu, " ");
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

/** What a program leaves running may hold its pipes open: they are closed once nothing has come for a while. */
function letGo(child: ChildProcess): void {
  const streams = [child.stdout, child.stderr];
  const close = () => {
    for (const stream of streams) stream?.destroy();
  };
  const timer = setTimeout(close, 1000);
  for (const stream of streams) stream?.on("data", () => timer.refresh());
  child.on("close", () => clearTimeout(timer));
}

function tail(text: string): string {
  return text.trim().split("\n").slice(-8).join("\n");
}
