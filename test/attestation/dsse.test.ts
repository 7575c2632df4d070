import { createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { bundleFromJSON } from "@sigstore/bundle";
import { toSignedEntity, toTrustMaterial, Verifier } from "@sigstore/verify";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { keyIdOf, openEnvelope, preAuthEncoding, sealPayload } from "#attestation/dsse.ts";
import type { Envelope } from "#model/seal.ts";

const { privateKey, publicKey } = generateKeyPairSync("ed25519");
const type = "application/vnd.in-toto+json";

/** What Sigstore's own verifier says of an envelope. */
function acceptedBySigstore(envelope: Envelope, key: KeyObject): boolean {
  const bundle = bundleFromJSON({
    mediaType: "application/vnd.dev.sigstore.bundle.v0.3+json",
    verificationMaterial: {
      publicKey: { hint: "" },
      tlogEntries: [],
      timestampVerificationData: { rfc3161Timestamps: [] },
    },
    dsseEnvelope: envelope,
  });
  const nobody = { tlogs: [], certificateAuthorities: [], ctlogs: [], timestampAuthorities: [] };
  const trust = toTrustMaterial({ mediaType: "", ...nobody }, () => ({ publicKey: key, validFor: () => true }));
  try {
    new Verifier(trust, { tlogThreshold: 0, ctlogThreshold: 0, timestampThreshold: 0 }).verify(toSignedEntity(bundle));
    return true;
  } catch {
    // The verifier throws for what it does not accept.
    return false;
  }
}

test("what is signed is the payload with its type and the lengths of both", () => {
  const bytes = preAuthEncoding("http://example.com/HelloWorld", Buffer.from("hello world"));
  expect(bytes.toString("utf8")).toBe("DSSEv1 29 http://example.com/HelloWorld 11 hello world");
  expect(preAuthEncoding("型", Buffer.from("é")).toString("utf8")).toBe("DSSEv1 3 型 2 é");
});

describe("an envelope", () => {
  test("is accepted by another implementation, and refused by it under another key", () => {
    const envelope = sealPayload(type, Buffer.from('{"_type":"x"}'), privateKey);
    const other = generateKeyPairSync("ed25519").publicKey;
    expect(acceptedBySigstore(envelope, publicKey)).toBe(true);
    expect(acceptedBySigstore(envelope, other)).toBe(false);
    expect(openEnvelope(envelope, other)).toBeUndefined();
  });

  test("gives back what was put in", () => {
    fc.assert(
      fc.property(fc.string(), fc.uint8Array({ maxLength: 200 }), (name, bytes) => {
        const opened = openEnvelope(sealPayload(name, Buffer.from(bytes), privateKey), publicKey);
        expect(opened).toEqual({ type: name, payload: Buffer.from(bytes) });
      }),
    );
  });

  test("may be written in the URL-safe alphabet, without padding", () => {
    const { payloadType, payload, signatures } = sealPayload(type, Buffer.from([0xfb, 0xef, 0xff, 0]), privateKey);
    const safe = (text: string) => text.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
    const written = {
      payloadType,
      payload: safe(payload),
      signatures: signatures.map(({ sig }) => ({ sig: safe(sig) })),
    };
    expect(openEnvelope(written, publicKey)?.payload).toEqual(Buffer.from([0xfb, 0xef, 0xff, 0]));
  });

  test("is refused with any byte of its payload, type or signature changed", () => {
    const envelope = sealPayload(type, Buffer.from('{"verdict":"passed"}'), privateKey);
    const [signature = { sig: "" }] = envelope.signatures;
    const flipped = (text: string, index: number) => {
      const bytes = Buffer.from(text, "base64");
      bytes[index] = (bytes[index] ?? 0) ^ 1;
      return bytes.toString("base64");
    };
    for (let index = 0; index < Buffer.from(envelope.payload, "base64").length; index += 1) {
      expect(openEnvelope({ ...envelope, payload: flipped(envelope.payload, index) }, publicKey)).toBeUndefined();
    }
    for (let index = 0; index < 64; index += 1) {
      const signatures = [{ sig: flipped(signature.sig, index) }];
      expect(openEnvelope({ ...envelope, signatures }, publicKey)).toBeUndefined();
    }
    expect(openEnvelope({ ...envelope, payloadType: `${type} ` }, publicKey)).toBeUndefined();
    expect(openEnvelope({ ...envelope, payload: `${envelope.payload}!` }, publicKey)).toBeUndefined();
  });

  test("of several signatures needs one of the key", () => {
    const { payloadType, payload, signatures } = sealPayload(type, Buffer.from("x"), privateKey);
    const all = { payloadType, payload, signatures: [{ sig: "AAAA" }, { sig: "***" }, ...signatures] };
    expect(openEnvelope(all, publicKey)).toBeDefined();
  });
});

test("a key and its public half have one id", () => {
  expect(keyIdOf(privateKey)).toBe(keyIdOf(createPublicKey(privateKey)));
  expect(keyIdOf(privateKey)).toMatch(/^[0-9a-f]{64}$/);
});
