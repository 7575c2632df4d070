import type { Duplex } from "node:stream";
import type { Limits } from "./dial.ts";

/** Bytes that came, and why the reading ended. */
export interface Gathered {
  readonly bytes: Buffer;
  readonly end: "decided" | "closed" | "reset" | "timeout" | "limit";
}

/** When to stop reading. */
export interface GatherOptions extends Limits {
  readonly maxBytes: number;
  /** Enough is there; called with everything so far. */
  readonly decided: (bytes: Buffer) => boolean;
}

/** Reads from a connection until enough is there, the peer ends it, time or room is up. Leaves it open and paused. */
export async function gather(socket: Duplex, options: GatherOptions): Promise<Gathered> {
  const { promise, resolve } = Promise.withResolvers<Gathered["end"]>();
  let bytes: Buffer = Buffer.alloc(0);
  const onData = (chunk: Buffer) => {
    bytes = Buffer.concat([bytes, chunk.subarray(0, options.maxBytes + 1 - bytes.length)]);
    if (options.decided(bytes)) resolve("decided");
    else if (bytes.length > options.maxBytes) resolve("limit");
  };
  const onEnd = () => resolve("closed");
  const onError = () => resolve("reset");
  const onAbort = () => resolve("timeout");
  const timer = setTimeout(onAbort, options.timeoutMs);
  options.signal.addEventListener("abort", onAbort, { once: true });
  socket.on("data", onData).on("end", onEnd).on("close", onEnd).on("error", onError);
  socket.resume();
  if (options.signal.aborted || socket.destroyed) resolve(socket.destroyed ? "closed" : "timeout");
  const end = await promise;
  clearTimeout(timer);
  options.signal.removeEventListener("abort", onAbort);
  socket.off("data", onData).off("end", onEnd).off("close", onEnd).off("error", onError);
  socket.pause();
  return { bytes, end };
}
