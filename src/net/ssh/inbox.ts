import type { Duplex } from "node:stream";
import { readSshHead, type SshHead } from "#net/ssh-wire.ts";

/** Bytes of one connection that are read at most. */
const byteLimit = 1024 * 1024;

/** Why no more comes from a server. */
export type StreamEnd =
  | "closed"
  | "broken"
  /** It sent what is no SSH, which the head tells. */
  | "malformed"
  | "unreadable"
  | "flood"
  | "disconnected"
  | "timeout"
  | "aborted";

/** What a server has sent so far. */
export interface Inbox {
  head(): SshHead;
  /** The bytes of the head. */
  headBytes(): Buffer;
  /** What stands after the head and was not taken yet. */
  rest(): Buffer;
  take(length: number): void;
  /** Waits until there is more, or no more will come. */
  more(): Promise<void>;
  /** Why no more will come; undefined while it may. */
  ended(): StreamEnd | undefined;
  /** The first reason stays. */
  stop(why: StreamEnd): void;
}

/** Gathers what comes in on a socket. Never throws for what the server does. */
export function openInbox(socket: Duplex): Inbox {
  let bytes: Buffer = Buffer.alloc(0);
  let head: SshHead = readSshHead(bytes);
  let headBytes: Buffer = bytes;
  let total = 0;
  let why: StreamEnd | undefined;
  let wake = Promise.withResolvers<void>();
  const stir = () => {
    wake.resolve();
    wake = Promise.withResolvers<void>();
  };
  const stop = (reason: StreamEnd) => {
    why ??= reason;
    stir();
  };
  const readHead = () => {
    head = readSshHead(bytes);
    headBytes = head.end > 0 ? bytes.subarray(0, head.end) : bytes;
    bytes = bytes.subarray(head.end);
    if (head.broken !== undefined) stop("malformed");
  };
  socket.on("data", (chunk: Buffer) => {
    if (why !== undefined) return;
    total += chunk.length;
    bytes = Buffer.concat([bytes, chunk]);
    if (head.kexInit === undefined) readHead();
    if (total > byteLimit) stop("flood");
    stir();
  });
  socket.on("error", () => stop("broken"));
  socket.on("end", () => stop("closed"));
  socket.on("close", () => stop("closed"));
  if (socket.destroyed) stop("closed");
  // Whoever found out what speaks here left it paused.
  socket.resume();
  return {
    head: () => head,
    headBytes: () => headBytes,
    rest: () => bytes,
    take(length) {
      bytes = bytes.subarray(length);
    },
    more: () => wake.promise,
    ended: () => why,
    stop,
  };
}
