import {
  createDiffieHellmanGroup,
  createECDH,
  createHash,
  createPublicKey,
  decapsulate,
  diffieHellman,
  generateKeyPairSync,
  randomBytes,
} from "node:crypto";
import { ciphertextBytes, plainPublicKey, sharedSecret } from "./sntrup761.ts";
import { bitLength, bytesOf, mpint, numberOf, wireString } from "./wire.ts";

/** Our half of a key exchange. */
export interface Exchange {
  /** Our public value with its length before it, as it is sent and as it goes into the exchange hash. */
  readonly own: Buffer;
  /** The secret that comes of the server's public value, as it goes into hashes; undefined when that is not valid. */
  readonly secret: (peer: Buffer) => Buffer | undefined;
}

/** A method by which keys are exchanged. */
export interface ExchangeMethod {
  readonly hash: "sha1" | "sha256" | "sha384" | "sha512";
  /** Undefined for group exchange, where the server names the group first. */
  readonly begin: (() => Exchange) | undefined;
}

interface Curve {
  readonly public: Buffer;
  readonly shared: (peer: Buffer) => Buffer;
}

/**
 * Methods we know, those that cost least first: no secret is at stake, so the choice among what a server offers is by speed and by what its
 * answer tells.
 */
export const exchangeMethods: ReadonlyMap<string, ExchangeMethod> = new Map([
  ["curve25519-sha256", ecdh("sha256", () => montgomery("x25519"))],
  ["curve25519-sha256@libssh.org", ecdh("sha256", () => montgomery("x25519"))],
  ["ecdh-sha2-nistp256", ecdh("sha256", () => weierstrass("prime256v1"))],
  ["ecdh-sha2-nistp384", ecdh("sha384", () => weierstrass("secp384r1"))],
  ["ecdh-sha2-nistp521", ecdh("sha512", () => weierstrass("secp521r1"))],
  ["curve448-sha512", ecdh("sha512", () => montgomery("x448"))],
  ["mlkem768x25519-sha256", hybrid("sha256", 1088, beginMlKem)],
  ["sntrup761x25519-sha512", hybrid("sha512", ciphertextBytes, beginSntrup)],
  ["sntrup761x25519-sha512@openssh.com", hybrid("sha512", ciphertextBytes, beginSntrup)],
  ["diffie-hellman-group14-sha256", fixedGroup("sha256", "modp14")],
  ["diffie-hellman-group15-sha512", fixedGroup("sha512", "modp15")],
  ["diffie-hellman-group16-sha512", fixedGroup("sha512", "modp16")],
  ["diffie-hellman-group17-sha512", fixedGroup("sha512", "modp17")],
  ["diffie-hellman-group18-sha512", fixedGroup("sha512", "modp18")],
  ["diffie-hellman-group-exchange-sha256", { hash: "sha256", begin: undefined }],
  ["diffie-hellman-group14-sha1", fixedGroup("sha1", "modp14")],
  ["diffie-hellman-group-exchange-sha1", { hash: "sha1", begin: undefined }],
  // The second Oakley group, 1024 bits, has this name (RFC 4253, 8.1).
  ["diffie-hellman-group1-sha1", fixedGroup("sha1", "modp2")],
] as const);

/** Longest modulus with which an exchange is carried out; of a longer one its length is told all the same. */
const longestModulusBits = 8192;
/** Twice the strength of what is spoken here, which is public anyway. */
const exponentBytes = 32;

/** Our half in a group that a server named; undefined for one that is none, or too long to reckon with. */
export function beginInGroup(prime: Buffer, generator: Buffer): Exchange | undefined {
  if (bitLength(prime) > longestModulusBits || bitLength(generator) > longestModulusBits) return undefined;
  const [p, g] = [numberOf(prime), numberOf(generator)];
  if (p < 5n || p % 2n === 0n || g < 2n || g >= p - 1n) return undefined;
  const exponent = numberOf(randomBytes(exponentBytes));
  return {
    own: mpint(bytesOf(power(g, exponent, p))),
    secret: (peer) => {
      const value = bitLength(peer) > longestModulusBits ? 0n : numberOf(peer);
      return value < 2n || value >= p - 1n ? undefined : mpint(bytesOf(power(value, exponent, p)));
    },
  };
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  for (let [left, square] = [exponent, base % modulus]; left > 0n; left >>= 1n) {
    if (left & 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
}

function fixedGroup(hash: ExchangeMethod["hash"], name: string): ExchangeMethod {
  return {
    hash,
    begin: () => {
      const group = createDiffieHellmanGroup(name);
      const exchange = beginInGroup(group.getPrime(), group.getGenerator());
      if (exchange === undefined) throw new Error(`no group ${name}`);
      return exchange;
    },
  };
}

function ecdh(hash: ExchangeMethod["hash"], make: () => Curve): ExchangeMethod {
  return {
    hash,
    begin: () => {
      const curve = make();
      return {
        own: wireString(curve.public),
        secret: (peer) => {
          const shared = tried(() => curve.shared(peer));
          return shared === undefined ? undefined : mpint(shared);
        },
      };
    },
  };
}

interface Kem {
  readonly public: Buffer;
  readonly shared: (ciphertext: Buffer) => Buffer | undefined;
}

/** A key encapsulation beside X25519; both secrets are hashed into one (draft-ietf-sshm-mlkem-hybrid-kex, draft-ietf-sshm-ntruprime-ssh). */
function hybrid(hash: "sha256" | "sha512", length: number, make: () => Kem): ExchangeMethod {
  return {
    hash,
    begin: () => {
      const [kem, curve] = [make(), montgomery("x25519")];
      return {
        own: wireString(Buffer.concat([kem.public, curve.public])),
        secret: (peer) => {
          if (peer.length !== length + 32) return undefined;
          const first = tried(() => kem.shared(peer.subarray(0, length)));
          const second = tried(() => curve.shared(peer.subarray(length)));
          if (first === undefined || second === undefined) return undefined;
          return wireString(createHash(hash).update(first).update(second).digest());
        },
      };
    },
  };
}

function beginMlKem(): Kem {
  const { publicKey, privateKey } = generateKeyPairSync("ml-kem-768");
  // The key itself is what stands last in its SubjectPublicKeyInfo.
  const spki = publicKey.export({ format: "der", type: "spki" });
  return { public: spki.subarray(spki.length - 1184), shared: (ciphertext) => decapsulate(privateKey, ciphertext) };
}

function beginSntrup(): Kem {
  return { public: plainPublicKey(), shared: sharedSecret };
}

function montgomery(type: "x25519" | "x448"): Curve {
  // TypeScript's overloads want a literal each.
  const { publicKey, privateKey } = type === "x25519" ? generateKeyPairSync("x25519") : generateKeyPairSync("x448");
  const crv = type === "x25519" ? "X25519" : "X448";
  const { x = "" } = publicKey.export({ format: "jwk" });
  return {
    public: Buffer.from(x, "base64url"),
    shared: (peer) => {
      const key = { kty: "OKP", crv, x: peer.toString("base64url") };
      return diffieHellman({ privateKey, publicKey: createPublicKey({ key, format: "jwk" }) });
    },
  };
}

function weierstrass(curve: string): Curve {
  const half = createECDH(curve);
  return { public: half.generateKeys(), shared: (peer) => half.computeSecret(peer) };
}

/** Node throws for a value that is no point of the curve; that is the server's doing, and no secret comes of it. */
function tried<T>(compute: () => T): T | undefined {
  try {
    return compute();
  } catch {
    return undefined;
  }
}
