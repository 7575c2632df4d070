import { randomBytes } from "node:crypto";
import type { Readable, Writable } from "node:stream";
import type { RunEnd, RunLimits, RunResult } from "#net/host-session.ts";
import { ignore } from "./ignore.ts";

/** How the process behind a channel ended. lost: the way to it broke, so nobody knows. */
export interface ChannelEnd {
  readonly lost: boolean;
  readonly exitCode: number | null;
}

/** A running `sh -s`, wherever it runs. */
export interface ShellChannel {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Number of the shell's process where it runs, once it is known. */
  pid: number | undefined;
  /** Settles once the process ended and its output was read. Never rejects. */
  readonly ended: Promise<ChannelEnd>;
  /** Asks the process and its children to stop, then makes them. */
  kill(): void;
}

/** What answered where a shell should have. silent: nothing came in time. aborted: we were told to stop. */
export type ShellAnswer =
  | { readonly kind: "shell" }
  | { readonly kind: "other"; readonly end: ChannelEnd; readonly stdout: string; readonly stderr: string }
  | { readonly kind: "silent"; readonly stdout: string; readonly stderr: string }
  | { readonly kind: "aborted" };

const stderrHeadBytes = 4096;
const noiseBytes = 64 * 1024;
/** How long a process that was told to stop may take before its output is given up. */
const patienceMs = 2_000;

/**
 * Whether a shell reads what we write: makes it join two halves of a random word, so that an echo of our own bytes is no answer.
 * Whatever stands before the word, such as the greeting of a start-up file, is dropped. On `shell` the channel is ready for a script.
 */
export async function confirmShell(channel: ShellChannel, limits: Omit<RunLimits, "maxBytes">): Promise<ShellAnswer> {
  const [first, second] = [randomBytes(8).toString("hex"), randomBytes(8).toString("hex")];
  const word = `${first}${second} `;
  const stderr = headOf(channel.stderr);
  let seen = Buffer.alloc(0);
  const { promise, resolve } = Promise.withResolvers<ShellAnswer>();
  const read = (chunk: Buffer) => {
    seen = Buffer.concat([seen, chunk]);
    const at = seen.indexOf(word);
    const end = at < 0 ? -1 : seen.indexOf("\n", at);
    if (end >= 0) {
      channel.stdout.pause();
      channel.stdout.off("data", read);
      channel.pid = processNumber(seen.toString("latin1", at + word.length, end));
      const rest = seen.subarray(end + 1);
      if (rest.length > 0) channel.stdout.unshift(rest);
      resolve({ kind: "shell" });
    } else if (seen.length > noiseBytes) {
      resolve({ kind: "silent", stdout: text(seen), stderr: stderr.text() });
    }
  };
  const timer = setTimeout(
    () => resolve({ kind: "silent", stdout: text(seen), stderr: stderr.text() }),
    limits.timeoutMs,
  );
  const abort = () => resolve({ kind: "aborted" });
  limits.signal.addEventListener("abort", abort);
  if (limits.signal.aborted) abort();
  channel.stdout.on("data", read);
  void channel.ended.then((end) => resolve({ kind: "other", end, stdout: text(seen), stderr: stderr.text() }));
  channel.stdin.on("error", ignore);
  channel.stdin.write(`printf '%s%s %s\\n' ${first} ${second} "$$"\n`);
  const answer = await promise;
  clearTimeout(timer);
  limits.signal.removeEventListener("abort", abort);
  stderr.stop();
  if (answer.kind !== "shell") {
    channel.stdout.off("data", read);
    stop(channel);
  }
  return answer;
}

/** Feeds a script to a channel and gathers what it says, within limits. Output beyond `maxBytes` is refused, and the script stopped. */
export async function runScript(channel: ShellChannel, script: string, limits: RunLimits): Promise<RunResult> {
  const startedAt = performance.now();
  const chunks: Buffer[] = [];
  let bytes = 0;
  const early = Promise.withResolvers<RunEnd>();
  const read = (chunk: Buffer) => {
    const room = limits.maxBytes - bytes;
    if (room > 0) chunks.push(chunk.length > room ? chunk.subarray(0, room) : chunk);
    bytes += chunk.length;
    if (bytes > limits.maxBytes) early.resolve("truncated");
  };
  const timer = setTimeout(() => early.resolve("timeout"), limits.timeoutMs);
  const abort = () => early.resolve("aborted");
  limits.signal.addEventListener("abort", abort);
  if (limits.signal.aborted) abort();
  const stderr = headOf(channel.stderr, limits.maxBytes, () => early.resolve("truncated"));
  channel.stdout.on("data", read);
  channel.stdout.resume();
  channel.stdin.on("error", ignore);
  channel.stdin.end(script);
  const first = await Promise.race([early.promise, channel.ended]);
  clearTimeout(timer);
  limits.signal.removeEventListener("abort", abort);
  if (typeof first === "string") await stopAndWait(channel);
  channel.stdout.off("data", read);
  stderr.stop();
  stop(channel);
  return {
    stdout: Buffer.concat(chunks),
    stderr: stderr.text(),
    ...endOf(first),
    durationMs: Math.round(performance.now() - startedAt),
  };
}

/** A script that ends the process group of a shell which runs elsewhere: breaking the connection alone leaves its children running. */
export function killScript(pid: number): string {
  return [
    `read -r stat < /proc/${pid}/stat || exit 0`,
    // The group is the third field after the name, which stands in parentheses and may hold anything (proc(5)).
    "set -- ${stat##*)}; group=$3",
    'case $group in ""|0|1|*[!0-9]*) exit 0 ;; esac',
    // dash takes no -- here.
    "kill -TERM -$group; sleep 1; kill -KILL -$group 2>/dev/null",
    "",
  ].join("\n");
}

/** The result of a run that could not even begin. */
export function notRun(end: RunEnd, why: string): RunResult {
  return { stdout: new Uint8Array(), stderr: why, exitCode: null, end, durationMs: 0 };
}

function endOf(end: RunEnd | ChannelEnd): { readonly end: RunEnd; readonly exitCode: number | null } {
  if (typeof end === "string") return { end, exitCode: null };
  return end.lost ? { end: "lost", exitCode: null } : { end: "exit", exitCode: end.exitCode };
}

async function stopAndWait(channel: ShellChannel): Promise<void> {
  channel.kill();
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, patienceMs);
  });
  await Promise.race([channel.ended, patience]);
  clearTimeout(timer);
}

function stop(channel: ShellChannel): void {
  channel.kill();
  channel.stdout.destroy();
  channel.stderr.destroy();
}

/** Reads a stream, keeps its head and counts the rest, so that the peer is never blocked by what nobody wants. */
function headOf(stream: Readable, maxBytes = Number.POSITIVE_INFINITY, tooMuch: () => void = ignore) {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const read = (chunk: Buffer) => {
    if (bytes < stderrHeadBytes) chunks.push(chunk.subarray(0, stderrHeadBytes - bytes));
    bytes += chunk.length;
    if (bytes > maxBytes) tooMuch();
  };
  stream.on("data", read);
  stream.resume();
  return {
    text: () => text(Buffer.concat(chunks)),
    stop: () => {
      stream.pause();
      stream.off("data", read);
    },
  };
}

/** Process 1 and whatever is no number are no shell of ours. */
function processNumber(digits: string): number | undefined {
  return /^[1-9]\d{0,9}$/.test(digits) && digits !== "1" ? Number(digits) : undefined;
}

function text(bytes: Buffer): string {
  return bytes.toString("utf8");
}
