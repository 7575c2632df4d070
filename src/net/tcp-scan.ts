import type { Duplex } from "node:stream";
import { likelyPorts } from "./likely-ports.ts";
import { createProbePool, type ProbeDetail, type ProbeOutcome, type ProbePool } from "./probe-pool.ts";
import { createRoundTrip, type RoundTrip } from "./round-trip.ts";

/** What to scan, and how. */
export interface ScanOptions {
  readonly address: string;
  readonly ports: readonly number[];
  /** Ports to ask before all others, where a scan may have to end before it has asked them all. */
  readonly first?: readonly number[];
  /** Longest wait for one answer; measured round trips shorten it. */
  readonly timeoutMs: number;
  readonly maxInFlight: number;
  readonly signal: AbortSignal;
  /** Called once for each open port, with the connection where one stands. Returns true to keep that; else it is reset. */
  readonly onOpen: (port: number, socket: Duplex | undefined) => boolean;
  readonly onProgress: (done: number) => void;
}

/** What a scan of one address saw. Every port of the plan is in exactly one of the sets. */
export interface ScanResult {
  readonly open: readonly number[];
  readonly closed: number;
  readonly rejected: number;
  readonly filtered: number;
  /** Ports that were not asked, or could not be. */
  readonly unasked: number;
  /** Why ports were not asked, or why silence during the scan cannot be trusted; empty when neither. */
  readonly doubts: readonly string[];
  /** How it was asked. */
  readonly method: string;
  /** An echo request sent in the midst of the scan was answered; never where none is sent. */
  readonly echoed: boolean;
}

/** Silent ports up to this number are asked again with the full timeout. */
const slowRetryLimit = 2048;
const outcomeOrder = ["open", "closed", "rejected", "silent", "starved", "unrouted"] as const satisfies ProbeOutcome[];
const canaryEvery = 1000;
/** Open ports used as canary get at most this many extra connections in a scan. */
const openCanaryLimit = 8;
/** More at once only helps where answers take a while; nearer than this it only costs memory. */
const farMs = 10;
const starvedPauseMs = 50;
/**
 * Attempts that began together end together, and would begin anew in one burst: more packets at once than the queues on the way hold, so
 * that silence would be our own doing.
 */
const startsPerMs = 25;
const burst = 200;
const paceMs = 4;
const starvedLimit = 200;

interface Canary {
  readonly port: number;
  readonly how: "open" | "closed";
  asked: number;
  lost: number;
  /** Lost since the last one that was answered. */
  streak: number;
}

interface State {
  readonly options: ScanOptions;
  readonly pool: ProbePool;
  readonly roundTrip: RoundTrip;
  /** By port: 0, or the place of its outcome in `outcomeOrder` plus 1. */
  readonly outcomes: Uint8Array;
  readonly open: number[];
  /** Called when a socket is free. */
  wake: () => void;
  limit: number;
  /** Never more than this at once; what starvation taught. */
  ceiling: number;
  done: number;
  starved: number;
  pausedUntil: number;
  /** Attempts that may begin now, and when that was reckoned. */
  allowance: number;
  reckonedAt: number;
  localError: string;
  canary: Canary | undefined;
  sinceCanary: number;
}

/**
 * Asks every port of an address by connecting to it. Likely ports go first, the rest in random order. A port that stays silent where
 * others answer is asked a second time, since packets get lost. A port that answered is asked again now and then (canary): if it falls
 * silent the scan says so in `doubts`. This machine's own lack of sockets slows the scan and never counts as silence.
 * An abort ends the scan with what it has.
 */
