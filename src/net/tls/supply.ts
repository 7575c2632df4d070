import type { Duplex } from "node:stream";
import { type Dial, type Endpoint, hangUp, isFailure, type Limits } from "#net/dial.ts";
import type { Failure } from "#net/failure.ts";
import { pause } from "#net/within.ts";

/** Connections to one server, some of them made before they are needed. */
export interface Supply {
  /** The connection that has stood longest, or a new one; tries again a few times. Else why there is none. */
  take(onFailure: () => void): Promise<Duplex | Failure>;
  /** Sees to it that so many stand ready, as far as there may be more. */
  prepare(count: number): void;
  /** No more may be made. */
  readonly exhausted: boolean;
  /** Ends those that stand ready. */
  drain(): void;
}

/** Where connections come from, and how many there may be in all. */
export interface SupplyOptions extends Limits {
  readonly dial: Dial;
  readonly most: number;
}

const tries = 3;
const firstPauseMs = 200;

/** Makes a supply. Sockets leave it in the order in which they were made, as servers that serve one client after another need it. */
export function createSupply(endpoint: Endpoint, options: SupplyOptions): Supply {
  const ready: Promise<Duplex | Failure>[] = [];
  let made = 0;
  const connect = (): Promise<Duplex | Failure> => {
    made += 1;
    return options.dial(endpoint, "tls survey", { signal: options.signal, timeoutMs: options.timeoutMs });
  };
  return {
    async take(onFailure) {
      let failure: Failure = { reason: "timeout", detail: "no connection was left for this server" };
      for (let attempt = 0; attempt < tries && !options.signal.aborted; attempt += 1) {
        const next = ready.shift() ?? (made < options.most ? connect() : undefined);
        if (next === undefined) break;
        const socket = await next;
        if (!isFailure(socket)) return socket;
        failure = socket;
        onFailure();
        await pause(firstPauseMs * 2 ** attempt, options.signal);
      }
      return failure;
    },
    prepare(count) {
      while (ready.length < count && made < options.most) ready.push(connect());
    },
    get exhausted() {
      return made >= options.most && ready.length === 0;
    },
    drain() {
      for (const one of ready.splice(0)) void one.then((socket) => isFailure(socket) || hangUp(socket));
    },
  };
}
