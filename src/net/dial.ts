import { connect, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { type Failure, socketFailure } from "./failure.ts";

/** One end to connect to, and how long to try. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** Limits of one exchange. */
export interface Limits {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Opens connections and counts them. The only way by which anything but the port scan connects. */
export type Dial = (endpoint: Endpoint, purpose: string, limits: Limits) => Promise<Duplex | Failure>;

/** Tells a failure from a socket. */
export function isFailure(value: object): value is Failure {
  return "reason" in value && "detail" in value;
}

/** Connects over TCP with Nagle's delay off. Gives a failure after `timeoutMs` or an abort. */
export function dialTcp(endpoint: Endpoint, limits: Limits): Promise<Socket | Failure> {
  const { promise, resolve } = Promise.withResolvers<Socket | Failure>();
  const socket = connect({ host: endpoint.address, port: endpoint.port, noDelay: true });
  let settled = false;
  const settle = (result: Socket | Failure) => {
    if (settled) return;
    settled = true;
    clearTimeout(timer);
    limits.signal.removeEventListener("abort", onAbort);
    if (result !== socket) socket.destroy();
    resolve(result);
  };
  const onAbort = () => settle({ reason: "timeout", detail: "stopped before the connection stood" });
  const giveUp = () => settle({ reason: "timeout", detail: `no connection in ${limits.timeoutMs} ms` });
  // Only after what had already arrived is read: a busy scanner must not mistake an answer for silence.
  const timer = setTimeout(() => setImmediate(() => setImmediate(giveUp)), limits.timeoutMs);
  limits.signal.addEventListener("abort", onAbort, { once: true });
  socket.on("error", (error) => settle(socketFailure(error, "connecting")));
  socket.once("connect", () => {
    if (isSelfConnected(socket)) settle({ reason: "refused", detail: "connecting: ECONNREFUSED" });
    else settle(socket);
  });
  if (limits.signal.aborted) onAbort();
  return promise;
}

/**
 * On loopback the kernel may pick as source port the very port that is asked, and the two SYNs meet (RFC 9293, 3.5): a connection
 * of the socket with itself, behind which nobody listens.
 */
export function isSelfConnected(socket: Socket): boolean {
  return socket.localPort === socket.remotePort && socket.localAddress === socket.remoteAddress;
}

/**
 * Ends a connection without waiting for the peer: by a reset, which leaves no state behind. A reset while our own end is being sent, as
 * after the peer's, would fail and leave the handle open for ever, so that the process could not end; there the connection is closed, as
 * is one through a tunnel, which knows no reset.
 */
export function hangUp(socket: Duplex): void {
  if (socket.writableEnded || !(socket instanceof Socket)) socket.destroy();
  else socket.resetAndDestroy();
}
