import { buildHello, extensions } from "./tls/hello.ts";

/** Protocol versions whose certificates come in the clear. */
export type HelloVersion = "TLSv1" | "TLSv1.1" | "TLSv1.2";

/** What a server answered to a ClientHello. */
export type ServerFlight =
  /** Not enough bytes yet to say. */
  | { readonly state: "waiting" }
  /** The bytes are not TLS. */
  | { readonly state: "not_tls" }
  /** A fatal alert, or a close_notify, by its number (RFC 8446, 6). */
  | { readonly state: "alert"; readonly alert: number }
  /** TLS records that make no sense. */
  | { readonly state: "malformed"; readonly detail: string }
  /**
   * ServerHello with the version it agrees to; the whole of it once it came. Certificates as sent once they came, empty when the server goes
   * on without.
   */
  | {
      readonly state: "hello";
      readonly version: number;
      readonly hello: ServerHello | undefined;
      readonly certificates: readonly Buffer[] | undefined;
      readonly following: Following;
    };

/** What a ServerHello says (RFC 8446, 4.1.3). */
interface ServerHello {
  readonly suite: number;
  readonly compression: number;
  /** The server resumes a session or makes one that can be. */
  readonly hasSession: boolean;
  readonly extensions: ReadonlyMap<number, Buffer>;
  /** A HelloRetryRequest of TLS 1.3: the server agrees and asks for another key share. */
  readonly retry: boolean;
}

/** What came in the clear after it, in TLS up to 1.2. */
interface Following {
  /** Body of the ServerKeyExchange. */
  readonly keyExchange: Buffer | undefined;
  /** An OCSP response came along (RFC 6066, 8). */
  readonly stapled: boolean;
  /** ServerHelloDone, or encrypted records: nothing further comes in the clear. */
  readonly done: boolean;
}

/** Handshake bytes that are read at most. */
export const flightLimit = 256 * 1024;

const handshake = {
  serverHello: 2,
  certificate: 11,
  serverKeyExchange: 12,
  certificateRequest: 13,
  serverHelloDone: 14,
  certificateStatus: 22,
} as const;
const content = { changeCipherSpec: 20, alert: 21, handshake: 22, data: 23 } as const;

/** ECDHE, DHE and RSA key exchange with AEAD, CBC, 3DES and RC4, strong ones first; enough to agree with any server that is in use. */
const suites = [
  0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0x009e, 0x009f, 0xccaa, 0xc023, 0xc027, 0xc024, 0xc028, 0xc009,
  0xc013, 0xc00a, 0xc014, 0x0067, 0x006b, 0x0033, 0x0039, 0xc0ac, 0xc0ad, 0xc09e, 0xc09f, 0x009c, 0x009d, 0xc09c,
  0xc09d, 0x003c, 0x003d, 0x002f, 0x0035, 0x0041, 0x0084, 0x0045, 0x0088, 0xc072, 0xc076, 0xc008, 0xc012, 0x0016,
  0x000a, 0xc007, 0xc011, 0x0005, 0x0004,
];

/** Builds the record with a ClientHello for exactly one version up to TLS 1.2 (RFC 5246, 7.4.1.2). An empty name sends no SNI. */
export function clientHello(version: HelloVersion, serverName: string): Buffer {
  return buildHello({ version, serverName, suites });
}

/** Reads the answer to a ClientHello from any prefix of the server's stream. Total on arbitrary bytes. */
export function readServerFlight(bytes: Uint8Array): ServerFlight {
  const stream = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const messages: Buffer[] = [];
  let encrypted = false;
  for (let at = 0; at < stream.length && !encrypted; ) {
    const problem = recordProblem(stream, at);
    if (problem !== undefined) return at === 0 ? { state: "not_tls" } : { state: "malformed", detail: problem };
    if (stream.length < at + 5) break;
    const type = stream.readUInt8(at);
    const length = stream.readUInt16BE(at + 3);
    const fragment = stream.subarray(at + 5, at + 5 + length);
    const alert = fatalAlert(type, fragment);
    if (alert !== undefined) return { state: "alert", alert };
    if (type === content.handshake) messages.push(fragment);
    encrypted = type === content.changeCipherSpec || type === content.data;
    at += 5 + length;
  }
  return readHandshake(Buffer.concat(messages), encrypted);
}

/** What is wrong with the head of a record, as far as it has come (RFC 5246, 6.2.1). */
function recordProblem(stream: Buffer, at: number): string | undefined {
  const type = stream.readUInt8(at);
  const first = at === 0;
  const later: number[] = [content.changeCipherSpec, content.data];
  if (type !== content.handshake && type !== content.alert && (first || !later.includes(type))) {
    return "a record of unknown type";
  }
  if (stream.length > at + 1 && stream.readUInt8(at + 1) !== 3) return "a record of unknown version";
  if (stream.length >= at + 5 && stream.readUInt16BE(at + 3) > 18_432)
    return "a record longer than the protocol allows";
  return undefined;
}

