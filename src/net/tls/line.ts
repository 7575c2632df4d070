import { type Endpoint, hangUp, isFailure } from "#net/dial.ts";
import { type Gathered, gather } from "#net/gather.ts";
import { createRoundTrip } from "#net/round-trip.ts";
import { createSupply, type SupplyOptions } from "./supply.ts";

/** What came of one connection: what the server sent and how that ended, or why there was none. */
export type Said =
  | { readonly kind: "said"; readonly bytes: Buffer; readonly end: Gathered["end"] }
  | { readonly kind: "unsaid"; readonly detail: string };

/** One thing to say, and when the answer is whole. */
interface Question {
  readonly bytes: Buffer;
  readonly decided: (bytes: Buffer) => boolean;
  /** Another question will most probably follow this one: a connection for it is made meanwhile. */
  readonly likely: boolean;
}

/** A way to ask one server, a question a connection, some at a time. */
export interface Line {
  ask(question: Question): Promise<Said>;
  /** Questions that could be asked at once and are not. */
  readonly free: number;
  readonly signal: AbortSignal;
  /** Asks nothing more of a server whose answers make no sense. */
  leave(): void;
  /** Ends what stands open; nothing more is asked. */
  close(): void;
}

/** Bounds of a line. */
export interface LineOptions extends SupplyOptions {
  /** Connections at once, those that only stand ready included. */
  readonly atOnce: number;
  /** For everything together. */
  readonly budgetMs: number;
}

/** Answers in a row that did not come, or not to their end, after which the server is left alone. */
const mostSilence = 3;
const firstPatienceMs = 1500;
const mostBytes = 64 * 1024;

const reasons = {
  stopped: "stopped before everything was asked",
  time: "the time for this server was up before everything was asked",
  connections: "the connections for this server were used up before everything was asked",
  senseless: "the server's answers to hellos made no sense",
  silence: "the server no longer answered",
} as const;

/**
 * Makes a line. Where a connection fails or an answer fails to come, fewer connections are used at once from then on: a server that has room
 * for few clients is asked slowly. A question without an answer is asked a second time, with all patience.
 */
export function createLine(endpoint: Endpoint, options: LineOptions): Line {
  const deadline = performance.now() + options.budgetMs;
  const supply = createSupply(endpoint, options);
  const roundTrip = createRoundTrip();
  const turns = createTurns(options.atOnce);
  let silence = 0;
  let closed = false;
  let left = false;

  const over = (): string | undefined => {
    if (options.signal.aborted || closed) return reasons.stopped;
    if (left) return reasons.senseless;
    if (silence > mostSilence) return reasons.silence;
    if (supply.exhausted) return reasons.connections;
    return performance.now() > deadline ? reasons.time : undefined;
  };
  const patienceMs = (all: boolean) => {
    const most = Math.min(options.timeoutMs, Math.max(1, deadline - performance.now()));
    return all ? most : Math.min(most, Math.max(firstPatienceMs, (roundTrip.patience(8) ?? 0) * 4));
  };
  const exchange = async (question: Question, patient: boolean): Promise<Said> => {
    const socket = await supply.take(turns.fewer);
    if (isFailure(socket)) return { kind: "unsaid", detail: over() ?? socket.detail };
    const startedAt = performance.now();
    socket.write(question.bytes);
    const { decided } = question;
    const limits = { timeoutMs: patienceMs(patient), signal: options.signal };
    const { bytes, end } = await gather(socket, { ...limits, maxBytes: mostBytes, decided });
    hangUp(socket);
    const isSilent = end === "timeout" || end === "limit";
    silence = isSilent ? silence + 1 : 0;
    if (isSilent) turns.fewer();
    if (end === "decided") roundTrip.add(performance.now() - startedAt);
    return { kind: "said", bytes, end };
  };
  const ask = async (question: Question): Promise<Said> => {
    const first = await exchange(question, false);
    if (first.kind === "unsaid" || first.end !== "timeout" || first.bytes.length > 0) return first;
    const why = over();
    return why === undefined ? exchange(question, true) : { kind: "unsaid", detail: why };
  };
  return {
    signal: options.signal,
    get free() {
      return turns.free;
    },
    ask(question) {
      return turns.take(question.likely, async () => {
        const why = over();
        if (why !== undefined) return { kind: "unsaid", detail: why };
        const answer = ask(question);
        supply.prepare(turns.expected);
        return answer;
      });
    },
    leave() {
      left = true;
    },
    close() {
      closed = true;
      supply.drain();
    },
  };
}

interface Turns {
  /** Does work when its turn has come. */
  take<T>(likely: boolean, work: () => Promise<T>): Promise<T>;
  /** Half as many at once from now on. */
  fewer(): void;
  readonly free: number;
  /** Connections that will be needed soon, as far as there is room for them. */
  readonly expected: number;
}

function createTurns(most: number): Turns {
  const waiting: (() => void)[] = [];
  let atOnce = most;
  let busy = 0;
  let likelyOnes = 0;
  return {
    async take(likely, work) {
      while (busy >= atOnce) await new Promise<void>((resolve) => waiting.push(resolve));
      busy += 1;
      if (likely) likelyOnes += 1;
      try {
        return await work();
      } finally {
        busy -= 1;
        if (likely) likelyOnes -= 1;
        waiting.shift()?.();
      }
    },
    fewer() {
      atOnce = Math.max(1, Math.floor(atOnce / 2));
    },
    get free() {
      return Math.max(0, atOnce - busy - waiting.length);
    },
    get expected() {
      return Math.max(0, Math.min(likelyOnes + waiting.length, atOnce - busy));
    },
  };
}
