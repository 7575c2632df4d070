import { type Attempt, failed } from "#model/attempt.ts";
import type { Evidence } from "#model/bundle.ts";
import { visible } from "#model/sanitise.ts";
import type { RunEnd } from "#net/host-session.ts";
import { clockOffset, type ScannerClock } from "./clock.ts";
import { digestOf, excerptOf, faultOf, frameOf, framesOf, type HostOutput, readFrames } from "./frames.ts";
import { type HostKind, hostKinds, hostReaders } from "./kinds.ts";
import { machineIdHash } from "./machine.ts";

const excerptLength = 2000;

/** What the inside of a host gave. */
export interface HostResult {
  /** Exactly one for each kind that is read inside the host. */
  readonly evidence: readonly Evidence[];
  readonly machineIdHash?: string;
  /** Host's clock minus the scanner's. */
  readonly targetOffsetMs?: number;
  readonly targetOffsetErrorMs?: number;
  /** What a reader should know of how the host was read. */
  readonly notes: readonly string[];
}

/** How the output came about. */
export interface OutputContext {
  readonly vantage: string;
  /** The boundary that was sent; left out for a file from someone else, which names its own. */
  readonly boundary?: string;
  readonly receivedAt: Date;
  readonly startedAt: Date;
  readonly end: RunEnd;
  readonly scannerClock?: ScannerClock;
}

/** Evidence from the script's output. Never throws; gives an error only when it is not output of the script at all. */
export function readHostOutput(bytes: Uint8Array, context: OutputContext): HostResult | { readonly error: string } {
  const output = readFrames(bytes, context.boundary, context.end);
  if ("error" in output) return output;
  const offset = clockOffset(output, context.scannerClock);
  const hash = machineIdHash(output);
  return {
    evidence: hostKinds.map((kind) => evidenceOf(kind, output, context)),
    ...(hash === undefined ? {} : { machineIdHash: hash }),
    ...(offset === undefined ? {} : { targetOffsetMs: offset.offsetMs, targetOffsetErrorMs: offset.errorMs }),
    notes: notesOf(output),
  };
}

/** One piece of evidence for each kind, all with the same attempt: the host could not be read. */
export function notCollected(vantage: string, attempt: Attempt<never>, at: Date): readonly Evidence[] {
  return hostKinds.map((kind) => ({
    kind,
    vantage,
    attempt,
    startedAt: at.toISOString(),
    durationMs: 0,
    method: hostReaders[kind].method,
  }));
}

function evidenceOf(kind: HostKind, output: HostOutput, context: OutputContext): Evidence {
  const { frames: names, method, shown } = hostReaders[kind];
  const frames = names.flatMap((name) => framesOf(output, name));
  const begin = output.frames[0]?.startMs ?? 0;
  const start = Math.max(0, (frames[0]?.startMs ?? begin) - begin);
  const base = {
    kind,
    vantage: context.vantage,
    attempt: attemptOf(kind, output, context.scannerClock),
    startedAt: new Date(context.startedAt.getTime() + start).toISOString(),
    durationMs: frames.reduce((sum, frame) => sum + frame.durationMs, 0),
    method,
  };
  return frames.length === 0
    ? base
    : { ...base, digest: digestOf(frames), excerpt: excerptOf(frames, excerptLength, shown) };
}

function attemptOf(kind: HostKind, output: HostOutput, scanner: ScannerClock | undefined): Evidence["attempt"] {
  try {
    return hostReaders[kind].parse(output, scanner);
  } catch (error) {
    // A parser that throws is our fault; the other kinds stand.
    return failed("bug", visible(error instanceof Error ? `${error.name}: ${error.message}` : String(error), 500));
  }
}

function notesOf(output: HostOutput): string[] {
  const notes: string[] = [];
  const run = frameOf(output, "run")?.text ?? "";
  if (/^privilege none$/m.test(run))
    notes.push("The login is not root and sudo allows it nothing without a password: what needs root was not read.");
  if (/^limit none$/m.test(run))
    notes.push("The host has no timeout(1): commands ran without a time limit of their own.");
  const denied = output.frames.filter((frame) => faultOf(frame)?.reason === "denied").map((frame) => frame.name);
  if (denied.length > 0 && !notes.some((note) => note.includes("not root")))
    notes.push(`Not allowed on the host: ${[...new Set(denied)].join(", ")}.`);
  if (output.endMs === undefined)
    notes.push("The script did not come to its end; what it printed until then was read.");
  return notes;
}
