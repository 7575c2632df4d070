import { createSocket, type Socket } from "node:dgram";
import { setTimeout as sleep } from "node:timers/promises";
import { errorCode } from "#net/failure.ts";
import type { UdpService } from "./services.ts";

/**
 * What a port showed. open: a datagram came back. closed: ICMP port unreachable. rejected: another ICMP error. silent: nothing, which an open port may say
 * as well as a filtered one. unsent: this machine could not ask.
 */
type UdpState = "open" | "closed" | "rejected" | "silent" | "unsent";

/** One port that was asked. */
export interface UdpPort {
  readonly port: number;
  readonly service: string;
  readonly state: UdpState;
  /** What came back is the service's own answer. */
  readonly speaks: boolean;
}

/** What to ask, and how long. */
export interface UdpScanOptions {
  readonly address: string;
  readonly family: "ipv4" | "ipv6";
  readonly services: readonly UdpService[];
  /** Longest wait for one answer. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Rounds in which what is silent is asked again. */
const rounds = 3;
/** Between datagrams of a round: sixty in a second hurt nobody. */
const paceMs = 15;
/** Linux sends ICMP errors to one address once in a second, after the first few (icmp_ratelimit). */
const icmpPaceMs = 1050;
/** How long a target that limits its ICMP errors is asked on. */
const limitedMs = 40_000;

/**
 * Asks UDP ports of one address. A target that answers some ports with ICMP errors and limits their rate is asked on, one port in a second, until
 * each silent port had its own turn; only what is silent then is silent.
 */
export async function scanUdp(options: UdpScanOptions): Promise<readonly UdpPort[]> {
  const asked = options.services.map((service) => openPort(service, options));
  try {
    for (let round = 0; round < rounds && silent(asked).length > 0 && !options.signal.aborted; round += 1) {
      for (const one of silent(asked)) {
        one.ask();
        await pause(paceMs, options.signal);
      }
      await settled(asked, options);
    }
    const limited = asked.some(({ state }) => state() === "closed" || state() === "rejected");
    if (limited) await askSlowly(asked, options);
    return asked.map(({ service, state, speaks }) => ({
      port: service.port,
      service: service.name,
      state: state() ?? "silent",
      speaks: speaks(),
    }));
  } finally {
    for (const { close } of asked) close();
  }
}

/** No two silent ports within the time in which a target sends one ICMP error; once more where that brought any. */
async function askSlowly(asked: readonly Asked[], options: UdpScanOptions): Promise<void> {
  const until = performance.now() + limitedMs;
  let before = Number.POSITIVE_INFINITY;
  while (silent(asked).length > 0 && silent(asked).length < before) {
    before = silent(asked).length;
    for (const one of silent(asked)) {
      if (options.signal.aborted || performance.now() > until) return;
      await pause(icmpPaceMs, options.signal);
      one.ask();
    }
    await settled(asked, options);
  }
}

interface Asked {
  readonly service: UdpService;
  readonly ask: () => void;
  readonly state: () => UdpState | undefined;
  readonly speaks: () => boolean;
  readonly close: () => void;
}

function silent(asked: readonly Asked[]): readonly Asked[] {
  return asked.filter(({ state }) => state() === undefined);
}

/** Waits until every port has said something, or the time for an answer is up. */
async function settled(asked: readonly Asked[], { timeoutMs, signal }: UdpScanOptions): Promise<void> {
  const until = performance.now() + timeoutMs;
  while (silent(asked).length > 0 && performance.now() < until && !signal.aborted) await pause(20, signal);
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}

/** Errors of the way there or of the target. Others, such as EPERM of a local packet filter, are this machine's own. */
const errors: Readonly<Record<string, UdpState>> = {
  ECONNREFUSED: "closed",
  EHOSTUNREACH: "rejected",
  EHOSTDOWN: "rejected",
  ENOPROTOOPT: "rejected",
};

/** A connected socket: the kernel hands it nothing but what comes from that address and port, and ICMP errors about it. */
function openPort(service: UdpService, { address, family }: UdpScanOptions): Asked {
  let state: UdpState | undefined;
  let speaks = false;
  const requests: Buffer[] = [];
  const socket = createSocket(family === "ipv4" ? "udp4" : "udp6");
  const ready = Promise.withResolvers<boolean>();
  let closed = false;
  socket.on("message", (answer) => {
    state = "open";
    if (requests.some((request) => service.isAnswer(answer, request))) speaks = true;
  });
  const fail = (error: unknown) => {
    // What was said once stands: a late error may speak of a port that a firewall shut after it answered too much.
    state ??= errors[errorCode(error)] ?? "unsent";
    ready.resolve(false);
  };
  socket.on("error", fail);
  // Node hands this an error too, where there is no way to the address; its types say otherwise.
  socket.connect(service.port, address, (error?: unknown) => {
    if (error === undefined || error === null) ready.resolve(true);
    else fail(error);
  });
  return {
    service,
    ask: () => {
      const request = service.request();
      requests.push(request);
      void ready.promise.then((usable) => {
        if (usable && !closed) send(socket, request, fail);
      });
    },
    state: () => state,
    speaks: () => speaks,
    close: () => {
      closed = true;
      socket.close();
    },
  };
}

/** Sends one datagram; what keeps it from being sent is told, thrown or not. */
function send(socket: Socket, request: Buffer, fail: (error: unknown) => void): void {
  try {
    socket.send(request, (error) => {
      if (error !== null) fail(error);
    });
  } catch (error) {
    // Node throws for a socket that lost its connection meanwhile.
    fail(error);
  }
}
