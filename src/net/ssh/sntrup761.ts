import { createHash } from "node:crypto";

/**
 * The client's side of Streamlined NTRU Prime (sntrup761), only as far as it takes to have an exchange with a server that knows no other one.
 *
 * The public key is not made at random: it is the polynomial 3. A server's answer to it is three times its own small polynomial, which can be
 * read off. That keeps nothing secret, and nothing here has to be: what follows asks for a list that the server tells anyone, and the hybrid's
 * other half is a real X25519 exchange. The server's proof of its host key covers the exchange all the same.
 */
const degree = 761;
const modulus = 4591;
const half = (modulus - 1) / 2;
/** Values of a coefficient that was rounded to multiples of three. */
const rounded = (modulus + 2) / 3;
const roundedBytes = 1007;
const confirmationBytes = 32;

/** Length of a public key. */
export const publicKeyBytes = 1158;
/** Length of a ciphertext with its confirmation. */
export const ciphertextBytes = roundedBytes + confirmationBytes;

/** The public key that is the polynomial 3. */
export function plainPublicKey(): Buffer {
  const coefficients = Array.from({ length: degree }, (_, index) => half + (index === 0 ? 3 : 0));
  return Buffer.from(encode(coefficients, Array<number>(degree).fill(modulus)));
}

/** The secret a server made for `plainPublicKey`; undefined when this is no answer to that key. */
export function sharedSecret(ciphertext: Buffer): Buffer | undefined {
  if (ciphertext.length !== ciphertextBytes) return undefined;
  const found = decode([...ciphertext.subarray(0, roundedBytes)], Array<number>(degree).fill(rounded));
  const small = found.map((value) => (value * 3 - half) / 3);
  if (!small.every((value) => Math.abs(value) <= 1)) return undefined;
  const y = prefixed(3, packSmall(small)).subarray(0, 32);
  return prefixed(1, Buffer.concat([y, ciphertext])).subarray(0, 32);
}

function prefixed(prefix: number, bytes: Buffer): Buffer {
  return createHash("sha512")
    .update(Buffer.from([prefix]))
    .update(bytes)
    .digest();
}

/** Four coefficients of -1, 0 or 1 to a byte. */
function packSmall(values: readonly number[]): Buffer {
  const packed = Buffer.alloc(Math.ceil(values.length / 4));
  for (const [index, value] of values.entries()) {
    packed[index >> 2] = (packed[index >> 2] ?? 0) | ((value + 1) << (2 * (index & 3)));
  }
  return packed;
}

/** Below this, a pair of values is kept for the next round. */
const enough = 16384;

/** Values below their bounds to bytes, pairs of neighbours made one value again and again. */
function encode(values: readonly number[], bounds: readonly number[]): number[] {
  const bytes: number[] = [];
  const shed = (value: number, bound: number, until: number): [number, number] => {
    if (bound < until) return [value, bound];
    bytes.push(value & 255);
    return shed(value >>> 8, (bound + 255) >>> 8, until);
  };
  if (values.length === 1) {
    shed(values[0] ?? 0, bounds[0] ?? 1, 2);
    return bytes;
  }
  const pairs = Array.from({ length: Math.ceil(values.length / 2) }, (_, pair) => {
    const [value = 0, next] = [values[2 * pair], values[2 * pair + 1]];
    const bound = bounds[2 * pair] ?? 1;
    if (next === undefined) return [value, bound] as const;
    return shed(value + next * bound, (bounds[2 * pair + 1] ?? 1) * bound, enough);
  });
  const further = encode(
    pairs.map(([value]) => value),
    pairs.map(([, bound]) => bound),
  );
  return [...bytes, ...further];
}

/** The inverse of `encode`. */
function decode(bytes: readonly number[], bounds: readonly number[]): number[] {
  if (bounds.length === 1) {
    const [bound = 1] = bounds;
    return [((bytes[0] ?? 0) + (bound > 256 ? 256 * (bytes[1] ?? 0) : 0)) % bound];
  }
  let at = 0;
  const pairs = Array.from({ length: Math.ceil(bounds.length / 2) }, (_, pair) => {
    const [bound = 1, next] = [bounds[2 * pair], bounds[2 * pair + 1]];
    const whole = next === undefined ? 1 : bound * next;
    let [low, base, left] = [0, 1, next === undefined ? bound : whole];
    while (next !== undefined && left >= enough) {
      low += (bytes[at] ?? 0) * base;
      base *= 256;
      left = (left + 255) >>> 8;
      at += 1;
    }
    return { bound, next, low, base, left };
  });
  const further = decode(
    bytes.slice(at),
    pairs.map(({ left }) => left),
  );
  return pairs.flatMap(({ bound, next, low, base }, pair) => {
    const value = low + base * (further[pair] ?? 0);
    return next === undefined ? [value] : [value % bound, Math.floor(value / bound) % next];
  });
}