export async function scanTcp(options: ScanOptions): Promise<ScanResult> {
  const state: State = {
    options,
    pool: createProbePool(() => state.wake()),
    wake: () => undefined,
    roundTrip: createRoundTrip(),
    outcomes: new Uint8Array(65_536),
    open: [],
    limit: Math.min(64, options.maxInFlight),
    ceiling: options.maxInFlight,
    done: 0,
    starved: 0,
    pausedUntil: 0,
    allowance: burst,
    reckonedAt: performance.now(),
    localError: "",
    canary: undefined,
    sinceCanary: 0,
  };
  const wanted = new Set(options.ports);
  const likely = likelyPorts.filter((port) => wanted.has(port));
  const first = likely.length > 0 ? likely : options.ports.slice(0, 16);
  try {
    await pass(state, first, () => options.timeoutMs);
    const rest = Uint16Array.from(options.ports).filter((port) => state.outcomes[port] === 0);
    shuffle(rest);
    await pass(state, rest, () => shortened(state, 8, 300));
    const silent = Uint16Array.from(options.ports).filter((port) => outcomeOf(state, port) === "silent");
    if (silent.length > 0 && state.canary !== undefined) {
      const slow = silent.length <= slowRetryLimit;
      await pass(state, silent, () => (slow ? options.timeoutMs : shortened(state, 12, 500)));
      await lastCanary(state);
    }
    return summary(state);
  } finally {
    state.pool.close();
  }
}

/** The wait for one answer: by the measured round trip, at least `leastMs`, at most the scan's timeout. */
function shortened(state: State, deviations: number, leastMs: number): number {
  const { timeoutMs } = state.options;
  return Math.min(timeoutMs, Math.max(leastMs, state.roundTrip.patience(deviations) ?? timeoutMs));
}

/** Asks each of the ports once; those that this machine could not ask go round again until it gives up. */
function pass(state: State, ports: Iterable<number>, timeout: () => number): Promise<void> {
  const queue = [...ports].reverse();
  const { address, signal } = state.options;
  const { promise, resolve } = Promise.withResolvers<void>();
  const finished = () => queue.length === 0 || signal.aborted || state.localError !== "";
  const done = (port: number, outcome: ProbeOutcome, seen: ProbeDetail) => {
    if (outcome === "starved") queue.push(port);
    return take(state, port, outcome, seen);
  };
  const room = () => state.pool.inFlight < state.limit && performance.now() >= state.pausedUntil && hasAllowance(state);
  const next = () => {
    while (room() && !finished()) {
      const port = queue.pop();
      if (port === undefined) break;
      state.allowance -= 1;
      state.pool.start(address, port, timeout(), done);
      if (canaryDue(state)) askCanary(state);
    }
    if (finished() && (state.pool.inFlight === 0 || signal.aborted)) resolve();
  };
  state.wake = next;
  const timer = setInterval(next, paceMs);
  signal.addEventListener("abort", next, { once: true });
  next();
  return promise.finally(() => {
    clearInterval(timer);
    signal.removeEventListener("abort", next);
  });
}

function hasAllowance(state: State): boolean {
  const now = performance.now();
  state.allowance = Math.min(burst, state.allowance + (now - state.reckonedAt) * startsPerMs);
  state.reckonedAt = now;
  return state.allowance >= 1;
}

/** Books what came of one probe; true when someone keeps the socket. */
function take(state: State, port: number, outcome: ProbeOutcome, seen: ProbeDetail): boolean {
  if (outcome === "starved") {
    starve(state, seen.code);
    return false;
  }
  if (outcomeOf(state, port) === undefined) state.options.onProgress(++state.done);
  state.outcomes[port] = outcomeOrder.indexOf(outcome) + 1;
  if (seen.elapsedMs > farMs) state.limit = Math.min(state.ceiling, state.limit + 1);
  if (outcome === "unrouted" && state.canary === undefined) state.localError = seen.code;
  if (outcome !== "open" && outcome !== "closed") return false;
  state.roundTrip.add(seen.elapsedMs);
  chooseCanary(state, port, outcome);
  if (outcome === "closed") return false;
  state.open.push(port);
  return state.options.onOpen(port, seen.socket);
}

function outcomeOf(state: State, port: number): ProbeOutcome | undefined {
  return outcomeOrder[(state.outcomes[port] ?? 0) - 1];
}

/** A closed port makes the best canary along the way, since nobody behind it notices; among open ones any but SSH's. */
function chooseCanary(state: State, port: number, how: "open" | "closed"): void {
  const { canary } = state;
  const better = canary === undefined || (canary.how === "open" && (how === "closed" || canary.port === 22));
  if (better) state.canary = { port, how, asked: 0, lost: 0, streak: 0 };
}