/** A warning other than close_notify changes nothing; unrecognized_name often comes as one. */
function fatalAlert(type: number, fragment: Buffer): number | undefined {
  if (type !== content.alert || fragment.length < 2) return undefined;
  const alert = fragment.readUInt8(1);
  return fragment.readUInt8(0) === 2 || alert === 0 ? alert : undefined;
}

function readHandshake(bytes: Buffer, encrypted: boolean): ServerFlight {
  const first = handshakeMessage(bytes, 0);
  if (first === undefined) return { state: "waiting" };
  if (first.type !== handshake.serverHello)
    return { state: "malformed", detail: `handshake message ${first.type} before ServerHello` };
  if (first.length < 38 || first.length > flightLimit)
    return { state: "malformed", detail: "a ServerHello of impossible length" };
  if (first.body.length < 2) return { state: "waiting" };
  const whole = first.body.length === first.length;
  const hello = whole ? readServerHello(first.body) : undefined;
  if (whole && hello === undefined) return { state: "malformed", detail: "a broken ServerHello" };
  const seen = { version: agreed(first.body, hello), hello };
  return readFollowing(bytes.subarray(4 + first.length), encrypted, seen);
}

/** The messages after ServerHello, as far as they have come. */
function readFollowing(
  bytes: Buffer,
  encrypted: boolean,
  seen: { version: number; hello: ServerHello | undefined },
): ServerFlight {
  const without: number[] = [handshake.serverKeyExchange, handshake.certificateRequest, handshake.serverHelloDone];
  let certificates: readonly Buffer[] | undefined;
  const following = { keyExchange: undefined as Buffer | undefined, stapled: false, done: encrypted };
  for (let at = 0; ; ) {
    const message = handshakeMessage(bytes, at);
    if (message === undefined || message.body.length < message.length) break;
    if (message.type === handshake.certificate) {
      certificates = readCertificates(message.body);
      if (certificates === undefined) return { state: "malformed", detail: "a broken Certificate message" };
    } else if (without.includes(message.type)) certificates ??= [];
    if (message.type === handshake.serverKeyExchange) following.keyExchange = Buffer.from(message.body);
    following.stapled ||= message.type === handshake.certificateStatus;
    following.done ||= message.type === handshake.serverHelloDone;
    at += 4 + message.length;
  }
  return { state: "hello", ...seen, certificates, following };
}

/** The random of a ServerHello that is a HelloRetryRequest (RFC 8446, 4.1.3). */
const retryRandom = Buffer.from("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c", "hex");

/** Fields of a whole ServerHello; undefined where their lengths do not add up. */
function readServerHello(body: Buffer): ServerHello | undefined {
  const sessionLength = body.readUInt8(34);
  const at = 35 + sessionLength;
  if (sessionLength > 32 || body.length < at + 3) return undefined;
  const offered = body.length === at + 3 ? new Map<number, Buffer>() : readExtensions(body.subarray(at + 3));
  if (offered === undefined) return undefined;
  return {
    suite: body.readUInt16BE(at),
    compression: body.readUInt8(at + 2),
    hasSession: sessionLength > 0,
    extensions: offered,
    retry: body.subarray(2, 34).equals(retryRandom),
  };
}

function readExtensions(bytes: Buffer): Map<number, Buffer> | undefined {
  if (bytes.length < 2 || bytes.readUInt16BE(0) !== bytes.length - 2) return undefined;
  const found = new Map<number, Buffer>();
  let at = 2;
  while (at < bytes.length) {
    if (at + 4 > bytes.length) return undefined;
    const length = bytes.readUInt16BE(at + 2);
    if (at + 4 + length > bytes.length) return undefined;
    found.set(bytes.readUInt16BE(at), Buffer.from(bytes.subarray(at + 4, at + 4 + length)));
    at += 4 + length;
  }
  return found;
}

/** TLS 1.3 stands in an extension, behind the number of TLS 1.2 (RFC 8446, 4.2.1). */
function agreed(body: Buffer, hello: ServerHello | undefined): number {
  const chosen = hello?.extensions.get(extensions.supportedVersions);
  return chosen?.length === 2 ? chosen.readUInt16BE(0) : body.readUInt16BE(0);
}

/** Type, announced length and as much of the body as has come. */
function handshakeMessage(bytes: Buffer, at: number): { type: number; length: number; body: Buffer } | undefined {
  if (bytes.length < at + 4) return undefined;
  const length = bytes.readUIntBE(at + 1, 3);
  return { type: bytes.readUInt8(at), length, body: bytes.subarray(at + 4, at + 4 + length) };
}

/** The Certificate message of TLS up to 1.2: a vector of vectors (RFC 5246, 7.4.2). */
function readCertificates(body: Buffer): Buffer[] | undefined {
  if (body.length < 3 || body.readUIntBE(0, 3) !== body.length - 3) return undefined;
  const certificates: Buffer[] = [];
  let at = 3;
  while (at < body.length) {
    if (at + 3 > body.length) return undefined;
    const length = body.readUIntBE(at, 3);
    if (length === 0 || at + 3 + length > body.length) return undefined;
    certificates.push(Buffer.from(body.subarray(at + 3, at + 3 + length)));
    at += 3 + length;
  }
  return certificates;
}
