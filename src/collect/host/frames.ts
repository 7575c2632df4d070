import { createHash } from "node:crypto";
import { type Attempt, type FailureReason, failed, notAttempted } from "#model/attempt.ts";
import { visible } from "#model/sanitise.ts";
import type { RunEnd } from "#net/host-session.ts";

/** What came of one command of the script. skipped: the script had no time left. */
type FrameState = "ok" | "truncated" | "timeout" | "denied" | "skipped" | "malformed";

/** Output of one command of the script. */
export interface Frame {
  readonly name: string;
  readonly state: FrameState;
  readonly exitCode: number | null;
  /** Milliseconds since the host booted. */
  readonly startMs: number;
  readonly durationMs: number;
  readonly text: string;
}

/** Output of a whole run. */
export interface HostOutput {
  readonly boundary: string;
  readonly frames: readonly Frame[];
  /** Milliseconds since boot at the script's last line; undefined when it did not come. */
  readonly endMs: number | undefined;
  readonly end: RunEnd;
}

const states: ReadonlySet<string> = new Set(["ok", "truncated", "timeout", "denied", "skipped"]);

/**
 * Takes the script's output apart. Text before its first line, such as a greeting, is passed over. Returns why when it is not output of the
 * script, or not of this version.
 */
export function readFrames(
  bytes: Uint8Array,
  boundary: string | undefined,
  end: RunEnd,
): HostOutput | { readonly error: string } {
  // Latin-1 keeps one character per byte, so that lengths count bytes; contents are decoded as UTF-8 one by one.
  const text = Buffer.from(bytes).toString("latin1");
  const first = /(?:^|\n)sekisho-host (\d{1,4}) ([0-9a-f]{8,128})\r?\n/.exec(text);
  if (first === null) return { error: "the output does not begin as the script's does" };
  if (first[1] !== "1")
    return { error: `the output is of version ${first[1] ?? ""} of the script, this program reads version 1` };
  const found = first[2] ?? "";
  if (boundary !== undefined && found !== boundary)
    return { error: "the output carries another boundary than the script that was sent" };
  const body = { text, boundary: found };
  return { boundary: found, end, ...readBody(body, first.index + first[0].length) };
}

interface Body {
  readonly text: string;
  readonly boundary: string;
}

function readBody(body: Body, from: number): { frames: readonly Frame[]; endMs: number | undefined } {
  const { text, boundary } = body;
  const closing = new RegExp(`^${boundary} end (\\d{1,15})$`);
  const frames: Frame[] = [];
  let position = from;
  while (position < text.length) {
    const lineEnd = text.indexOf("\n", position);
    const line = text.slice(position, lineEnd < 0 ? text.length : lineEnd);
    const end = closing.exec(line);
    if (end !== null) return { frames, endMs: Number(end[1]) };
    const read = lineEnd < 0 ? undefined : readFrame(body, line, lineEnd + 1);
    if (read !== undefined) frames.push(read.frame);
    // Where something else stands than a frame: go on at the next line that only the script can have printed.
    position = read?.next ?? nextFrame(body, position);
  }
  return { frames, endMs: undefined };
}

function nextFrame(body: Body, from: number): number {
  const next = body.text.indexOf(`\n${body.boundary} `, from);
  return next < 0 ? body.text.length : next + 1;
}

function readFrame(body: Body, header: string, from: number): { frame: Frame; next: number } | undefined {
  const words = header.split(" ");
  const [boundary, name = "", state = "", code = "", start = "", duration = "", length = ""] = words;
  if (boundary !== body.boundary || words.length !== 7 || !isState(state) || !/^[a-z0-9.]{1,40}$/.test(name))
    return undefined;
  if (![start, duration, length].every((number) => /^\d{1,15}$/.test(number))) return undefined;
  const size = Number(length);
  const content = body.text.slice(from, from + size);
  const whole = content.length === size && body.text[from + size] === "\n";
  const frame: Frame = {
    name,
    state: whole ? state : "malformed",
    exitCode: /^\d{1,3}$/.test(code) ? Number(code) : null,
    startMs: Number(start),
    durationMs: Number(duration),
    text: Buffer.from(whole && state === "ok" ? content : wholeLines(content), "latin1").toString("utf8"),
  };
  return { frame, next: whole ? from + size + 1 : nextFrame(body, from) };
}

