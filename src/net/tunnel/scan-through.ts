import { likelyPorts } from "#net/likely-ports.ts";
import { type ScanOptions, type ScanResult, shuffle } from "#net/tcp-scan.ts";
import { within } from "#net/within.ts";
import type { Refusal } from "./open-failure.ts";
import { doubtsOf, type ScanCounts, type StopReason } from "./scan-doubts.ts";
import type { Opening, Tunnel } from "./tunnel.ts";

/** Bounds of a scan through a tunnel. */
export interface ScanBounds {
  /** Connections without an answer at once; each holds a file of the server's process until that system gives up, after some two minutes. */
  readonly mostAsked: number;
  /** Without a place and without an answer for so long, the scan ends. */
  readonly stallMs: number;
  readonly longestMs: number;
}

/** Bounds that leave a usual sshd, which may hold 1024 files, room to spare. */
export const usualBounds: ScanBounds = { mostAsked: 384, stallMs: 8000, longestMs: 300_000 };

/** What goes out at once: a small server's sshd answers some thousands a second. */
const startsPerMs = 4;
const burst = 64;
const paceMs = 4;
/** An attempt older than this is likely to hang: it no longer slows the others down. */
const freshMs = 1000;
/** The server's system has sent three SYNs by then, at 0, 1 and 3 seconds (RFC 6298). */
const leastPatienceMs = 3500;
const starvedPauseMs = 200;
const starvedTries = 3;
/** With so few attempts under way, lack of room is none of our doing. */
const idle = 16;
/** So many answers in a row that tell nothing of the target mean that the rest would not either. */
const uselessLimit = 64;
const witnessTries = 3;

const outcomeOrder = ["open", "closed", "rejected", "silent", "starved", "unrouted", "prohibited"] as const satisfies (
  | "open"
  | Refusal
)[];
type Outcome = (typeof outcomeOrder)[number];

interface State {
  readonly tunnel: Tunnel;
  readonly options: ScanOptions;
  readonly bounds: ScanBounds;
  /** By port: 0, or the place of its outcome in `outcomeOrder` plus 1. */
  readonly outcomes: Uint8Array;
  readonly queue: number[];
  /** When each port without an answer was asked, the longest ago first. */
  readonly asked: Map<number, number>;
  readonly starvedTries: Map<number, number>;
  readonly open: number[];
  readonly startedAt: number;
  /** Those of `asked` that are likely to hang. */
  hanging: number;
  /** Attempts at once that do not hang. */
  limit: number;
  ceiling: number;
  allowance: number;
  reckonedAt: number;
  pausedUntil: number;
  answeredAt: number;
  done: number;
  useless: number;
  stopped: StopReason | undefined;
  over: boolean;
}

/**
 * Asks every port of an address by connections that the far end of a tunnel makes: likely ports first, the rest in random order, each
 * once, since that system repeats its SYNs by itself. A port is silent when it had no answer by the end and was asked long enough ago.
 * Where so many connections hang that the server has no place left, the scan ends and names how many ports it did not ask. What the
 * server itself refuses or lacks is never taken for an answer of the target.
 */
export async function scanThrough(
  tunnel: Tunnel,
  options: ScanOptions,
  bounds: ScanBounds = usualBounds,
): Promise<ScanResult> {
  const now = performance.now();
  const ceiling = Math.min(bounds.mostAsked, options.maxInFlight);
  const state: State = {
    tunnel,
    options,
    bounds,
    outcomes: new Uint8Array(65_536),
    queue: inOrder(options),
    asked: new Map(),
    starvedTries: new Map(),
    open: [],
    startedAt: now,
    hanging: 0,
    limit: Math.min(burst, ceiling),
    ceiling,
    allowance: burst,
    reckonedAt: now,
    pausedUntil: 0,
    answeredAt: now,
    done: 0,
    useless: 0,
    stopped: undefined,
    over: false,
  };
  await askAll(state);
  const counts = count(state);
  const witness = counts.silent > 0 && state.stopped !== "lost" ? await askWitness(state) : undefined;
  state.over = true;
  return {
    open: state.open.toSorted((a, b) => a - b),
    closed: counts.closed,
    rejected: counts.rejected,
    filtered: counts.silent,
    unasked: counts.starved + counts.unrouted + counts.prohibited + counts.unasked,
    doubts: doubtsOf(counts, state.stopped, witness),
    method: `TCP connect by the vantage's SSH server (direct-tcpip) to each port once; at most ${ceiling} without an answer at a time`,
    echoed: false,
  };
}

/** The ports, the last to be asked first. */
function inOrder({ ports, first = [] }: ScanOptions): number[] {
  const wanted = new Set(ports);
  const early = [...new Set([...first, ...likelyPorts])].filter((port) => wanted.delete(port));
  const rest = Uint16Array.from(wanted);
  shuffle(rest);
  return [...rest, ...early.reverse()];
}

function askAll(state: State): Promise<void> {
  const { signal } = state.options;
  const { promise, resolve } = Promise.withResolvers<void>();
  const more = () => askMore(state, more);
  const tick = () => {
    const now = performance.now();
    state.hanging = [...state.asked.values()].filter((at) => now - at >= freshMs).length;
    state.stopped = whatStops(state, now);
    askMore(state, more);
    if (isOver(state, now)) resolve();
  };
  const timer = setInterval(tick, paceMs);
  signal.addEventListener("abort", tick, { once: true });
  state.tunnel.lost.addEventListener("abort", tick, { once: true });
  tick();
  return promise.finally(() => {
    clearInterval(timer);
    signal.removeEventListener("abort", tick);
    state.tunnel.lost.removeEventListener("abort", tick);
  });
}

