import Type, { type Static } from "typebox";
import { listOf, maybe } from "#model/unknown.ts";

const strict = { additionalProperties: false } as const;
const Family = Type.Enum(["ipv4", "ipv6"]);
const at = {
  address: Type.String({ description: "Address that was contacted" }),
  family: Family,
  port: Type.Integer(),
};

/** A certificate as it was sent. */
export const Certificate = Type.Object(
  {
    subject: Type.String(),
    issuer: Type.String(),
    notBefore: Type.String({ format: "date-time" }),
    notAfter: Type.String({ format: "date-time" }),
    keyType: Type.String({ description: "rsa, ec, ed25519 ..." }),
    keyBits: maybe(Type.Integer({ description: "Modulus length, or size of the curve's field" })),
    signatureAlgorithm: maybe(Type.String()),
    fingerprint: Type.String({ description: "sha256 of the DER bytes, hex" }),
  },
  { ...strict, title: "Certificate" },
);
export type Certificate = Static<typeof Certificate>;

/** A cipher suite that a version accepts, and what its name says of it. */
export const CipherSuite = Type.Object(
  {
    version: Type.String(),
    name: Type.String({ description: "As IANA's registry of TLS parameters has it; the code point where it has none" }),
    openssl: Type.String({ description: "As OpenSSL calls it; empty where it never had it" }),
    keyExchange: Type.String({ description: "ECDHE, DHE, RSA ...; any in TLS 1.3, where groups are agreed apart" }),
    authentication: Type.String({
      description: "RSA, ECDSA, anon ...; any in TLS 1.3, where signatures are agreed apart",
    }),
    encryption: Type.String({ description: "AES_128_GCM, RC4_128, NULL ..." }),
    keyBits: Type.Integer({ description: "Strength of the encryption's key; 0 where nothing is encrypted" }),
    mode: Type.Enum(["aead", "block", "stream", "none"]),
    mac: Type.String({ description: "Hash of the MAC; empty with aead" }),
    forwardSecrecy: Type.Boolean({ description: "A key that is stolen later does not open what was recorded" }),
    primeBits: maybe(
      Type.Integer({
        description: "Of the Diffie-Hellman prime the server chose; 0 where the key exchange needs none",
      }),
    ),
  },
  {
    ...strict,
    title: "CipherSuite",
    description: "In each version in the server's order of preference, where it has one",
  },
);
export type CipherSuite = Static<typeof CipherSuite>;

/** What one TLS server says (RFC 8446, RFC 5246). */
export const TlsServer = Type.Object(
  {
    ...at,
    serverName: Type.String({ description: "Name sent as SNI and matched; empty when none was" }),
    chain: maybe(Type.Array(Certificate, { description: "As sent, leaf first" })),
    trusted: maybe(Type.Boolean({ description: "A path to a root of the scanner's store was found" })),
    trustError: maybe(Type.String({ description: "Why no path was found; empty when one was" })),
    nameMatches: maybe(Type.Boolean({ description: "The leaf is for serverName, or for the address without one" })),
    remainingDays: maybe(
      Type.Integer({ description: "Whole days until the leaf's notAfter, when observed; negative after it" }),
    ),
    started: maybe(Type.Boolean({ description: "notBefore of the leaf has passed when observed" })),
    leafKeyType: maybe(Type.String()),
    leafKeyBits: maybe(Type.Integer()),
    leafSignatureAlgorithm: maybe(Type.String()),
    leafIssuer: maybe(Type.String()),
    leafKeyDigest: maybe(Type.String({ description: "sha256 of the SubjectPublicKeyInfo, hex" })),
    versions: listOf(
      Type.Object(
        {
          version: Type.String({ description: "SSLv2, SSLv3, TLSv1, TLSv1.1, TLSv1.2, TLSv1.3" }),
          accepted: maybe(Type.Boolean()),
        },
        strict,
      ),
    ),
    cipherSuites: listOf(CipherSuite),
    preference: listOf(
      Type.Object(
        {
          version: Type.String(),
          by: maybe(Type.Enum(["server", "client"], { description: "Whose order of cipher suites decides" })),
        },
        { ...strict, description: "One for each version that accepts at least two cipher suites" },
      ),
    ),
    groups: listOf(
      Type.Object(
        {
          version: Type.String({ description: "TLSv1.3, and the newest version before it that is accepted" }),
          group: Type.String({ description: "x25519, secp256r1, X25519MLKEM768 ..." }),
        },
        strict,
      ),
    ),
    certificates: listOf(
      Type.Object(
        {
          authentication: Type.String({
            description: "RSA, ECDSA or DSS: signature of the cipher suites it was shown with",
          }),
          chain: maybe(Type.Array(Certificate, { description: "As sent, leaf first" })),
        },
        { ...strict, description: "Before TLS 1.3, in which they are encrypted" },
      ),
    ),
    alpn: listOf(Type.String({ description: "Protocol agreed to by ALPN (RFC 7301)" })),
    secureRenegotiation: maybe(
      Type.Boolean({
        description: "RFC 5746 is announced; true where TLS 1.3 alone is spoken, which cannot renegotiate",
      }),
    ),
    compression: maybe(Type.Boolean({ description: "Data are compressed before encryption when asked for" })),
    sessionTickets: maybe(Type.Boolean({ description: "Tickets of RFC 5077 are issued, before TLS 1.3" })),
    extendedMasterSecret: maybe(
      Type.Boolean({ description: "RFC 7627 is taken up; true where TLS 1.3 alone is spoken, which always does" }),
    ),
    heartbeat: maybe(Type.Boolean({ description: "Heartbeats of RFC 6520 are taken up, before TLS 1.3" })),
    ocspStapling: maybe(Type.Boolean({ description: "An OCSP response is sent along when asked for, before TLS 1.3" })),
    refusesFallback: maybe(
      Type.Boolean({ description: "RFC 7507 is followed; true where one version alone is spoken" }),
    ),
  },
  { ...strict, title: "TlsServer" },
);
export type TlsServer = Static<typeof TlsServer>;

/** TLS servers found, one element for each address, port and name. */
export const Tls = listOf(TlsServer);
export type Tls = Static<typeof Tls>;
