import { randomBytes } from "node:crypto";

/** Protocol versions that can be asked with a hand-made hello. */
export const helloVersions = { TLSv1: 0x0301, "TLSv1.1": 0x0302, "TLSv1.2": 0x0303 } as const;
export type HelloVersion = keyof typeof helloVersions;

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
  /** ServerHello; certificates as sent once they came, empty when the server goes on without. */
  | { readonly state: "hello"; readonly version: number; readonly certificates: readonly Buffer[] | undefined };

/** Handshake bytes that are read at most. */
export const flightLimit = 256 * 1024;

const handshake = {
  serverHello: 2,
  certificate: 11,
  serverKeyExchange: 12,
  certificateRequest: 13,
  serverHelloDone: 14,
} as const;
const content = { changeCipherSpec: 20, alert: 21, handshake: 22 } as const;

/** ECDHE, DHE and RSA key exchange with AEAD, CBC, 3DES and RC4, strong ones first; enough to agree with any server that is in use. */
const suites = [
  0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0x009e, 0x009f, 0xccaa, 0xc023, 0xc027, 0xc024, 0xc028, 0xc009,
  0xc013, 0xc00a, 0xc014, 0x0067, 0x006b, 0x0033, 0x0039, 0xc0ac, 0xc0ad, 0xc09e, 0xc09f, 0x009c, 0x009d, 0xc09c,
  0xc09d, 0x003c, 0x003d, 0x002f, 0x0035, 0x0041, 0x0084, 0x0045, 0x0088, 0xc072, 0xc076, 0xc008, 0xc012, 0x0016,
  0x000a, 0xc007, 0xc011, 0x0005, 0x0004, 0x00ff,
];
const groups = [0x001d, 0x0017, 0x0018, 0x0019, 0x001e, 0x0100, 0x0101];
const signatures = [
  0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0809, 0x080a, 0x080b, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601,
  0x0303, 0x0301, 0x0203, 0x0201, 0x0402, 0x0202,
];

/** Builds the record with a ClientHello for exactly one version up to TLS 1.2 (RFC 5246, 7.4.1.2). An empty name sends no SNI. */
export function clientHello(version: HelloVersion, serverName: string): Buffer {
  const extensions = Buffer.concat([
    ...(serverName === ""
      ? []
      : [extension(0, vector16(Buffer.concat([Buffer.of(0), vector16(Buffer.from(serverName))])))]),
    extension(10, vector16(words(groups))),
    extension(11, Buffer.of(1, 0)),
    ...(version === "TLSv1.2" ? [extension(13, vector16(words(signatures)))] : []),
    extension(23, Buffer.alloc(0)),
  ]);
  const body = Buffer.concat([
    words([helloVersions[version]]),
    randomBytes(32),
    Buffer.of(0),
    vector16(words(suites)),
    Buffer.of(1, 0),
    vector16(extensions),
  ]);
  const message = Buffer.concat([Buffer.of(1, 0), words([body.length]), body]);
  return Buffer.concat([Buffer.of(content.handshake), words([0x0301, message.length]), message]);
}

/** Reads the answer to a ClientHello from any prefix of the server's stream. Total on arbitrary bytes. */
export function readServerFlight(bytes: Uint8Array): ServerFlight {
  const stream = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const messages: Buffer[] = [];
  let at = 0;
  while (at < stream.length) {
    const problem = recordProblem(stream, at);
    if (problem !== undefined) return at === 0 ? { state: "not_tls" } : { state: "malformed", detail: problem };
    if (stream.length < at + 5) break;
    const type = stream.readUInt8(at);
    const length = stream.readUInt16BE(at + 3);
    const fragment = stream.subarray(at + 5, at + 5 + length);
    const alert = type === content.alert ? fatalAlert(fragment) : undefined;
    if (alert !== undefined) return { state: "alert", alert };
    if (type === content.handshake) messages.push(fragment);
    at += 5 + length;
  }
  return readHandshake(Buffer.concat(messages));
}

/** What is wrong with the head of a record, as far as it has come (RFC 5246, 6.2.1). */
function recordProblem(stream: Buffer, at: number): string | undefined {
  const type = stream.readUInt8(at);
  const first = at === 0;
  if (type !== content.handshake && type !== content.alert && (first || type !== content.changeCipherSpec)) {
    return "a record of unknown type";
  }
  if (stream.length > at + 1 && stream.readUInt8(at + 1) !== 3) return "a record of unknown version";
  if (stream.length >= at + 5 && stream.readUInt16BE(at + 3) > 18_432)
    return "a record longer than the protocol allows";
  return undefined;
}

/** A warning other than close_notify changes nothing; unrecognized_name often comes as one. */
function fatalAlert(fragment: Buffer): number | undefined {
  if (fragment.length < 2) return undefined;
  const alert = fragment.readUInt8(1);
  return fragment.readUInt8(0) === 2 || alert === 0 ? alert : undefined;
}

function readHandshake(bytes: Buffer): ServerFlight {
  const hello = handshakeMessage(bytes, 0);
  if (hello === undefined) return { state: "waiting" };
  if (hello.type !== handshake.serverHello)
    return { state: "malformed", detail: `handshake message ${hello.type} before ServerHello` };
  if (hello.length < 38 || hello.length > flightLimit)
    return { state: "malformed", detail: "a ServerHello of impossible length" };
  if (hello.body.length < 2) return { state: "waiting" };
  const version = hello.body.readUInt16BE(0);
  const without: number[] = [handshake.serverKeyExchange, handshake.certificateRequest, handshake.serverHelloDone];
  for (let at = 4 + hello.length; ; ) {
    const message = handshakeMessage(bytes, at);
    if (message === undefined || message.body.length < message.length)
      return { state: "hello", version, certificates: undefined };
    if (without.includes(message.type)) return { state: "hello", version, certificates: [] };
    if (message.type === handshake.certificate) return withCertificates(version, message.body);
    at += 4 + message.length;
  }
}

function withCertificates(version: number, body: Buffer): ServerFlight {
  const certificates = readCertificates(body);
  return certificates === undefined
    ? { state: "malformed", detail: "a broken Certificate message" }
    : { state: "hello", version, certificates };
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

function words(values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 2);
  values.forEach((value, index) => {
    bytes.writeUInt16BE(value, index * 2);
  });
  return bytes;
}

function vector16(bytes: Buffer): Buffer {
  return Buffer.concat([words([bytes.length]), bytes]);
}

function extension(type: number, data: Buffer): Buffer {
  return Buffer.concat([words([type]), vector16(data)]);
}
