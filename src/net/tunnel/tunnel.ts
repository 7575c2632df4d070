import type { Duplex } from "node:stream";
import type { Client } from "ssh2";
import type { Endpoint } from "#net/dial.ts";
import { channelStream } from "./channel-stream.ts";
import { type Refusal, readRefusal } from "./open-failure.ts";

/** What came of asking for one connection. lost: the tunnel broke, or was closed, before it was answered. */
export type Opening =
  | { readonly outcome: "open"; readonly stream: Duplex }
  | { readonly outcome: Refusal | "lost"; readonly stream?: undefined };

/** TCP connections made by an SSH server on our behalf, over one connection to it (direct-tcpip: RFC 4254, 7.2). */
export interface Tunnel {
  /** Fires when the connection to the server breaks, before anything that goes through it ends. */
  readonly lost: AbortSignal;
  /** Connections asked for and not answered yet: each holds a socket there until that system gives up, and none can be called off. */
  readonly pending: number;
  /** Asks for a connection. Waits as long as the server does. */
  open(endpoint: Endpoint): Promise<Opening>;
  close(): Promise<void>;
}

/** The originator that RFC 4254 wants named; there is none. */
const originator = "127.0.0.1";

/** A tunnel over a client that is logged in. `end` ends that login. */
export function tunnelOver(client: Client, end: () => Promise<void>): Tunnel {
  const lost = new AbortController();
  const lose = () => lost.abort();
  // All of these come before ssh2 closes the channels.
  client.on("error", lose).on("end", lose).on("close", lose);
  let pending = 0;
  return {
    lost: lost.signal,
    get pending() {
      return pending;
    },
    open({ address, port }) {
      const { promise, resolve } = Promise.withResolvers<Opening>();
      if (lost.signal.aborted) return Promise.resolve({ outcome: "lost" });
      pending += 1;
      try {
        client.forwardOut(originator, 0, address, port, (error, channel) => {
          pending -= 1;
          if (error === undefined) resolve({ outcome: "open", stream: channelStream(channel) });
          else if (lost.signal.aborted) resolve({ outcome: "lost" });
          else
            resolve({ outcome: readRefusal({ reason: "reason" in error ? error.reason : 0, message: error.message }) });
        });
      } catch {
        // ssh2 throws where the connection has ended already.
        pending -= 1;
        lose();
        resolve({ outcome: "lost" });
      }
      return promise;
    },
    close: async () => {
      lose();
      await end();
    },
  };
}