/** This machine ran out of sockets, ports or buffers: fewer at once, after a pause. */
function starve(state: State, code: string): void {
  state.starved += 1;
  state.ceiling = Math.max(8, Math.min(state.ceiling, Math.floor(state.pool.inFlight * 0.8)));
  state.limit = Math.min(state.limit, state.ceiling);
  state.pausedUntil = performance.now() + starvedPauseMs;
  if (state.starved > starvedLimit && state.done === 0) state.localError = code;
  if (state.starved > starvedLimit * 50) state.localError = code;
}

function canaryDue(state: State): boolean {
  state.sinceCanary += 1;
  if (state.sinceCanary < canaryEvery || state.canary === undefined) return false;
  return state.canary.how === "closed" || state.canary.asked < openCanaryLimit;
}

/** Asks a port again that answered before. A lost canary means a path or a peer that drops: go slower. */
function askCanary(state: State): void {
  const { canary } = state;
  if (canary === undefined) return;
  state.sinceCanary = 0;
  const timeoutMs = shortened(state, 8, 300);
  state.pool.start(state.options.address, canary.port, timeoutMs, (_port, outcome, seen) => {
    if (outcome !== "starved") canary.asked += 1;
    if (outcome === "silent") {
      canary.lost += 1;
      canary.streak += 1;
      state.limit = Math.max(32, Math.floor(state.limit * 0.7));
    } else if (outcome === "open" || outcome === "closed") {
      canary.streak = 0;
      state.roundTrip.add(seen.elapsedMs);
    }
    return false;
  });
}

/**
 * After the last port: does what answered at first still answer? Three tries with the full timeout. An open port is asked where there is
 * one: a reset may come from something on the way, which goes on sending it when the target has long fallen silent.
 */
async function lastCanary(state: State): Promise<void> {
  if (state.canary === undefined || state.options.signal.aborted) return;
  const witness = state.open.find((port) => port !== 22) ?? state.open[0];
  const canary: Canary = { ...state.canary, port: witness ?? state.canary.port, streak: 1 };
  state.canary = canary;
  for (let tries = 0; tries < 3 && canary.streak > 0 && !state.options.signal.aborted; tries += 1) {
    const { promise, resolve } = Promise.withResolvers<void>();
    state.pool.start(state.options.address, canary.port, state.options.timeoutMs, (_port, outcome) => {
      if (outcome === "open" || outcome === "closed") canary.streak = 0;
      resolve();
      return false;
    });
    await promise;
  }
}

function summary(state: State): ScanResult {
  const counts: Record<ProbeOutcome, number> = { open: 0, closed: 0, rejected: 0, silent: 0, starved: 0, unrouted: 0 };
  for (const port of new Set(state.options.ports)) {
    const outcome = outcomeOf(state, port);
    if (outcome !== undefined) counts[outcome] += 1;
  }
  const asked = counts.open + counts.closed + counts.rejected + counts.silent;
  const unasked = new Set(state.options.ports).size - asked;
  return {
    open: state.open.toSorted((a, b) => a - b),
    closed: counts.closed,
    rejected: counts.rejected,
    filtered: counts.silent,
    unasked,
    doubts: doubts(state, unasked, counts.unrouted),
    method: "connect",
    echoed: false,
  };
}

function doubts(state: State, unasked: number, unrouted: number): string[] {
  const found: string[] = [];
  const { canary, localError } = state;
  if (state.options.signal.aborted && unasked > 0) found.push(`stopped with ${unasked} ports not asked`);
  else if (localError !== "") found.push(`this machine could not ask ${unasked} ports: ${localError}`);
  else if (unrouted > 0) found.push(`${unrouted} ports had no route: ENETUNREACH`);
  if (canary !== undefined && canary.streak > 0 && !state.options.signal.aborted) {
    found.push(`port ${canary.port} answered at first and no longer at the end: the scan was cut off on its way`);
  } else if (canary !== undefined && canary.asked >= 5 && canary.lost * 5 > canary.asked) {
    found.push(`${canary.lost} of ${canary.asked} control probes were lost: silence on this path proves little`);
  }
  return found;
}

/** Puts ports in random order. */
export function shuffle(ports: Uint16Array): void {
  for (let last = ports.length - 1; last > 0; last -= 1) {
    const other = Math.floor(Math.random() * (last + 1));
    const swapped = ports[last] ?? 0;
    ports[last] = ports[other] ?? 0;
    ports[other] = swapped;
  }
}
