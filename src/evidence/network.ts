import Type, { type Static } from "typebox";
import { listOf, maybe } from "#model/unknown.ts";

const strict = { additionalProperties: false } as const;
const Family = Type.Enum(["ipv4", "ipv6"]);
const at = {
  address: Type.String({ description: "Address that was contacted" }),
  family: Family,
  port: Type.Integer(),
};

/** Name resolution of each of the target's names, over IPv4 and IPv6. */
export const Resolution = listOf(
  Type.Object(
    {
      name: Type.String(),
      ipv4: maybe(Type.Array(Type.String(), { description: "A records" })),
      ipv6: maybe(Type.Array(Type.String(), { description: "AAAA records" })),
    },
    strict,
  ),
);
export type Resolution = Static<typeof Resolution>;

/** ICMP echo to each address (RFC 792, RFC 4443). */
export const Icmp = listOf(
  Type.Object({ address: Type.String(), family: Family, answered: maybe(Type.Boolean()) }, strict),
);
export type Icmp = Static<typeof Icmp>;

/** What a TCP scan of one address saw. */
export const TcpScan = Type.Object(
  {
    address: Type.String(),
    family: Family,
    probedPorts: Type.Integer({ description: "Ports asked" }),
    closedPorts: Type.Integer({ description: "Ports that answered with RST" }),
    rejectedPorts: Type.Integer({ description: "Ports answered by an ICMP error" }),
    filteredPorts: Type.Integer({ description: "Ports that did not answer" }),
    open: listOf(Type.Object({ port: Type.Integer() }, strict)),
    control: Type.Object(
      {
        established: Type.Boolean({
          description:
            "Silence of a port comes from the target: the address is the scanner's own, or its 22/tcp is open, or it showed that it is up (an open port, an echo answer; a reset is none) and named controls, one of them on port 22, answered before and after",
        }),
        how: Type.String({ description: "What showed it, or all that is missing" }),
      },
      strict,
    ),
  },
  { ...strict, title: "TcpScan" },
);
export type TcpScan = Static<typeof TcpScan>;

/** TCP scans, one for each address. */
export const Tcp = listOf(TcpScan);
export type Tcp = Static<typeof Tcp>;

/** What UDP ports of one address showed. */
const UdpScan = Type.Object(
  {
    address: Type.String(),
    family: Family,
    ports: listOf(
      Type.Object(
        {
          port: Type.Integer(),
          protocol: Type.Literal("udp"),
          service: Type.String({ description: "Protocol that was spoken to it" }),
          state: maybe(
            Type.Enum(["open", "closed", "rejected", "open|filtered"], {
              description:
                "open: a datagram came back. closed: ICMP port unreachable. rejected: another ICMP error. open|filtered: nothing, however often and slowly it was asked",
            }),
          ),
          answered: maybe(
            Type.Boolean({ description: "A datagram came back; silence does not tell whether something listens" }),
          ),
          speaks: Type.Boolean({ description: "What came back is that protocol's own answer" }),
        },
        strict,
      ),
    ),
  },
  { ...strict, title: "UdpScan" },
);

/** UDP services that were asked for, one scan for each address. */
export const Udp = listOf(UdpScan);
export type Udp = Static<typeof Udp>;

const sshKey = {
  type: Type.String(),
  fingerprint: Type.String({ description: "SHA256, as ssh-keygen prints it; of a certificate, that of the key in it" }),
};
const SshKeyBits = maybe(Type.Integer({ description: "Modulus length, or size of the curve's field" }));

