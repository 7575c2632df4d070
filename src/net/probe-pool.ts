import { Socket } from "node:net";
import { hangUp, isSelfConnected } from "./dial.ts";
import { errorCode } from "./failure.ts";

/**
 * What one connection attempt showed. open: it stood. closed: RST, or the ICMP port unreachable that looks the same to a program.
 * rejected: another ICMP error. silent: nothing in time. starved: this machine had no socket to spare. unrouted: this machine
 * has no way to the address.
 */
export type ProbeOutcome = "open" | "closed" | "rejected" | "silent" | "starved" | "unrouted";

/** Told what a probe showed. For an open port, returns true to keep the socket; else it is reset. */
type ProbeDone = (port: number, outcome: ProbeOutcome, seen: ProbeDetail) => boolean;

/** What goes with an outcome. */
export interface ProbeDetail {
  readonly elapsedMs: number;
  readonly socket: Socket;
  /** The system's code of the error; empty when there was none. */
  readonly code: string;
}

/** Connection attempts in flight, and the one timer that ends them. */
export interface ProbePool {
  /** Sockets in use, those that are closing included. */
  readonly inFlight: number;
  start(address: string, port: number, timeoutMs: number, done: ProbeDone): void;
  /** Ends every attempt without telling anyone. */
  close(): void;
}

const outcomes: Readonly<Record<string, ProbeOutcome>> = {
  ECONNREFUSED: "closed",
  // Only a connection that stood can be reset; a refused one is told by ECONNREFUSED.
  ECONNRESET: "open",
  EHOSTUNREACH: "rejected",
  EHOSTDOWN: "rejected",
  EACCES: "rejected",
  EPERM: "rejected",
  ENONET: "rejected",
  ENOPROTOOPT: "rejected",
  EPROTO: "rejected",
  ETIMEDOUT: "silent",
  ENETUNREACH: "unrouted",
  EAFNOSUPPORT: "unrouted",
  EINVAL: "unrouted",
};

/** A socket that is used for one attempt after another: a new one for each of 65,535 ports would triple the memory. */
interface Slot {
  readonly socket: Socket;
  done: ProbeDone | undefined;
  port: number;
  startedAt: number;
  deadline: number;
}

const tickMs = 20;

/**
 * A pool without a limit of its own; `onFree` is called whenever a socket is free again. An overdue attempt is only given up after the
 * event loop has read what had already arrived, so a busy scanner does not mistake an answer for silence.
 */
export function createProbePool(onFree: () => void): ProbePool {
  const busy = new Set<Slot>();
  const idle: Slot[] = [];
  let closed = false;
  const finish = (slot: Slot, outcome: ProbeOutcome, code: string) => {
    const { done } = slot;
    if (done === undefined) return;
    slot.done = undefined;
    const elapsedMs = performance.now() - slot.startedAt;
    const kept = done(slot.port, outcome, { elapsedMs, socket: slot.socket, code });
    if (outcome !== "open") slot.socket.destroy();
    else if (kept) release(slot);
    else hangUp(slot.socket);
  };
  const release = (slot: Slot) => {
    for (const event of ["error", "connect", "close"]) slot.socket.removeAllListeners(event);
    slot.socket.on("error", () => slot.socket.destroy());
    busy.delete(slot);
    onFree();
  };
  const open = (): Slot => {
    const slot: Slot = { socket: new Socket(), done: undefined, port: 0, startedAt: 0, deadline: 0 };
    slot.socket.on("error", (error) => {
      const code = errorCode(error);
      finish(slot, outcomes[code] ?? "starved", code);
    });
    slot.socket.on("connect", () => {
      if (!isSelfConnected(slot.socket)) finish(slot, "open", "");
      else {
        hangUp(slot.socket);
        finish(slot, "closed", "ECONNREFUSED");
      }
    });
    slot.socket.on("close", () => {
      if (closed) return;
      busy.delete(slot);
      idle.push(slot);
      onFree();
    });
    return slot;
  };
  const timer = setInterval(() => {
    const now = performance.now();
    const overdue = [...busy].filter((slot) => slot.done !== undefined && slot.deadline <= now);
    if (overdue.length === 0) return;
    const expire = () => {
      for (const slot of overdue) if (slot.deadline <= now) finish(slot, "silent", "");
    };
    setImmediate(() => setImmediate(expire));
  }, tickMs);
  return {
    get inFlight() {
      return busy.size;
    },
    start(address, port, timeoutMs, done) {
      const slot = idle.pop() ?? open();
      slot.done = done;
      slot.port = port;
      slot.startedAt = performance.now();
      slot.deadline = slot.startedAt + timeoutMs;
      busy.add(slot);
      slot.socket.connect({ host: address, port });
    },
    close() {
      closed = true;
      clearInterval(timer);
      for (const slot of busy) {
        slot.done = undefined;
        slot.socket.destroy();
      }
      busy.clear();
    },
  };
}