function whatStops(state: State, now: number): StopReason | undefined {
  const { options, bounds, tunnel } = state;
  if (tunnel.lost.aborted) return "lost";
  if (options.signal.aborted) return "aborted";
  if (state.stopped !== undefined || state.queue.length === 0) return state.stopped;
  if (state.useless >= uselessLimit) return "useless";
  if (now - state.startedAt >= bounds.longestMs) return "late";
  const full = state.asked.size >= state.ceiling;
  return full && now - state.answeredAt >= bounds.stallMs ? "full" : undefined;
}

/** Nothing is left to ask, and what has no answer was given the time for one. */
function isOver(state: State, now: number): boolean {
  if (state.stopped === "lost" || state.stopped === "aborted") return true;
  if (state.stopped === undefined && state.queue.length > 0) return false;
  return [...state.asked.values()].every((at) => now - at >= patienceMs(state));
}

function patienceMs({ options }: State): number {
  return Math.max(options.timeoutMs, leastPatienceMs);
}

function askMore(state: State, answered: () => void): void {
  const now = performance.now();
  state.allowance = Math.min(burst, state.allowance + (now - state.reckonedAt) * startsPerMs);
  state.reckonedAt = now;
  const room = () => state.asked.size < state.ceiling && state.asked.size - state.hanging < state.limit;
  while (state.stopped === undefined && now >= state.pausedUntil && state.allowance >= 1 && room()) {
    const port = state.queue.pop();
    if (port === undefined) return;
    state.allowance -= 1;
    state.asked.set(port, now);
    void state.tunnel.open({ address: state.options.address, port }).then((opening) => {
      if (take(state, port, opening)) answered();
    });
  }
}

/** Books an answer; true when it makes room for another port. */
function take(state: State, port: number, opening: Opening): boolean {
  if (state.over) opening.stream?.destroy();
  if (state.over || opening.outcome === "lost") return false;
  state.asked.delete(port);
  state.answeredAt = performance.now();
  const { outcome } = opening;
  if (outcome === "starved" && isTriedAgain(state, port)) return false;
  const useless = outcome === "starved" || outcome === "prohibited" || outcome === "unrouted";
  state.useless = useless ? state.useless + 1 : 0;
  state.outcomes[port] = outcomeOrder.indexOf(outcome) + 1;
  state.limit = Math.min(state.ceiling, state.limit + 1);
  state.done += 1;
  state.options.onProgress(state.done);
  if (opening.outcome === "open") {
    state.open.push(port);
    if (!state.options.onOpen(port, opening.stream)) opening.stream.destroy();
  }
  return true;
}

/** Without room there, fewer at once, after a pause. Where few were under way the want of room is not our doing, and tries are numbered. */
function isTriedAgain(state: State, port: number): boolean {
  const underWay = state.asked.size;
  const tries = (state.starvedTries.get(port) ?? 0) + (underWay < idle ? 1 : 0);
  if (tries >= starvedTries) return false;
  state.starvedTries.set(port, tries);
  state.ceiling = Math.max(Math.min(idle / 2, state.ceiling), Math.min(state.ceiling, Math.floor(underWay * 0.8)));
  state.limit = Math.min(state.limit, state.ceiling);
  state.pausedUntil = performance.now() + starvedPauseMs;
  state.queue.push(port);
  return true;
}

function count(state: State): ScanCounts {
  const counts: Record<Outcome, number> = {
    open: 0,
    closed: 0,
    rejected: 0,
    silent: 0,
    starved: 0,
    unrouted: 0,
    prohibited: 0,
  };
  const now = performance.now();
  const wanted = new Set(state.options.ports);
  for (const port of wanted) {
    const outcome = outcomeOrder[(state.outcomes[port] ?? 0) - 1];
    const at = state.asked.get(port);
    if (outcome !== undefined) counts[outcome] += 1;
    else if (at !== undefined && now - at >= patienceMs(state) && state.stopped !== "lost") counts.silent += 1;
  }
  const known = Object.values(counts).reduce((sum, each) => sum + each, 0);
  return { ...counts, unasked: wanted.size - known };
}

/** Asks once more what answered: else the tunnel, or the way behind it, may have fallen silent. Gives the port and whether it did. */
async function askWitness(state: State): Promise<{ readonly port: number; readonly answered: boolean } | undefined> {
  const { options, tunnel } = state;
  const closed = options.ports.find((port) => outcomeOrder[(state.outcomes[port] ?? 0) - 1] === "closed");
  const port = state.open.find((one) => one !== 22) ?? state.open[0] ?? closed;
  if (port === undefined || options.signal.aborted) return undefined;
  for (let tries = 0; tries < witnessTries && !options.signal.aborted; tries += 1) {
    const asked = tunnel.open({ address: options.address, port });
    void asked.then(({ stream }) => stream?.destroy());
    const answer = await within(asked, { timeoutMs: patienceMs(state), signal: options.signal });
    if (answer?.outcome === "open" || answer?.outcome === "closed") return { port, answered: true };
  }
  return { port, answered: false };
}
