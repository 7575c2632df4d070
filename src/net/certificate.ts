import { createHash, X509Certificate } from "node:crypto";
import { domainToASCII } from "node:url";
import type { Maybe } from "#model/unknown.ts";
import { unknown } from "#model/unknown.ts";
import { parseAddress } from "./address.ts";

/** What a certificate says, read by OpenSSL; text as it stands in the certificate, not yet safe to show. */
export interface CertificateFacts {
  readonly subject: string;
  readonly issuer: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** rsa, ec, ed25519 ...; empty when the key is of a kind OpenSSL does not read. */
  readonly keyType: string;
  readonly keyBits: Maybe<number>;
  readonly signatureAlgorithm: Maybe<string>;
  /** sha256 of the DER bytes, hex. */
  readonly fingerprint: string;
  /** sha256 of the SubjectPublicKeyInfo, hex. */
  readonly keyDigest: Maybe<string>;
}

const curveBits: Readonly<Record<string, number>> = {
  prime192v1: 192,
  secp224r1: 224,
  prime256v1: 256,
  secp256k1: 256,
  secp384r1: 384,
  secp521r1: 521,
  brainpoolP256r1: 256,
  brainpoolP384r1: 384,
  brainpoolP512r1: 512,
};
const typeBits: Readonly<Record<string, number>> = { ed25519: 256, ed448: 456 };

/** Reads DER bytes as a certificate; undefined when they are none, or one without usable dates. */
export function readCertificate(der: Uint8Array): X509Certificate | undefined {
  try {
    const certificate = new X509Certificate(der);
    const { validFromDate, validToDate } = certificate;
    return Number.isNaN(validFromDate.getTime()) || Number.isNaN(validToDate.getTime()) ? undefined : certificate;
  } catch {
    // OpenSSL refuses the bytes: the caller marks the certificate as unreadable.
    return undefined;
  }
}

/** The facts of a certificate. */
export function certificateFacts(certificate: X509Certificate): CertificateFacts {
  const { signatureAlgorithm, signatureAlgorithmOid } = certificate;
  return {
    subject: oneLine(certificate.subject),
    issuer: oneLine(certificate.issuer),
    notBefore: certificate.validFromDate,
    notAfter: certificate.validToDate,
    ...keyFacts(certificate),
    signatureAlgorithm:
      signatureAlgorithm ?? signatureAlgorithmOid ?? unknown("OpenSSL does not read the signature algorithm"),
    fingerprint: createHash("sha256").update(certificate.raw).digest("hex"),
  };
}

function keyFacts(certificate: X509Certificate): Pick<CertificateFacts, "keyType" | "keyBits" | "keyDigest"> {
  try {
    const { publicKey } = certificate;
    const keyType = publicKey.asymmetricKeyType ?? "";
    const details = publicKey.asymmetricKeyDetails ?? {};
    const bits = details.modulusLength ?? curveBits[details.namedCurve ?? ""] ?? typeBits[keyType];
    return {
      keyType,
      keyBits: bits ?? unknown(`the size of a key of type ${keyType} is not known`),
      keyDigest: createHash("sha256")
        .update(publicKey.export({ type: "spki", format: "der" }))
        .digest("hex"),
    };
  } catch {
    // A kind of key OpenSSL has no code for; the rest of the certificate still reads.
    return {
      keyType: "",
      keyBits: unknown("OpenSSL does not read the key"),
      keyDigest: unknown("OpenSSL does not read the key"),
    };
  }
}

/** Node writes one attribute a line. */
function oneLine(name: string | undefined): string {
  return (name ?? "").split("\n").join(", ");
}

/**
 * The certificate is for the name or address, by its subjectAltName alone as browsers do it (RFC 9525); wildcards stand for one whole
 * label.
 */
export function certificateMatches(certificate: X509Certificate, identity: string): boolean {
  if (parseAddress(identity) !== undefined) return certificate.checkIP(identity) !== undefined;
  const name = domainToASCII(identity.replace(/\.$/, ""));
  if (name === "") return false;
  return certificate.checkHost(name, { subject: "never", partialWildcards: false }) !== undefined;
}
