import type { X509Certificate } from "node:crypto";
import type { Duplex } from "node:stream";
import { connect as connectTls, type TLSSocket } from "node:tls";
import type { Dial, Endpoint, Limits } from "./dial.ts";
import { hangUp, isFailure } from "./dial.ts";
import { errorCode, type Failure } from "./failure.ts";
import { gather } from "./gather.ts";
import { clientHello, flightLimit, type HelloVersion, readServerFlight, type ServerFlight } from "./tls-wire.ts";
import type { TrustStore } from "./trust.ts";

/** What came back after a hand-made hello: the answer as far as it was read, and how the reading ended. */
export interface HelloAnswer {
  readonly flight: ServerFlight;
  readonly bytes: Buffer;
  /** decided: the answer is whole. closed, reset: the peer ended the connection. timeout: nothing more came. */
  readonly end: "decided" | "closed" | "reset" | "timeout" | "limit";
}

/** Sends a hello on an open connection, reads the answer and resets the connection. `whole` waits for the certificates too. */
export async function sayHello(
  socket: Duplex,
  hello: { version: HelloVersion; serverName: string; whole: boolean },
  limits: Limits,
): Promise<HelloAnswer> {
  socket.write(clientHello(hello.version, hello.serverName));
  const decided = (bytes: Buffer) => {
    const { state, ...flight } = readServerFlight(bytes);
    if (state === "waiting") return false;
    return !(hello.whole && state === "hello" && "certificates" in flight && flight.certificates === undefined);
  };
  const gathered = await gather(socket, { ...limits, maxBytes: flightLimit, decided });
  hangUp(socket);
  return { flight: readServerFlight(gathered.bytes), bytes: gathered.bytes, end: gathered.end };
}

/** Dials and says hello. */
export async function askVersion(
  endpoint: Endpoint,
  hello: { version: HelloVersion; serverName: string; whole: boolean },
  options: { dial: Dial; limits: Limits },
): Promise<HelloAnswer | Failure> {
  const socket = await options.dial(endpoint, "tls", options.limits);
  return isFailure(socket) ? socket : sayHello(socket, hello, options.limits);
}

/** A handshake that stands, with what was verified on the way. */
export interface Handshake {
  readonly socket: TLSSocket;
  /** TLSv1 to TLSv1.3. */
  readonly version: string;
  /** Name of the cipher suite in IANA's registry. */
  readonly suite: string;
  readonly leaf: X509Certificate | undefined;
  /** The leaf and its issuers in order of issue, without the root that ends them when that came from the store. */
  readonly sent: readonly X509Certificate[];
  /** OpenSSL's verdict on the chain, by its name; empty when it found nothing wrong. The name is not part of it. */
  readonly verifyError: string;
}

/** Makes a whole handshake by OpenSSL, with the newest version both know, whatever the certificate. The socket is the caller's to close. */
export async function shakeHands(
  endpoint: Endpoint,
  serverName: string,
  options: { dial: Dial; limits: Limits; store: TrustStore },
): Promise<Handshake | Failure> {
  const { limits } = options;
  const transport = await options.dial(endpoint, "tls", limits);
  if (isFailure(transport)) return transport;
  const { promise, resolve } = Promise.withResolvers<Handshake | Failure>();
  const socket = connectTls({
    socket: transport,
    ...(serverName === "" ? {} : { servername: serverName }),
    secureContext: options.store.context,
    rejectUnauthorized: false,
    checkServerIdentity: () => undefined,
  });
  const fail = (failure: Failure) => {
    resolve(failure);
    socket.destroy();
  };
  const timer = setTimeout(
    () => fail({ reason: "timeout", detail: `no handshake in ${limits.timeoutMs} ms` }),
    limits.timeoutMs,
  );
  const onAbort = () => fail({ reason: "timeout", detail: "stopped before the handshake was done" });
  limits.signal.addEventListener("abort", onAbort, { once: true });
  socket.on("error", (error) => fail({ reason: "refused", detail: `no handshake: ${errorCode(error)}` }));
  socket.on("close", () => resolve({ reason: "refused", detail: "the peer closed during the handshake" }));
  socket.once("secureConnect", () => resolve(describe(socket, options.store)));
  if (limits.signal.aborted) onAbort();
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    limits.signal.removeEventListener("abort", onAbort);
  }
}

/**
 * The server ended the handshake by an alert that means it has nothing under this name, or under none (RFC 6066, 3): unrecognized_name,
 * or internal_error as servers say that find no certificate for it.
 */
export function refusesName(failure: Failure): boolean {
  return /: ERR_SSL_TLSV1_(?:UNRECOGNIZED_NAME|ALERT_INTERNAL_ERROR)$/.test(failure.detail);
}

function describe(socket: TLSSocket, store: TrustStore): Handshake {
  const leaf = socket.getPeerX509Certificate();
  const chain: X509Certificate[] = [];
  for (let current = leaf; current !== undefined && chain.length < 20; current = current.issuerCertificate) {
    if (chain.some((known) => known.fingerprint256 === current?.fingerprint256)) break;
    chain.push(current);
  }
  const last = chain.at(-1);
  if (chain.length > 1 && last !== undefined && store.roots.includes(`${last.toString().trim()}\n`)) chain.pop();
  const error: unknown = socket.authorizationError;
  return {
    socket,
    version: socket.getProtocol() ?? "",
    suite: socket.getCipher().standardName,
    leaf,
    sent: chain,
    verifyError: socket.authorized ? "" : errorName(error),
  };
}

/** Node gives the name as a string or as an Error, whatever its types say. */
function errorName(error: unknown): string {
  return typeof error === "string" ? error : errorCode(error);
}
