import type { X509Certificate } from "node:crypto";
import type { Certificate, TlsServer } from "#evidence/tls.ts";
import { visible } from "#model/sanitise.ts";
import { isUnknown, type Maybe, unknown } from "#model/unknown.ts";
import { certificateFacts, certificateMatches } from "#net/certificate.ts";

const dayMs = 24 * 60 * 60 * 1000;

type LeafFacts = Pick<
  TlsServer,
  | "nameMatches"
  | "remainingDays"
  | "started"
  | "leafKeyType"
  | "leafKeyBits"
  | "leafSignatureAlgorithm"
  | "leafIssuer"
  | "leafKeyDigest"
>;

/** What the leaf says; unknown throughout with a reason where there is none. */
export function leafFacts(
  leaf: X509Certificate | undefined,
  why: string,
  about: { identity: string; now: Date },
): LeafFacts {
  if (leaf === undefined) {
    const not = unknown(why);
    return {
      nameMatches: not,
      remainingDays: not,
      started: not,
      leafKeyType: not,
      leafKeyBits: not,
      leafSignatureAlgorithm: not,
      leafIssuer: not,
      leafKeyDigest: not,
    };
  }
  const facts = certificateFacts(leaf);
  const remainingMs = facts.notAfter.getTime() - about.now.getTime();
  return {
    nameMatches: certificateMatches(leaf, about.identity),
    remainingDays: Math.floor(remainingMs / dayMs),
    started: facts.notBefore.getTime() <= about.now.getTime(),
    leafKeyType: facts.keyType === "" ? unknown("OpenSSL does not read the key") : facts.keyType,
    leafKeyBits: facts.keyBits,
    leafSignatureAlgorithm: shown(facts.signatureAlgorithm, 100),
    leafIssuer: visible(facts.issuer, 500),
    leafKeyDigest: facts.keyDigest,
  };
}

/** A certificate as it stands in evidence. */
export function certificateEvidence(certificate: X509Certificate): Certificate {
  const facts = certificateFacts(certificate);
  return {
    subject: visible(facts.subject, 500),
    issuer: visible(facts.issuer, 500),
    notBefore: facts.notBefore.toISOString(),
    notAfter: facts.notAfter.toISOString(),
    keyType: facts.keyType === "" ? "unreadable" : facts.keyType,
    keyBits: facts.keyBits,
    signatureAlgorithm: shown(facts.signatureAlgorithm, 100),
    fingerprint: facts.fingerprint,
  };
}

function shown(text: Maybe<string>, length: number): Maybe<string> {
  return isUnknown(text) ? text : visible(text, length);
}
