import { type Dial, dialTcp, type Endpoint } from "#net/dial.ts";
import type { ConnectionCount, NetworkPlan } from "./plan.ts";

/** The way to connections within the plan, and their count. */
export interface ConnectionBook {
  readonly dial: Dial;
  /** Books a connection that the port scan made and someone else goes on with. */
  book(endpoint: Endpoint, purpose: string): void;
  counts(): ConnectionCount[];
}

/** Opens connections to addresses of the plan only: any other is our fault and throws. */
export function createConnectionBook(plan: Pick<NetworkPlan, "addresses" | "timeoutMs" | "way">): ConnectionBook {
  const scope = new Set(plan.addresses);
  const connect = plan.way?.connect ?? dialTcp;
  const counted = new Map<string, ConnectionCount>();
  const book = (endpoint: Endpoint, purpose: string) => {
    const { address, port } = endpoint;
    const key = JSON.stringify([address, port, purpose]);
    counted.set(key, { address, port, purpose, count: (counted.get(key)?.count ?? 0) + 1 });
  };
  return {
    book,
    async dial(endpoint, purpose, limits) {
      if (!scope.has(endpoint.address)) throw new Error(`address out of scope: ${endpoint.address}`);
      book(endpoint, purpose);
      return connect(endpoint, { signal: limits.signal, timeoutMs: Math.min(limits.timeoutMs, plan.timeoutMs) });
    },
    counts() {
      return [...counted.values()].sort(
        (a, b) =>
          a.address.localeCompare(b.address, "en") || a.port - b.port || a.purpose.localeCompare(b.purpose, "en"),
      );
    },
  };
}
