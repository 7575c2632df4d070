import { currentSuites } from "./suites-current.ts";
import { olderSuites } from "./suites-older.ts";

/** A cipher suite, and what its name says of it. */
export interface CipherSuite {
  readonly code: number;
  /** As IANA's registry has it. */
  readonly name: string;
  /** As OpenSSL calls it; empty where it never had it. */
  readonly openssl: string;
  /** ECDHE, DHE, ECDH, DH, RSA, PSK and so on; in TLS 1.3, where groups are agreed apart, any. */
  readonly keyExchange: string;
  /** RSA, ECDSA, DSS, PSK, anon ...; in TLS 1.3, where signatures are agreed apart, any. */
  readonly authentication: string;
  /** AES_128_GCM, RC4_128, NULL ... */
  readonly encryption: string;
  /** Strength of the encryption's key, bits; 0 where nothing is encrypted. */
  readonly keyBits: number;
  readonly mode: "aead" | "block" | "stream" | "none";
  /** Hash of the MAC; empty where the encryption is its own. */
  readonly mac: string;
  /** A key that is stolen later does not open what was recorded. */
  readonly forwardSecrecy: boolean;
  /** Of TLS 1.3 alone. */
  readonly since13: boolean;
}

/** Signals that stand among cipher suites and are none (RFC 5746, RFC 7507). */
export const signals = { renegotiation: 0x00ff, fallback: 0x5600 } as const;

/** Strength of an encryption's key, bits; the first that fits. */
const strengths: readonly (readonly [RegExp, number])[] = [
  [/NULL|^SHA/, 0],
  [/(?:DES40|RC4_40|RC2_CBC_40|DES_CBC_40)/, 40],
  [/_56(?:_|$)/, 56],
  [/3DES/, 112],
  [/DES/, 56],
  [/FORTEZZA/, 80],
  [/_256|CHACHA20|28147|KUZNYECHIK|MAGMA/, 256],
  [/128|IDEA|SEED|SM4|RC2/, 128],
];

/** Every cipher suite that has a known code point, those in use first. Servers with an order of their own mostly have this one. */
export const cipherSuites: readonly CipherSuite[] = `${currentSuites}${olderSuites}`
  .split("\n")
  .filter((line) => line !== "")
  .map((line) => {
    const [code = "", name = "", openssl = ""] = line.split(" ");
    return { code: Number.parseInt(code, 16), name, openssl, ...describe(name) };
  });

const byCode = new Map(cipherSuites.map((suite) => [suite.code, suite]));

/** The suite of a code point; undefined for signals, GREASE (RFC 8701) and what is in no table. */
export function suiteOf(code: number): CipherSuite | undefined {
  return byCode.get(code);
}

type Described = Omit<CipherSuite, "code" | "name" | "openssl">;

/** Reads TLS_{key exchange}_{authentication}_WITH_{encryption}_{hash}. */
function describe(name: string): Described {
  const plain = name.replace(/_(?:DRAFT|OLD|2)$/, "").replace(/^(?:TLS|SSL)_/, "");
  const [before = "", after] = plain.split(/_WITH_(?!SHA$)/);
  const since13 = (after === undefined && !/KEA|NULL/.test(before)) || /^AKE$|MGM/.test(before) || /MGM/.test(plain);
  const exchange = since13 ? { keyExchange: "any", authentication: "any" } : exchangeOf(before);
  return {
    ...exchange,
    ...encryptionOf(after ?? plain),
    forwardSecrecy: since13 || /^(?:(?:EC)?DHE|SRP|CECPQ1|ECCPWD)/.test(exchange.keyExchange),
    since13,
  };
}

function exchangeOf(text: string): Pick<Described, "keyExchange" | "authentication"> {
  const words = text
    .replace(/_EXPORT(?:1024)?|_FIPS/, "")
    .replace(/_NULL(?:_WITH)?(?:_SHA)?$/, "")
    .replace(/^PSK_DHE$/, "DHE_PSK");
  const anonymous = /^(.*)_anon$/.exec(words);
  if (anonymous !== null) return { keyExchange: anonymous[1] === "DH" ? "DHE" : "ECDHE", authentication: "anon" };
  const srp = /^SRP_SHA(?:_(.+))?$/.exec(words);
  if (srp !== null) return { keyExchange: "SRP", authentication: srp[1] ?? "SRP" };
  const pair = /^(.+)_(RSA|ECDSA|DSS|PSK|ECNRA)$/.exec(words);
  return pair === null
    ? { keyExchange: words, authentication: words }
    : { keyExchange: pair[1] ?? words, authentication: pair[2] ?? words };
}

function encryptionOf(text: string): Pick<Described, "encryption" | "keyBits" | "mode" | "mac"> {
  const hash = /_?(SHA(?:256|384|512)?|MD5|RMD|SM3|GOSTR3411|GOST94|IMIT|OMAC|L|S)$/.exec(text)?.[1] ?? "";
  const bare = hash === "" ? text : text.slice(0, -hash.length).replace(/_$/, "");
  const encryption = bare === "" || /NULL/.test(bare) ? "NULL" : bare;
  const keyBits = strengths.find(([pattern]) => pattern.test(encryption))?.[1] ?? 128;
  const mode = modeOf(encryption);
  return { encryption, keyBits, mode, mac: mode === "aead" ? "" : hash.replace(/^SHA$/, "SHA1") };
}

function modeOf(encryption: string): Described["mode"] {
  if (encryption === "NULL") return "none";
  if (/GCM|CCM|POLY1305|AEGIS|MGM/.test(encryption)) return "aead";
  return /RC4|CNT|CTR/.test(encryption) ? "stream" : "block";
}
