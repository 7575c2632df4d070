import { createCipheriv, createDecipheriv, createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { packetLimit } from "#net/ssh-wire.ts";
import { poly1305 } from "./poly1305.ts";
import { type Cipher, ciphers, type Mac, macs, type Protection } from "./protection.ts";
import { uint32 } from "./wire.ts";

/** Makes packets of payloads, in order. */
export type Seal = (payload: Buffer) => Buffer;

/** Takes one packet from the start of some bytes: its payload and its length, "more" when it is not whole yet, "broken" when it can't be. */
export type Open = (bytes: Buffer) => { readonly payload: Buffer; readonly length: number } | "more" | "broken";

/** Keys of one direction, cut from what the exchange gave. */
export type Derive = (letter: string, length: number) => Buffer;

/** Packets without protection, as until NEWKEYS (RFC 4253, 6). */
export const sealPlain: Seal = (payload) => frame(payload, { block: 8, beside: 0 });

/** Takes an unprotected packet. */
export const openPlain: Open = (bytes) => {
  if (bytes.length < 4) return "more";
  const length = bytes.readUInt32BE(0);
  if (!isPossible(length)) return "broken";
  return bytes.length < 4 + length ? "more" : unframed(bytes.subarray(0, 4 + length), 4 + length);
};

/** Length, padding, payload; `beside` bytes of the frame are not padded with the rest. */
function frame(payload: Buffer, { block, beside }: { block: number; beside: number }): Buffer {
  const bare = 5 + payload.length - beside;
  const padding = block - (bare % block) + (block - (bare % block) < 4 ? block : 0);
  const body = Buffer.concat([Buffer.from([padding]), payload, randomBytes(padding)]);
  return Buffer.concat([uint32(body.length), body]);
}

function unframed(packet: Buffer, length: number): { payload: Buffer; length: number } | "broken" {
  const padding = packet[4] ?? 0;
  const end = packet.length - padding;
  return end < 6 ? "broken" : { payload: packet.subarray(5, end), length };
}

function isPossible(length: number): boolean {
  return length >= 2 && length <= packetLimit;
}

interface Direction {
  readonly protection: Protection;
  /** Letters of RFC 4253, 7.2 for IV, key and MAC key. */
  readonly letters: readonly [iv: string, key: string, mac: string];
  readonly derive: Derive;
  /** Number of packets this direction has seen. */
  readonly sequence: number;
}

/** How to make packets from NEWKEYS on. Undefined when cipher or MAC is not known. */
export function sealer({ protection, letters, derive, sequence }: Direction): Seal | undefined {
  const cipher = ciphers.get(protection.cipher);
  if (cipher === undefined) return undefined;
  const [iv, key] = [derive(letters[0], cipher.iv), derive(letters[1], cipher.key)];
  let number = sequence;
  if (cipher.kind === "gcm") {
    const counter = counting(iv);
    return (payload) => {
      const packet = frame(payload, { block: 16, beside: 4 });
      const crypt = createCipheriv(gcmName(cipher), key, counter());
      crypt.setAAD(packet.subarray(0, 4));
      return Buffer.concat([
        packet.subarray(0, 4),
        crypt.update(packet.subarray(4)),
        crypt.final(),
        crypt.getAuthTag(),
      ]);
    };
  }
  if (cipher.kind === "chacha") {
    return (payload) => {
      const packet = frame(payload, { block: 8, beside: 4 });
      const sealed = Buffer.concat([
        chacha(key.subarray(32), number, 0, packet.subarray(0, 4)),
        chacha(key.subarray(0, 32), number, 1, packet.subarray(4)),
      ]);
      const tag = poly1305(onceKey(key, number), sealed);
      number += 1;
      return Buffer.concat([sealed, tag]);
    };
  }
  const mac = macs.get(protection.mac);
  if (mac === undefined) return undefined;
  const macKey = derive(letters[2], mac.key);
  const crypt = createCipheriv(cipher.name, key, iv).setAutoPadding(false);
  return (payload) => {
    const packet = frame(payload, { block: cipher.block, beside: mac.later ? 4 : 0 });
    const sealed = mac.later
      ? Buffer.concat([packet.subarray(0, 4), crypt.update(packet.subarray(4))])
      : crypt.update(packet);
    const code = authenticate(mac, macKey, { number, bytes: mac.later ? sealed : packet });
    number += 1;
    return Buffer.concat([sealed, code]);
  };
}

/** How to take packets from NEWKEYS on. Undefined when cipher or MAC is not known. */
export function opener(direction: Direction): Open | undefined {
  const { protection, letters, derive } = direction;
  const cipher = ciphers.get(protection.cipher);
  if (cipher === undefined) return undefined;
  const [iv, key] = [derive(letters[0], cipher.iv), derive(letters[1], cipher.key)];
  if (cipher.kind === "gcm") return gcmOpener(cipher, key, iv);
  if (cipher.kind === "chacha") return chachaOpener(key, direction.sequence);
  const mac = macs.get(protection.mac);
  if (mac === undefined) return undefined;
  const keys = { key, iv, macKey: derive(letters[2], mac.key) };
  return mac.later
    ? laterOpener(cipher, mac, { ...direction, ...keys })
    : earlyOpener(cipher, mac, { ...direction, ...keys });
}

function gcmName({ key }: Cipher): "aes-128-gcm" | "aes-256-gcm" {
  return key === 16 ? "aes-128-gcm" : "aes-256-gcm";
}

/** The nonce of RFC 5647, 7.1: its last eight bytes count packets. */
function counting(iv: Buffer): () => Buffer {
  const next = Buffer.from(iv);
  return () => {
    const now = Buffer.from(next);
    next.writeBigUInt64BE(BigInt.asUintN(64, next.readBigUInt64BE(4) + 1n), 4);
    return now;
  };
}

const tagBytes = 16;

function gcmOpener(cipher: Cipher, key: Buffer, iv: Buffer): Open {
  const counter = counting(iv);
  return (bytes) => {
    if (bytes.length < 4) return "more";
    const length = bytes.readUInt32BE(0);
    if (!isPossible(length)) return "broken";
    const whole = 4 + length + tagBytes;
    if (bytes.length < whole) return "more";
    const crypt = createDecipheriv(gcmName(cipher), key, counter());
    crypt.setAAD(bytes.subarray(0, 4)).setAuthTag(bytes.subarray(4 + length, whole));
    const body = crypt.update(bytes.subarray(4, 4 + length));
    try {
      crypt.final();
    } catch {
      // The tag is wrong.
      return "broken";
    }
    return unframed(Buffer.concat([bytes.subarray(0, 4), body]), whole);
  };
}

/** ChaCha20 with a counter of 64 bits and the packet's number as nonce (PROTOCOL.chacha20poly1305 of OpenSSH). */
function chacha(key: Buffer, number: number, counter: number, bytes: Buffer): Buffer {
  const iv = Buffer.alloc(16);
  iv.writeUInt32LE(counter, 0);
  iv.writeUInt32BE(number, 12);
  return createCipheriv("chacha20", key, iv).update(bytes);
}

function onceKey(key: Buffer, number: number): Buffer {
  return chacha(key.subarray(0, 32), number, 0, Buffer.alloc(32));
}

function chachaOpener(key: Buffer, sequence: number): Open {
  let number = sequence;
  return (bytes) => {
    if (bytes.length < 4) return "more";
    const head = chacha(key.subarray(32), number, 0, bytes.subarray(0, 4));
    const length = head.readUInt32BE(0);
    if (!isPossible(length)) return "broken";
    const whole = 4 + length + tagBytes;
    if (bytes.length < whole) return "more";
    const tag = poly1305(onceKey(key, number), bytes.subarray(0, 4 + length));
    if (!timingSafeEqual(tag, bytes.subarray(4 + length, whole))) return "broken";
    const body = chacha(key.subarray(0, 32), number, 1, bytes.subarray(4, 4 + length));
    number += 1;
    return unframed(Buffer.concat([head, body]), whole);
  };
}

interface Keys {
  readonly key: Buffer;
  readonly iv: Buffer;
  readonly macKey: Buffer;
  readonly sequence: number;
}

/** The length stands open, and the MAC is over what was sent. */
function laterOpener(cipher: Cipher, mac: Mac, { key, iv, macKey, sequence }: Keys): Open {
  const crypt = createDecipheriv(cipher.name, key, iv).setAutoPadding(false);
  let number = sequence;
  return (bytes) => {
    if (bytes.length < 4) return "more";
    const length = bytes.readUInt32BE(0);
    if (!isPossible(length) || length % cipher.block !== 0) return "broken";
    const whole = 4 + length + mac.length;
    if (bytes.length < whole) return "more";
    const sealed = bytes.subarray(0, 4 + length);
    const code = authenticate(mac, macKey, { number, bytes: sealed });
    if (!timingSafeEqual(code, bytes.subarray(4 + length, whole))) return "broken";
    number += 1;
    return unframed(Buffer.concat([sealed.subarray(0, 4), crypt.update(sealed.subarray(4))]), whole);
  };
}

/** The length is encrypted with the rest, so the first block is opened before the packet is whole. */
function earlyOpener(cipher: Cipher, mac: Mac, { key, iv, macKey, sequence }: Keys): Open {
  const crypt = createDecipheriv(cipher.name, key, iv).setAutoPadding(false);
  let number = sequence;
  let first: Buffer | undefined;
  return (bytes) => {
    if (bytes.length < cipher.block) return "more";
    first ??= crypt.update(bytes.subarray(0, cipher.block));
    const length = first.readUInt32BE(0);
    if (!isPossible(length) || (4 + length) % cipher.block !== 0) return "broken";
    const whole = 4 + length + mac.length;
    if (bytes.length < whole) return "more";
    const packet = Buffer.concat([first, crypt.update(bytes.subarray(cipher.block, 4 + length))]);
    const code = authenticate(mac, macKey, { number, bytes: packet });
    if (!timingSafeEqual(code, bytes.subarray(4 + length, whole))) return "broken";
    number += 1;
    first = undefined;
    return unframed(packet, whole);
  };
}

function authenticate(mac: Mac, key: Buffer, { number, bytes }: { number: number; bytes: Buffer }): Buffer {
  return createHmac(mac.hash, key).update(uint32(number)).update(bytes).digest().subarray(0, mac.length);
}
