import type { Duplex } from "node:stream";
import type { Endpoint, Limits } from "#net/dial.ts";
import type { Failure } from "#net/failure.ts";
import type { Opening, Tunnel } from "./tunnel.ts";

/** Connections that may be without an answer at once. sshd often may hold 1024 files, and Dropbear opens 1000 channels. */
export const mostPending = 448;

/**
 * Connects through a tunnel. Gives a failure after `timeoutMs` or an abort. A connection that stands only after that is ended at once;
 * until it is answered it counts as pending.
 */
export function dialThrough(tunnel: Tunnel, endpoint: Endpoint, limits: Limits): Promise<Duplex | Failure> {
  const { promise, resolve } = Promise.withResolvers<Duplex | Failure>();
  if (tunnel.pending >= mostPending) return Promise.resolve(failureOf("starved"));
  let settled = false;
  const settle = (result: Duplex | Failure) => {
    settled = true;
    clearTimeout(timer);
    limits.signal.removeEventListener("abort", onAbort);
    resolve(result);
  };
  const onAbort = () => settle({ reason: "timeout", detail: "stopped before the connection stood" });
  const giveUp = () => settle({ reason: "timeout", detail: `no connection in ${limits.timeoutMs} ms` });
  const timer = setTimeout(() => setImmediate(giveUp), limits.timeoutMs);
  limits.signal.addEventListener("abort", onAbort, { once: true });
  if (limits.signal.aborted) onAbort();
  else {
    void tunnel.open(endpoint).then((opening) => {
      if (opening.outcome !== "open") settle(failureOf(opening.outcome));
      else if (settled) opening.stream.destroy();
      else settle(opening.stream);
    });
  }
  return promise;
}

function failureOf(outcome: Exclude<Opening["outcome"], "open">): Failure {
  switch (outcome) {
    case "closed":
      return { reason: "refused", detail: "connecting: ECONNREFUSED" };
    case "rejected":
      return { reason: "unreachable", detail: "connecting: EHOSTUNREACH" };
    case "unrouted":
      return { reason: "unreachable", detail: "connecting: ENETUNREACH" };
    case "silent":
      return { reason: "timeout", detail: "connecting: ETIMEDOUT" };
    case "prohibited":
      return { reason: "denied", detail: "the vantage's SSH server does not forward there" };
    case "starved":
      return { reason: "unreachable", detail: "the vantage's SSH server had no room for a connection, or no route" };
    case "lost":
      return { reason: "timeout", detail: "the SSH connection to the vantage broke" };
    default:
      return outcome satisfies never;
  }
}
