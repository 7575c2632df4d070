import { createHash, createPublicKey, type KeyObject, sign, verify } from "node:crypto";
import type { Envelope } from "#model/seal.ts";

/** What is signed of a payload (DSSE protocol, PAE): its type and its bytes, each with its length, so that neither can be taken for the other. */
export function preAuthEncoding(type: string, payload: Buffer): Buffer {
  const name = Buffer.from(type, "utf8");
  return Buffer.concat([
    Buffer.from(`DSSEv1 ${name.length} `, "utf8"),
    name,
    Buffer.from(` ${payload.length} `, "utf8"),
    payload,
  ]);
}

/** Signs a payload with an Ed25519 key (RFC 8032). The key's id is only a hint for who verifies. */
export function sealPayload(type: string, payload: Buffer, key: KeyObject): Envelope {
  return {
    payloadType: type,
    payload: payload.toString("base64"),
    signatures: [{ keyid: keyIdOf(key), sig: sign(null, preAuthEncoding(type, payload), key).toString("base64") }],
  };
}

/** The payload of an envelope that this key signed, with its type; undefined where it signed none. Never throws. */
export function openEnvelope(envelope: Envelope, key: KeyObject): { type: string; payload: Buffer } | undefined {
  const payload = fromBase64(envelope.payload);
  if (payload === undefined || key.asymmetricKeyType !== "ed25519") return undefined;
  const signed = preAuthEncoding(envelope.payloadType, payload);
  const isByKey = envelope.signatures.some(({ sig }) => {
    const bytes = fromBase64(sig);
    return bytes !== undefined && verify(null, signed, key, bytes);
  });
  return isByKey ? { type: envelope.payloadType, payload } : undefined;
}

/** Id of a key, private or public: sha256 of the public key's SubjectPublicKeyInfo, hex. */
export function keyIdOf(key: KeyObject): string {
  const shared = key.type === "private" ? createPublicKey(key) : key;
  return createHash("sha256")
    .update(shared.export({ type: "spki", format: "der" }))
    .digest("hex");
}

/** Bytes of base64 in its plain or its URL-safe alphabet (RFC 4648, 4 and 5); undefined for what is neither. */
function fromBase64(text: string): Buffer | undefined {
  const plain = text.replaceAll("-", "+").replaceAll("_", "/").replace(/=+$/, "");
  const bytes = Buffer.from(plain, "base64");
  // Decoding skips what is no base64: only what comes back the same was all of it.
  return bytes.toString("base64").replace(/=+$/, "") === plain ? bytes : undefined;
}
