import { createHash, createPublicKey, type KeyObject, verify } from "node:crypto";
import { certificateSuffix } from "#net/ssh-wire.ts";
import { bitLength, mpint, type WireReader, wireReader, wireString } from "./wire.ts";

/** A public key as SSH sends it. */
export interface SshPublicKey {
  /** Such as ssh-ed25519. */
  readonly type: string;
  /** Length of the modulus, or size of the curve's field as ssh-keygen prints it; undefined for a type that is not known. */
  readonly bits: number | undefined;
  /** As `ssh-keygen -l` prints it; for a certificate, that of the key in it. */
  readonly fingerprint: string;
}

/** A host certificate (PROTOCOL.certkeys of OpenSSH). */
interface SshCertificate {
  /** Such as ssh-ed25519-cert-v01@openssh.com. */
  readonly type: string;
  /** Seconds since 1970. */
  readonly validAfter: bigint;
  readonly validBefore: bigint;
  /** The key that signed it. */
  readonly authority: SshPublicKey;
}

/** What a server sends as its host key. */
export interface SshHostKey extends SshPublicKey {
  readonly certificate: SshCertificate | undefined;
  /** Whether a signature by it over some bytes is right; undefined where that can't be told. */
  readonly verifies: (signature: Buffer, bytes: Buffer) => boolean | undefined;
}

/** The parts of a key's kind: how many strings it is made of, how long it is, and the key that Node verifies with. */
interface Shape {
  readonly strings: number;
  readonly bits: (parts: readonly Buffer[]) => number;
  readonly key: (parts: readonly Buffer[]) => KeyObject;
}

const ec = (bits: number, curve: string): Shape => ({
  strings: 2,
  bits: () => bits,
  key: ([, point = Buffer.alloc(0)]) => {
    const length = (point.length - 1) / 2;
    const [x, y] = [point.subarray(1, 1 + length), point.subarray(1 + length)];
    return jwk({ kty: "EC", crv: curve, x: x.toString("base64url"), y: y.toString("base64url") });
  },
});

const edwards = (bits: number, curve: string): Shape => ({
  strings: 1,
  bits: () => bits,
  key: ([x = Buffer.alloc(0)]) => jwk({ kty: "OKP", crv: curve, x: x.toString("base64url") }),
});

const shapes: Readonly<Record<string, Shape>> = {
  "ssh-ed25519": edwards(256, "Ed25519"),
  "ssh-ed448": edwards(456, "Ed448"),
  "ecdsa-sha2-nistp256": ec(256, "P-256"),
  "ecdsa-sha2-nistp384": ec(384, "P-384"),
  "ecdsa-sha2-nistp521": ec(521, "P-521"),
  "ssh-rsa": {
    strings: 2,
    bits: ([, n = Buffer.alloc(0)]) => bitLength(n),
    key: ([e = Buffer.alloc(0), n = Buffer.alloc(0)]) =>
      jwk({ kty: "RSA", e: unsigned(e).toString("base64url"), n: unsigned(n).toString("base64url") }),
  },
  "ssh-dss": { strings: 4, bits: ([p = Buffer.alloc(0)]) => bitLength(p), key: dsaKey },
};

/** Reads a host key or certificate (RFC 4253, 6.6; RFC 5656; RFC 8709). Undefined when it is malformed. Total on arbitrary bytes. */
export function readHostKey(blob: Buffer): SshHostKey | undefined {
  const reader = wireReader(blob);
  const type = reader.text();
  if (reader.short() || type === "") return undefined;
  const isCertificate = type.endsWith(certificateSuffix);
  const plain = isCertificate ? type.slice(0, -certificateSuffix.length) : type;
  const shape = Object.hasOwn(shapes, plain) ? shapes[plain] : undefined;
  if (shape === undefined) {
    return { type, bits: undefined, fingerprint: digest(blob), certificate: undefined, verifies: () => undefined };
  }
  if (isCertificate) reader.string();
  const parts = Array.from({ length: shape.strings }, () => reader.string());
  const certificate = isCertificate ? readCertificate(type, reader) : undefined;
  if (reader.short() || (isCertificate && certificate === undefined)) return undefined;
  return {
    type: plain,
    bits: shape.bits(parts),
    fingerprint: digest(Buffer.concat([wireString(plain), ...parts.map(wireString)])),
    certificate,
    verifies: (signature, bytes) => verifies({ type: plain, parts, shape }, signature, bytes),
  };
}

