import { createHash, verify } from "node:crypto";
import { coordinateBytes, type PublicKey, parsePublicKey } from "./public-key.ts";
import { magnitude, wireReader, wireString } from "./wire.ts";

/** A signature in the format of ssh-keygen -Y sign (OpenSSH's PROTOCOL.sshsig). */
export interface SshSignature {
  readonly key: PublicKey;
  readonly namespace: string;
  readonly reserved: Buffer;
  readonly hash: "sha256" | "sha512";
  readonly algorithm: string;
  readonly bytes: Buffer;
}

/** A signature, or in a few words why there is none. */
export type SignatureResult =
  | { readonly ok: true; readonly signature: SshSignature }
  | { readonly ok: false; readonly why: string };

const magic = "SSHSIG";
const longestText = 16_384;
const begin = "-----BEGIN SSH SIGNATURE-----";
const end = "-----END SSH SIGNATURE-----";

/** Reads an armoured signature. Total on any text; verifies nothing. */
export function parseSignature(text: string): SignatureResult {
  if (text.length > longestText) return refused("it is too long for a signature");
  const trimmed = text.trim();
  if (!trimmed.startsWith(begin) || !trimmed.endsWith(end) || trimmed.length < begin.length + end.length) {
    return refused("it does not stand between the lines that begin and end an SSH signature");
  }
  const encoded = trimmed.slice(begin.length, -end.length).replace(/[\r\n]/g, "");
  const blob = Buffer.from(encoded, "base64");
  // Decoding skips what is no base64: only what comes back the same was all of it.
  if (blob.toString("base64") !== encoded) return refused("it is not base64");
  return parseBlob(blob);
}

function refused(why: string): SignatureResult {
  return { ok: false, why };
}

function parseBlob(blob: Buffer): SignatureResult {
  const reader = wireReader(blob);
  const preamble = reader.bytes(magic.length)?.toString("latin1");
  const version = reader.uint32();
  const keyBlob = reader.string();
  const namespace = reader.string();
  const reserved = reader.string();
  const hash = reader.text();
  const inner = reader.string();
  if (preamble !== magic) return refused("it is not an SSH signature");
  if (keyBlob === undefined || namespace === undefined || reserved === undefined || inner === undefined) {
    return refused("it is cut off");
  }
  if (version !== 1) return refused("its version is not 1");
  if (reader.left() > 0) return refused("something follows it");
  if (hash !== "sha256" && hash !== "sha512") return refused("its hash is neither sha256 nor sha512");
  const parsed = parsePublicKey(keyBlob);
  if (!parsed.ok) return refused(`of its key: ${parsed.why}`);
  const fields = wireReader(inner);
  const algorithm = fields.text();
  const bytes = fields.string();
  if (algorithm === undefined || bytes === undefined || fields.left() > 0) return refused("it is cut off");
  if (!algorithmsOf(parsed.key.type).includes(algorithm)) return refused("its algorithm is not one for its key");
  const name = namespace.toString("utf8");
  return { ok: true, signature: { key: parsed.key, namespace: name, reserved, hash, algorithm, bytes } };
}

/** Algorithms a type of key may sign with. RSA with SHA-1 (ssh-rsa) is none of them. */
function algorithmsOf(keyType: string): readonly string[] {
  return keyType === "ssh-rsa" ? ["rsa-sha2-512", "rsa-sha2-256"] : [keyType];
}

/** Whether a signature is one over `message` in `namespace`, by the key it carries. Never throws. */
export function isSignatureOver(signature: SshSignature, message: Buffer, namespace: string): boolean {
  if (signature.namespace !== namespace) return false;
  const signed = Buffer.concat([
    Buffer.from(magic),
    wireString(namespace),
    wireString(signature.reserved),
    wireString(signature.hash),
    wireString(createHash(signature.hash).update(message).digest()),
  ]);
  try {
    return verifyBy(signature, signed);
  } catch {
    // The library throws where the key cannot have made such bytes at all.
    return false;
  }
}

function verifyBy({ key, algorithm, bytes }: SshSignature, signed: Buffer): boolean {
  switch (algorithm) {
    case "ssh-ed25519":
      return bytes.length === 64 && verify(null, signed, key.key, bytes);
    case "rsa-sha2-256":
      return verify("sha256", signed, key.key, bytes);
    case "rsa-sha2-512":
      return verify("sha512", signed, key.key, bytes);
    default: {
      const fixed = fixedEcdsa(bytes, coordinateBytes(algorithm) ?? 0);
      return (
        fixed !== undefined && verify(ecdsaHash(algorithm), signed, { key: key.key, dsaEncoding: "ieee-p1363" }, fixed)
      );
    }
  }
}

/** Hashes by curve (RFC 5656, 6.2.1). */
function ecdsaHash(algorithm: string): string {
  if (algorithm.endsWith("256")) return "sha256";
  return algorithm.endsWith("384") ? "sha384" : "sha512";
}

/** r and s of an ECDSA signature at their full length, one after the other; undefined for what is none. */
function fixedEcdsa(bytes: Buffer, length: number): Buffer | undefined {
  const reader = wireReader(bytes);
  const numbers = [reader.string(), reader.string()].map((mpint) =>
    mpint === undefined ? undefined : magnitude(mpint),
  );
  const fixed = numbers.flatMap((number) =>
    number === undefined || number.length > length
      ? []
      : [Buffer.concat([Buffer.alloc(length - number.length), number])],
  );
  return fixed.length === 2 && reader.left() === 0 ? Buffer.concat(fixed) : undefined;
}
