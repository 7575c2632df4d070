import { createECDH, generateKeyPairSync, randomBytes } from "node:crypto";
import { vector8, vector16, vector24, words } from "./bytes.ts";
import { curves, groups } from "./groups.ts";
import { signals } from "./suites.ts";

/** Versions with the numbers by which they go on the wire. SSLv2 has a hello of its own. */
export const versionNumbers = {
  SSLv3: 0x0300,
  TLSv1: 0x0301,
  "TLSv1.1": 0x0302,
  "TLSv1.2": 0x0303,
  "TLSv1.3": 0x0304,
} as const;
export type Version = keyof typeof versionNumbers;

/** What a ClientHello says. What is left out is said as a client would that agrees to anything. */
export interface HelloText {
  /** The only version that is agreed to. */
  readonly version: Version;
  /** For SNI; empty for none. */
  readonly serverName: string;
  /** In the client's order. */
  readonly suites: readonly number[];
  readonly groups?: readonly number[];
  readonly signatures?: readonly number[];
  readonly alpn?: readonly string[];
  /** Offers DEFLATE beside none (RFC 3749). */
  readonly compression?: boolean;
  /** Offers what a server may take up on the side: tickets, stapling, heartbeats and so on. */
  readonly extras?: boolean;
  /** Says that this hello follows one of a higher version that failed (RFC 7507). */
  readonly fallback?: boolean;
  /** TLS 1.3: sends key shares; without any the server names the group it wants. */
  readonly shares?: boolean;
}

/** Extensions by their numbers in IANA's registry of TLS ExtensionType values. */
export const extensions = {
  serverName: 0,
  statusRequest: 5,
  supportedGroups: 10,
  pointFormats: 11,
  signatureAlgorithms: 13,
  heartbeat: 15,
  alpn: 16,
  padding: 21,
  encryptThenMac: 22,
  extendedMasterSecret: 23,
  sessionTicket: 35,
  supportedVersions: 43,
  keyShare: 51,
  renegotiationInfo: 0xff01,
} as const;

/** ECDSA, EdDSA, RSA-PSS, RSA and DSA, with every hash; the ones in use first. */
const allSignatures: readonly number[] = [
  0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0809, 0x080a, 0x080b, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601,
  0x081a, 0x081b, 0x081c, 0x0708, 0x0904, 0x0905, 0x0906, 0x0303, 0x0301, 0x0203, 0x0201, 0x0402, 0x0502, 0x0602,
  0x0302, 0x0202, 0x0101, 0x0103,
];

/** Builds the records with a ClientHello (RFC 8446, 4.1.2; RFC 5246, 7.4.1.2; RFC 6101, 5.6.1.2). */
export function buildHello(text: HelloText): Buffer {
  const { version } = text;
  const modern = version === "TLSv1.3";
  const suites = [
    ...text.suites,
    ...(modern ? [] : [signals.renegotiation]),
    ...(text.fallback === true ? [signals.fallback] : []),
  ];
  // Servers of SSL 3 may know of no extensions.
  const offered = version === "SSLv3" ? undefined : Buffer.concat(extensionsOf(text));
  const start = Buffer.concat([
    words([Math.min(versionNumbers[version], versionNumbers["TLSv1.2"])]),
    randomBytes(32),
    // Boxes on the way know TLS 1.3 by a session that is resumed (RFC 8446, D.4).
    vector8(modern ? randomBytes(32) : Buffer.alloc(0)),
    vector16(words(suites)),
    vector8(text.compression === true ? Buffer.of(1, 0) : Buffer.of(0)),
  ]);
  const body = offered === undefined ? start : Buffer.concat([start, vector16(padded(offered, start.length))]);
  const message = Buffer.concat([Buffer.of(1), vector24(body)]);
  const record = version === "SSLv3" ? versionNumbers.SSLv3 : versionNumbers.TLSv1;
  return Buffer.concat([Buffer.of(22), words([record]), vector16(message)]);
}

/** Some servers hang on hellos of 256 to 511 bytes, which are made longer (RFC 7685). */
function padded(offered: Buffer, before: number): Buffer {
  const length = 4 + before + 2 + offered.length;
  if (length < 256 || length > 511) return offered;
  return Buffer.concat([offered, extension(extensions.padding, Buffer.alloc(Math.max(0, 512 - length - 4)))]);
}

function extensionsOf(text: HelloText): Buffer[] {
  const { version, serverName, alpn } = text;
  const modern = version === "TLSv1.3";
  const known = text.groups ?? (modern ? groups : curves);
  const signatures = text.signatures ?? allSignatures;
  return [
    ...(serverName === ""
      ? []
      : [extension(extensions.serverName, vector16(Buffer.concat([Buffer.of(0), vector16(Buffer.from(serverName))])))]),
    ...(known.length === 0 ? [] : [extension(extensions.supportedGroups, vector16(words(known)))]),
    ...(modern ? [] : [extension(extensions.pointFormats, Buffer.of(1, 0))]),
    ...(version === "TLSv1.2" || modern
      ? [extension(extensions.signatureAlgorithms, vector16(words(signatures)))]
      : []),
    ...(alpn === undefined
      ? []
      : [extension(extensions.alpn, vector16(Buffer.concat(alpn.map((name) => vector8(Buffer.from(name))))))]),
    ...(modern ? modernExtensions(text, known) : [extension(extensions.extendedMasterSecret, Buffer.alloc(0))]),
    ...(text.extras === true ? extras : []),
  ];
}

function modernExtensions(text: HelloText, known: readonly number[]): Buffer[] {
  return [
    extension(extensions.supportedVersions, vector8(words([versionNumbers["TLSv1.3"]]))),
    extension(extensions.keyShare, vector16(Buffer.concat(text.shares === true ? sharesOf(known) : []))),
  ];
}

/** Keys of the two groups that nearly every server has; only the public halves are kept. */
function sharesOf(known: readonly number[]): Buffer[] {
  const x25519 = generateKeyPairSync("x25519").publicKey.export({ type: "spki", format: "der" }).subarray(-32);
  const p256 = createECDH("prime256v1").generateKeys();
  return [
    ...(known.includes(0x001d) ? [Buffer.concat([words([0x001d]), vector16(x25519)])] : []),
    ...(known.includes(0x0017) ? [Buffer.concat([words([0x0017]), vector16(p256)])] : []),
  ];
}

function extension(type: number, data: Uint8Array): Buffer {
  return Buffer.concat([words([type]), vector16(data)]);
}

const extras = [
  // One OCSP request without responders or extensions (RFC 6066, 8).
  extension(extensions.statusRequest, Buffer.of(1, 0, 0, 0, 0)),
  // Our side may be sent heartbeats (RFC 6520, 2).
  extension(extensions.heartbeat, Buffer.of(1)),
  extension(extensions.encryptThenMac, Buffer.alloc(0)),
  extension(extensions.sessionTicket, Buffer.alloc(0)),
];
