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

/** What one SSH server says before anyone logs in (RFC 4253, RFC 4252). */
export const SshServer = Type.Object(
  {
    ...at,
    banner: maybe(Type.String({ description: "Identification string, control characters removed" })),
    keyExchange: maybe(Type.Array(Type.String())),
    hostKeyAlgorithms: maybe(Type.Array(Type.String())),
    ciphers: maybe(Type.Array(Type.String())),
    macs: maybe(Type.Array(Type.String())),
    hostKeys: listOf(Type.Object({ type: Type.String(), fingerprint: Type.String() }, strict)),
    users: listOf(
      Type.Object(
        {
          user: Type.String({ description: "Name that was tried; no password was" }),
          methods: maybe(
            Type.Array(Type.String(), {
              description: "Authentication methods offered to none; none itself when it let us in",
            }),
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
        { version: Type.String({ description: "TLSv1, TLSv1.1, TLSv1.2, TLSv1.3" }), accepted: maybe(Type.Boolean()) },
        strict,
      ),
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
