import { type KexInit, keyTypeOf } from "#net/ssh-wire.ts";
import { exchangeMethods } from "./key-exchange.ts";
import { authenticates, ciphers, macs, type Protection } from "./protection.ts";
import { uint32, wireString } from "./wire.ts";

/** What a connection asks for. */
export interface Wishes {
  /** Host key algorithms to ask for, best first; the server proves the first it offers. */
  readonly hostKeyAlgorithms: readonly string[];
  /** Group exchange is wanted where it is offered: this method of it. */
  readonly groupExchange: string | undefined;
}

/** What both sides use. The cipher of each direction may be undefined: the exchange can be had all the same, and nothing after it. */
export interface Agreement {
  readonly keyExchange: string;
  readonly hostKeyAlgorithm: string;
  readonly toServer: Protection | undefined;
  readonly toClient: Protection | undefined;
}

/** Host key algorithms whose keys we read, best first. */
export const hostKeyAlgorithms = [
  "ssh-ed25519",
  "ecdsa-sha2-nistp256",
  "ecdsa-sha2-nistp384",
  "ecdsa-sha2-nistp521",
  "ssh-ed448",
  "rsa-sha2-512",
  "rsa-sha2-256",
  "ssh-rsa",
  "ssh-dss",
  "ssh-ed25519-cert-v01@openssh.com",
  "ecdsa-sha2-nistp256-cert-v01@openssh.com",
  "ecdsa-sha2-nistp384-cert-v01@openssh.com",
  "ecdsa-sha2-nistp521-cert-v01@openssh.com",
  "rsa-sha2-512-cert-v01@openssh.com",
  "rsa-sha2-256-cert-v01@openssh.com",
  "ssh-rsa-cert-v01@openssh.com",
  "ssh-dss-cert-v01@openssh.com",
] as const;

/** Chooses among what a server offers; what there is none of that we know, in words. */
export function agree(offered: KexInit, wishes: Wishes): Agreement | "no key exchange" | "no host key" {
  const known = [...exchangeMethods.keys()].filter((name) => offered.keyExchange.includes(name));
  const keyExchange = known.find((name) => name === wishes.groupExchange) ?? known[0];
  if (keyExchange === undefined) return "no key exchange";
  const hostKeyAlgorithm = wishes.hostKeyAlgorithms.find((name) => offered.hostKeyAlgorithms.includes(name));
  if (hostKeyAlgorithm === undefined || keyTypeOf(hostKeyAlgorithm) === undefined) return "no host key";
  return {
    keyExchange,
    hostKeyAlgorithm,
    toServer: protectionOf(offered.toServer),
    toClient: protectionOf(offered.toClient),
  };
}

function protectionOf(suite: KexInit["toServer"]): Protection | undefined {
  if (!suite.compression.includes("none")) return undefined;
  const mac = [...macs.keys()].find((name) => suite.macs.includes(name));
  const cipher = [...ciphers.keys()].find(
    (name) => suite.ciphers.includes(name) && (authenticates(name) || mac !== undefined),
  );
  if (cipher === undefined) return undefined;
  return { cipher, mac: authenticates(cipher) ? "" : (mac ?? "") };
}

const kexInitType = 20;

/**
 * Our KEXINIT, which leaves the server one choice. It asks for the extensions (RFC 8308, 2.1) and not for strict key exchange, which would
 * guard what is no secret. Where nothing can be spoken after the exchange, it takes what the server offers and speaks no further.
 */
export function kexInitOf(agreement: Agreement, offered: KexInit, cookie: Buffer): Buffer {
  const lists = [
    `${agreement.keyExchange},ext-info-c`,
    agreement.hostKeyAlgorithm,
    agreement.toServer?.cipher ?? offered.toServer.ciphers.join(","),
    agreement.toClient?.cipher ?? offered.toClient.ciphers.join(","),
    agreement.toServer === undefined ? offered.toServer.macs.join(",") : agreement.toServer.mac || anyMac,
    agreement.toClient === undefined ? offered.toClient.macs.join(",") : agreement.toClient.mac || anyMac,
    agreement.toServer === undefined ? offered.toServer.compression.join(",") : "none",
    agreement.toClient === undefined ? offered.toClient.compression.join(",") : "none",
    "",
    "",
  ];
  return Buffer.concat([
    Buffer.from([kexInitType]),
    cookie,
    ...lists.map((list) => wireString(Buffer.from(list, "latin1"))),
    Buffer.alloc(1),
    uint32(0),
  ]);
}

/** Beside a cipher that authenticates no MAC is agreed on; servers of old look for one all the same. */
const anyMac = [...macs.keys()].join(",");