/** What one SSH server says before anyone logs in (RFC 4253, RFC 4252, RFC 4419, RFC 8308). */
export const SshServer = Type.Object(
  {
    ...at,
    banner: maybe(Type.String({ description: "Identification string, control characters removed" })),
    protocol: maybe(Type.String({ description: "Protocol version in it: 2.0, or 1.99 where SSH-1 is spoken too" })),
    software: maybe(Type.String({ description: "Software version in it, without comments" })),
    linesBefore: maybe(Type.Array(Type.String({ description: "Lines sent before it" }))),
    keyExchange: maybe(
      Type.Array(Type.String({ description: "As sent, with the names that are marks and no method" })),
    ),
    hostKeyAlgorithms: maybe(Type.Array(Type.String())),
    ciphers: maybe(Type.Array(Type.String({ description: "Offered in either direction" }))),
    macs: maybe(Type.Array(Type.String({ description: "Offered in either direction" }))),
    compression: maybe(Type.Array(Type.String({ description: "Offered in either direction" }))),
    strictKeyExchange: maybe(
      Type.Boolean({ description: "The server offers OpenSSH's strict key exchange, the remedy of CVE-2023-48795" }),
    ),
    extensions: maybe(
      Type.Array(Type.String({ description: "Names in its EXT_INFO; empty when it sent none before the login" })),
    ),
    signatureAlgorithms: maybe(
      Type.Array(
        Type.String({
          description: "server-sig-algs of EXT_INFO: what it takes of users; empty without it",
        }),
      ),
    ),
    groupExchange: listOf(
      Type.Object(
        {
          algorithm: Type.String(),
          bits: Type.Integer({
            description: "Length of the modulus that it named to a client that asked for 1024 bits or more",
          }),
        },
        strict,
      ),
    ),
    hostKeys: listOf(Type.Object({ ...sshKey, bits: SshKeyBits }, strict)),
    hostCertificates: listOf(
      Type.Object(
        {
          ...sshKey,
          validAfter: Type.String({ description: "RFC 3339; empty for no limit" }),
          validBefore: Type.String({ description: "RFC 3339; empty for no limit" }),
          authority: Type.Object({ ...sshKey, bits: SshKeyBits }, strict),
        },
        strict,
      ),
    ),
    users: listOf(
      Type.Object(
        {
          user: Type.String({ description: "Name that was tried; no password was" }),
          methods: maybe(
            Type.Array(
              Type.String({
                description: "Authentication methods offered to none; none itself when it let us in",
              }),
            ),
          ),
        },
        strict,
      ),
    ),
  },
  { ...strict, title: "SshServer" },
);
export type SshServer = Static<typeof SshServer>;

/** SSH servers found. */
export const Ssh = listOf(SshServer);
export type Ssh = Static<typeof Ssh>;

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

/** What one HTTP server answers, without any credential, to requests for / and for the path of the declared admin URL. */
export const HttpServer = Type.Object(
  {
    ...at,
    scheme: Type.Enum(["http", "https"]),
    host: Type.String({
      description: "Host header that was sent; the address where the server was asked without a name",
    }),
    status: maybe(
      Type.Integer({
        description: "Of /; of the admin URL's path on the server of that URL, and where only / is refused",
      }),
    ),
    location: maybe(Type.String({ description: "Location header; empty when there was none" })),
    redirectsToHttps: maybe(Type.Boolean({ description: "The answer is a redirect to an https URL" })),
    server: maybe(Type.String({ description: "Server header; empty when there was none" })),
    hstsMaxAgeSeconds: maybe(
      Type.Integer({ description: "max-age of Strict-Transport-Security; -1 without the header" }),
    ),
    contentSecurityPolicy: listOf(
      Type.String({
        description: "Content-Security-Policy headers of the pages that were read; none where there was none",
      }),
    ),
    frameOptions: listOf(Type.String({ description: "X-Frame-Options headers of them" })),
    contentTypeOptions: listOf(Type.String({ description: "X-Content-Type-Options headers of them" })),
    cookies: listOf(
      Type.Object(
        {
          name: Type.String({ description: "Of a cookie that they set; its value is never kept" }),
          secure: Type.Boolean(),
          httpOnly: Type.Boolean(),
          sameSite: Type.Enum(["", "strict", "lax", "none"], { description: "Empty where it is not said" }),
        },
        strict,
      ),
    ),
    servesLogin: maybe(
      Type.Boolean({
        description:
          "The page at / or at the admin URL's path has a password field, asks for Basic auth, or is OpenClaw's UI",
      }),
    ),
    openclaw: maybe(
      Type.Boolean({
        description:
          "OpenClaw answers here, at / or at the admin URL's path, by its page or its probes; unknown where no admin URL was declared and / serves something else",
      }),
    ),
    openclawAuthentication: maybe(
      Type.Enum(["required", "off", "attribution-missing"], {
        description:
          "required: both oracles answer 401. off: one answers as to an operator. attribution-missing: 403 to all",
      }),
    ),
    openclawTreatsAsLocal: maybe(
      Type.Boolean({ description: "Probes answer with what only a client on the host should see" }),
    ),
    openclawVersion: maybe(Type.String()),
    openclawBuild: maybe(Type.String()),
  },
  { ...strict, title: "HttpServer" },
);
export type HttpServer = Static<typeof HttpServer>;

/** HTTP servers found, one element for each address, port, scheme and Host header. */
export const Http = listOf(HttpServer);
export type Http = Static<typeof Http>;
