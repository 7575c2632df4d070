import type { Duplex } from "node:stream";
import { type Dial, type Endpoint, hangUp, isFailure, type Limits } from "./dial.ts";
import type { Failure } from "./failure.ts";
import { type Gathered, gather } from "./gather.ts";
import { identificationLimit, readSshHead } from "./ssh-wire.ts";
import { askVersion, type HelloAnswer, sayHello } from "./tls-client.ts";
import { pause } from "./within.ts";

/** What an open port turned out to be, before anyone asked it for HTTP. */
export type Service =
  /** An SSH server; what it said so far is back in the socket. Undefined when a new connection is needed. */
  | { readonly kind: "ssh"; readonly socket: Duplex | undefined }
  /** A TLS server, with its answer to a TLS 1.2 hello. */
  | { readonly kind: "tls"; readonly answer: HelloAnswer }
  /**
   * It said something that is neither; HTTP is still to be asked. `spokeFirst` leaves no room for an HTTP server. Without `legible` it
   * said what no known protocol begins with, so that anything may be behind it.
   */
  | { readonly kind: "other"; readonly spokeFirst: boolean; readonly legible: boolean }
  /** It said nothing at all; what was tried stands in `tried`. HTTP is still to be asked. */
  | { readonly kind: "mute"; readonly tried: string; readonly waited: boolean }
  /** No connection stayed open long enough to ask anything. */
  | { readonly kind: "unreached"; readonly detail: string };

/** How to identify. */
export interface IdentifyOptions {
  readonly dial: Dial;
  /** SNI of the TLS hello; empty for none. */
  readonly serverName: string;
  /** How long to wait for a server that speaks first. */
  readonly passiveMs: number;
  readonly limits: Limits;
}

const ownIdentification = "SSH-2.0-sekisho\r\n";

/** OpenSSH tells clients it has no room for, or punishes, one line and closes (MaxStartups, PerSourcePenalties in sshd_config(5)). */
const sshRefusal = /^(?:Exceeded MaxStartups|Not allowed at this time)/;

/**
 * Finds out what speaks on an open port: waits for a server that speaks first, as SSH does, else says a TLS hello on the same
 * connection. A port that closes at once is tried a second time after a pause.
 */
export async function identify(
  endpoint: Endpoint,
  given: Duplex | undefined,
  options: IdentifyOptions,
): Promise<Service> {
  const first = await listen(endpoint, given, options);
  if (!closedAtOnce(first) || options.limits.signal.aborted) return conclude(endpoint, first, options);
  await pause(options.passiveMs, options.limits.signal);
  const second = await listen(endpoint, undefined, options);
  return closedAtOnce(second)
    ? { kind: "unreached", detail: "every connection was closed before the server said anything" }
    : conclude(endpoint, second, options);
}

type Heard = Failure | (Gathered & { readonly socket: Duplex });

async function listen(endpoint: Endpoint, given: Duplex | undefined, options: IdentifyOptions): Promise<Heard> {
  const socket = given ?? (await options.dial(endpoint, "identify", options.limits));
  if (isFailure(socket)) return socket;
  const { signal } = options.limits;
  const heard = await gather(socket, {
    timeoutMs: options.passiveMs,
    signal,
    maxBytes: identificationLimit,
    decided: isSshDecided,
  });
  return { ...heard, socket };
}

function closedAtOnce(heard: Heard): boolean {
  if (isFailure(heard)) return true;
  if (heard.end !== "closed" && heard.end !== "reset") return false;
  return heard.bytes.length === 0 || sshRefusal.test(heard.bytes.toString("latin1"));
}

async function conclude(endpoint: Endpoint, heard: Heard, options: IdentifyOptions): Promise<Service> {
  if (isFailure(heard)) return { kind: "unreached", detail: heard.detail };
  const { socket, bytes } = heard;
  if (readSshHead(bytes).identification !== undefined) {
    socket.unshift(bytes);
    return { kind: "ssh", socket: heard.end === "decided" ? socket : undefined };
  }
  const hello = { version: "TLSv1.2", serverName: options.serverName, whole: true } as const;
  if (bytes.length > 0) {
    hangUp(socket);
    const answer = await askVersion(endpoint, hello, options);
    return !isFailure(answer) && isTls(answer)
      ? { kind: "tls", answer }
      : { kind: "other", spokeFirst: true, legible: isLegible(bytes) };
  }
  if (options.limits.signal.aborted) {
    hangUp(socket);
    return { kind: "unreached", detail: "stopped before the server said anything" };
  }
  const answer = await sayHello(socket, hello, options.limits);
  if (isTls(answer)) return { kind: "tls", answer };
  if (readSshHead(answer.bytes).identification !== undefined) return { kind: "ssh", socket: undefined };
  if (answer.bytes.length > 0) return { kind: "other", spokeFirst: false, legible: isLegible(answer.bytes) };
  return {
    kind: "mute",
    tried: `silent at first, ${ends[answer.end]} after a TLS hello`,
    waited: answer.end === "timeout",
  };
}

/** A greeting in words, Telnet's options (RFC 854), or the handshake of MySQL, which begins with length, number 0 and version 10. */
function isLegible(bytes: Buffer): boolean {
  if (bytes.length < 3) return false;
  if (bytes[0] === 0xff && (bytes[1] ?? 0) >= 0xfb && (bytes[1] ?? 0) <= 0xfe) return true;
  if (bytes[3] === 0 && bytes[4] === 10 && /^[\x20-\x7e]{3,}\0/.test(bytes.toString("latin1", 5))) return true;
  const head = bytes.toString("utf8", 0, 16);
  // A character cut in two at the end is no sign of noise.
  return !/[^\P{Cc}\t\r\n]|\ufffd(?!\ufffd{0,2}$)/u.test(head);
}

/**
 * Speaks first, as an SSH client may (RFC 4253, 4.2): a port that is shared by several protocols hands the connection to an SSH server
 * only then. True when that answers with its identification.
 */
export async function answersAsSsh(
  endpoint: Endpoint,
  options: Omit<IdentifyOptions, "serverName">,
): Promise<boolean | Failure> {
  const socket = await options.dial(endpoint, "identify", options.limits);
  if (isFailure(socket)) return socket;
  socket.write(ownIdentification);
  const { signal } = options.limits;
  const heard = await gather(socket, {
    timeoutMs: options.passiveMs,
    signal,
    maxBytes: identificationLimit,
    decided: isSshDecided,
  });
  hangUp(socket);
  return readSshHead(heard.bytes).identification !== undefined;
}

/** It is an SSH server's stream, or cannot become one. */
function isSshDecided(bytes: Buffer): boolean {
  const head = readSshHead(bytes);
  return head.identification !== undefined || head.broken !== undefined;
}

const ends: Readonly<Record<HelloAnswer["end"], string>> = {
  decided: "answered",
  closed: "closed the connection",
  reset: "reset the connection",
  timeout: "said nothing",
  limit: "said too much",
};

function isTls(answer: HelloAnswer): boolean {
  return answer.flight.state !== "not_tls" && answer.flight.state !== "waiting";
}