/** Of output that was cut: without its last line, of which no end came and which may say something else by then. */
function wholeLines(content: string): string {
  return content.slice(0, content.lastIndexOf("\n") + 1);
}

function isState(word: string): word is FrameState {
  return states.has(word);
}

/** The first frame of the name. */
export function frameOf(output: HostOutput, name: string): Frame | undefined {
  return output.frames.find((frame) => frame.name === name);
}

/** All frames whose name is `prefix` or begins with `prefix.` */
export function framesOf(output: HostOutput, prefix: string): readonly Frame[] {
  return output.frames.filter((frame) => frame.name === prefix || frame.name.startsWith(`${prefix}.`));
}

/** Whether nothing that the script would have printed is missing at the end. */
export function isComplete(output: HostOutput): boolean {
  return output.endMs !== undefined;
}

/** Why a frame that should be there is not: the run ended before it. */
export function missing(output: HostOutput, tool: string): Attempt<never> {
  if (isComplete(output)) return failed("unsupported", `${tool} is not on the host`);
  switch (output.end) {
    case "timeout":
      return failed("timeout", "the script ran out of time before this");
    case "truncated":
      return failed("truncated", "the script printed more than was taken");
    case "lost":
      return failed("truncated", "the connection broke before this");
    case "aborted":
      return notAttempted("the run was stopped before this");
    case "exit":
      return failed("truncated", "the script's output ends before this");
  }
}

/** Why a frame gives no facts at all; undefined when it does. */
export function failureOf(output: HostOutput, frame: Frame | undefined, tool: string): Attempt<never> | undefined {
  if (frame === undefined) return missing(output, tool);
  const why = faultOf(frame);
  return why === undefined ? undefined : failed(why.reason, `${tool}: ${why.detail}`);
}

/** What is wrong with a frame, in words; undefined when it ran to its end, or was cut at the size limit. */
export function faultOf(frame: Frame): { readonly reason: FailureReason; readonly detail: string } | undefined {
  switch (frame.state) {
    case "denied":
      return { reason: "denied", detail: "needs root, and sudo does not allow it without a password" };
    case "timeout":
      return { reason: "timeout", detail: "did not finish in time" };
    case "skipped":
      return { reason: "timeout", detail: "the script had no time left for it" };
    case "malformed":
      return { reason: "truncated", detail: "its output was cut off" };
    case "truncated":
      return undefined;
    case "ok":
      if (frame.exitCode === 0 || frame.exitCode === null) return undefined;
      if (frame.exitCode === 127) return { reason: "unsupported", detail: "not on the host" };
      if (/permission denied|operation not permitted|must be root/i.test(frame.text))
        return { reason: "denied", detail: lastLine(frame.text) };
      return { reason: "unsupported", detail: `exit code ${frame.exitCode}: ${lastLine(frame.text)}` };
  }
}

/** The last line that says something, safe to show. */
function lastLine(text: string): string {
  return visible(text.trimEnd().split("\n").at(-1)?.trim() ?? "", 200);
}

/** Lines that are not empty. */
export function lines(text: string): string[] {
  return text.split("\n").filter((line) => line.trim() !== "");
}

/** sha256 over the contents of frames, hex. */
export function digestOf(frames: readonly Frame[]): string {
  const hash = createHash("sha256");
  for (const frame of frames) hash.update(frame.text);
  return hash.digest("hex");
}

/** Head of the output for a person, line by line safe to show; `shown` leaves lines out. */
export function excerptOf(frames: readonly Frame[], maxLength: number, shown?: (line: string) => boolean): string {
  const textOf = ({ text }: Frame) => (shown === undefined ? text : text.split("\n").filter(shown).join("\n"));
  const head = frames
    .map((frame) => textOf(frame).slice(0, maxLength))
    .join("\n")
    .slice(0, maxLength);
  const safe = head
    .split("\n")
    .map((line) => visible(line, 400))
    .join("\n");
  return safe.length <= maxLength ? safe : safe.slice(0, maxLength).replace(/\\(?:u(?:\{[0-9a-f]{0,6})?)?$/, "");
}
