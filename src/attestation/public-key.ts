import { createHash, createPublicKey, type JsonWebKey, type KeyObject } from "node:crypto";
import { magnitude, type WireReader, wireReader } from "./wire.ts";

/** A public key of SSH that can verify. */
export interface PublicKey {
  readonly type: string;
  /** In wire format: what makes two keys the same. */
  readonly blob: Buffer;
  readonly key: KeyObject;
  /** `SHA256:` and base64, as ssh-keygen prints it. */
  readonly fingerprint: string;
}

/** A key, or in a few words why there is none. */
export type KeyResult = { readonly ok: true; readonly key: PublicKey } | { readonly ok: false; readonly why: string };

const longestBlob = 4096;
const smallestModulusBits = 2048;
const largestModulusBits = 16_384;

const curves: Readonly<Record<string, { readonly curve: string; readonly crv: string; readonly bytes: number }>> = {
  "ecdsa-sha2-nistp256": { curve: "nistp256", crv: "P-256", bytes: 32 },
  "ecdsa-sha2-nistp384": { curve: "nistp384", crv: "P-384", bytes: 48 },
  "ecdsa-sha2-nistp521": { curve: "nistp521", crv: "P-521", bytes: 66 },
};

/** Length of a coordinate of an ECDSA key type; undefined for other types. */
export function coordinateBytes(type: string): number | undefined {
  return Object.hasOwn(curves, type) ? curves[type]?.bytes : undefined;
}

/** The bytes of a line of a .pub file, whatever they are. */
export function blobOfLine(line: string): Buffer {
  return Buffer.from(line.trim().split(/[ \t]+/)[1] ?? "", "base64");
}

/** Reads a line of a .pub file: type, base64, and a comment that may be left out. Total on any text. */
export function parsePublicKeyLine(line: string): KeyResult {
  const [type = "", encoded = ""] = line.trim().split(/[ \t]+/);
  if (/-----BEGIN/.test(line)) return refused("it is a private key or in another format");
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(encoded)) return refused("it is not a type followed by base64");
  const parsed = parsePublicKey(Buffer.from(encoded, "base64"));
  if (parsed.ok && parsed.key.type !== type) return refused(`it is called ${type} and holds ${parsed.key.type}`);
  return parsed;
}

/** Reads a public key in wire format (RFC 4253, 6.6; RFC 5656, 3.1; RFC 8709, 4). Total on any bytes. */
export function parsePublicKey(blob: Buffer): KeyResult {
  if (blob.length > longestBlob) return refused("it is too long for a key");
  const reader = wireReader(blob);
  const type = reader.text();
  if (type === undefined) return refused("it is cut off");
  const found = jwkOf(type, reader);
  if (typeof found === "string") return refused(found);
  if (reader.left() > 0) return refused("something follows the key");
  try {
    const key = createPublicKey({ key: found, format: "jwk" });
    return { ok: true, key: { type, blob, key, fingerprint: fingerprintOf(blob) } };
  } catch {
    // The library throws for numbers that are no key, such as a point that is not on its curve.
    return refused("its numbers are no key");
  }
}

function refused(why: string): KeyResult {
  return { ok: false, why };
}

function fingerprintOf(blob: Buffer): string {
  return `SHA256:${createHash("sha256").update(blob).digest("base64").replace(/=+$/, "")}`;
}

/** The rest of a key as JSON Web Key, or why it is none. */
function jwkOf(type: string, reader: WireReader): JsonWebKey | string {
  if (type === "ssh-ed25519") {
    const point = reader.string();
    return point?.length === 32 ? { kty: "OKP", crv: "Ed25519", x: url(point) } : "it is cut off";
  }
  if (type === "ssh-rsa") return rsaJwk(reader);
  if (coordinateBytes(type) !== undefined) return ecJwk(type, reader);
  const shown = /^[a-z0-9@.-]{1,60}$/.test(type) ? type : "its type";
  return `${shown} is not supported; use ed25519, ECDSA or RSA`;
}

function rsaJwk(reader: WireReader): JsonWebKey | string {
  const exponent = positive(reader.string());
  const modulus = positive(reader.string());
  if (exponent === undefined || modulus === undefined) return "it is cut off";
  const bits = modulus.length * 8 - Math.clz32(modulus[0] ?? 0) + 24;
  if (bits < smallestModulusBits) return `RSA of ${bits} bits is too short; use ${smallestModulusBits} or more`;
  if (bits > largestModulusBits || exponent.length > 8) return "its numbers are no key";
  return { kty: "RSA", n: url(modulus), e: url(exponent) };
}

function positive(mpint: Buffer | undefined): Buffer | undefined {
  const value = mpint === undefined ? undefined : magnitude(mpint);
  return value === undefined || value.length === 0 ? undefined : value;
}

function ecJwk(type: string, reader: WireReader): JsonWebKey | string {
  const known = curves[type];
  const curve = reader.text();
  const point = reader.string();
  if (known === undefined || curve !== known.curve) return "its curve is not that of its type";
  if (point?.length !== 1 + 2 * known.bytes || point[0] !== 4) return "its point is not an uncompressed one";
  const x = point.subarray(1, 1 + known.bytes);
  return { kty: "EC", crv: known.crv, x: url(x), y: url(point.subarray(1 + known.bytes)) };
}

function url(bytes: Buffer): string {
  return bytes.toString("base64url");
}
