import Type, { type Static } from "typebox";
import { listOf, maybe } from "#model/unknown.ts";

const strict = { additionalProperties: false } as const;
const Family = Type.Enum(["ipv4", "ipv6"]);
const at = {
  address: Type.String({ description: "Address that was contacted" }),
  family: Family,
  port: Type.Integer(),
};

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