/** What follows the key in a certificate: serial, kind, id, principals, validity, two lists of options, one reserved string, authority, signature. */
function readCertificate(type: string, reader: WireReader): SshCertificate | undefined {
  reader.uint64();
  reader.uint32();
  reader.string();
  reader.string();
  const [validAfter, validBefore] = [reader.uint64(), reader.uint64()];
  reader.string();
  reader.string();
  reader.string();
  const authorityBlob = reader.string();
  reader.string();
  // A certificate can't be signed by a certificate, so this ends.
  if (reader.short() || wireReader(authorityBlob).text().endsWith(certificateSuffix)) return undefined;
  const authority = readHostKey(authorityBlob);
  return authority === undefined ? undefined : { type, validAfter, validBefore, authority };
}

/** As `ssh-keygen -l` prints it. */
function digest(key: Buffer): string {
  return `SHA256:${createHash("sha256").update(key).digest("base64").replace(/=+$/, "")}`;
}

const rsaHashes: Readonly<Record<string, string>> = {
  "ssh-rsa": "sha1",
  "rsa-sha2-256": "sha256",
  "rsa-sha2-512": "sha512",
};

const ecHashes: Readonly<Record<string, readonly [hash: string, coordinateBytes: number]>> = {
  "ecdsa-sha2-nistp256": ["sha256", 32],
  "ecdsa-sha2-nistp384": ["sha384", 48],
  "ecdsa-sha2-nistp521": ["sha512", 66],
};

interface Signer {
  readonly type: string;
  readonly parts: readonly Buffer[];
  readonly shape: Shape;
}

function verifies({ type, parts, shape }: Signer, signature: Buffer, bytes: Buffer): boolean | undefined {
  const key = tried(() => shape.key(parts));
  // A key that OpenSSL does not take, as one that is no point of its curve: nothing is proven by it, and nothing disproven.
  if (key === undefined) return undefined;
  const reader = wireReader(signature);
  const algorithm = reader.text();
  const raw = reader.string();
  if (reader.short()) return false;
  return tried(() => isRight({ type, algorithm, key }, raw, bytes)) ?? false;
}

interface Signed {
  readonly type: string;
  readonly algorithm: string;
  readonly key: KeyObject;
}

function isRight({ type, algorithm, key }: Signed, raw: Buffer, bytes: Buffer): boolean {
  if (type === "ssh-rsa") {
    const hash = Object.hasOwn(rsaHashes, algorithm) ? rsaHashes[algorithm] : undefined;
    return hash !== undefined && verify(hash, bytes, key, raw);
  }
  if (algorithm !== type) return false;
  const dsaEncoding = "ieee-p1363";
  if (type === "ssh-dss") return verify("sha1", bytes, { key, dsaEncoding }, raw);
  const [hash, length] = ecHashes[type] ?? [];
  if (hash === undefined || length === undefined) return verify(null, bytes, key, raw);
  const numbers = wireReader(raw);
  const fixed = Buffer.concat([padded(numbers.string(), length), padded(numbers.string(), length)]);
  return verify(hash, bytes, { key, dsaEncoding }, fixed);
}

function tried<T>(compute: () => T): T | undefined {
  try {
    return compute();
  } catch {
    // OpenSSL throws for what the server made up.
    return undefined;
  }
}

function jwk(key: Readonly<Record<string, string>>): KeyObject {
  return createPublicKey({ key, format: "jwk" });
}

function unsigned(bytes: Buffer): Buffer {
  const first = bytes.findIndex((octet) => octet !== 0);
  return first === -1 ? Buffer.alloc(0) : bytes.subarray(first);
}

function padded(bytes: Buffer, length: number): Buffer {
  const bare = unsigned(bytes);
  return Buffer.concat([Buffer.alloc(Math.max(0, length - bare.length)), bare]);
}

const dsaId = Buffer.from("06072a8648ce380401", "hex");

/** A SubjectPublicKeyInfo (RFC 3279, 2.3.2): JSON Web Keys know no DSA. */
function dsaKey(parts: readonly Buffer[]): KeyObject {
  const [p, q, g, y] = parts.map((part) => der(0x02, mpint(part).subarray(4)));
  if (p === undefined || q === undefined || g === undefined || y === undefined) throw new Error("four numbers");
  const algorithm = der(0x30, Buffer.concat([dsaId, der(0x30, Buffer.concat([p, q, g]))]));
  const key = der(0x03, Buffer.concat([Buffer.alloc(1), y]));
  return createPublicKey({ key: der(0x30, Buffer.concat([algorithm, key])), format: "der", type: "spki" });
}

function der(tag: number, content: Buffer): Buffer {
  const length = content.length;
  // Three bytes of length hold for all lengths, and OpenSSL takes them where fewer would do.
  return Buffer.concat([Buffer.from([tag, 0x82, length >> 8, length & 255]), content]);
}
