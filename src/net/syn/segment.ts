import type { Family } from "#net/address.ts";

/** What a SYN says besides where it comes from and goes to. */
export interface Syn {
  readonly sourcePort: number;
  readonly port: number;
  readonly sequence: number;
}

/** What came back for a SYN: the port that answered, the sequence number it acknowledges, and how. */
export interface Answer {
  readonly how: "open" | "closed" | "rejected";
  readonly port: number;
  /** Our port, to which it came. */
  readonly sourcePort: number;
  /** Of the SYN that is answered. */
  readonly sequence: number;
}

/** Length of a SYN with the one option that every stack sends: the largest segment (RFC 9293, 3.7.1). */
const synLength = 24;
const largestSegment = { ipv4: 1460, ipv6: 1440 } as const;
const flags = { syn: 0x02, rst: 0x04, ack: 0x10 } as const;
const tcp = 6;

/**
 * Gives a writer of SYNs (RFC 9293, 3.1) from one address to another. The buffer it gives is used anew each time. Over IPv6 the kernel fills
 * in the checksum (ipv6(7), IPV6_CHECKSUM); over IPv4 it is reckoned here.
 */
export function synWriter(family: Family, source: Uint8Array, target: Uint8Array): (syn: Syn) => Buffer {
  const segment = Buffer.alloc(synLength);
  segment.writeUInt8((synLength / 4) << 4, 12);
  segment.writeUInt8(flags.syn, 13);
  segment.writeUInt16BE(64_240, 14);
  segment.writeUInt16BE(0x0204, 20);
  segment.writeUInt16BE(largestSegment[family], 22);
  const constant = sum(source) + sum(target) + tcp + synLength + sum(segment);
  return ({ sourcePort, port, sequence }) => {
    segment.writeUInt16BE(sourcePort, 0);
    segment.writeUInt16BE(port, 2);
    segment.writeUInt32BE(sequence, 4);
    const whole = constant + sourcePort + port + (sequence >>> 16) + (sequence & 0xffff);
    segment.writeUInt16BE(family === "ipv4" ? ~folded(whole) & 0xffff : 0, 16);
    return segment;
  };
}

/** Reads what a raw TCP socket gave: over IPv4 with the header of the packet, over IPv6 without. Undefined for what answers no SYN. */
export function readSegment(family: Family, packet: Uint8Array): Answer | undefined {
  const offset = family === "ipv4" ? headerLength(packet) : 0;
  const view = new DataView(packet.buffer, packet.byteOffset, packet.byteLength);
  if (offset === undefined || view.byteLength < offset + 20) return undefined;
  const bits = view.getUint8(offset + 13);
  if ((bits & flags.ack) === 0) return undefined;
  const isSynAck = (bits & flags.syn) !== 0;
  const isReset = (bits & flags.rst) !== 0;
  if (isSynAck === isReset) return undefined;
  return {
    how: isSynAck ? "open" : "closed",
    port: view.getUint16(offset),
    sourcePort: view.getUint16(offset + 2),
    sequence: (view.getUint32(offset + 8) - 1) >>> 0,
  };
}

/** Length of an IPv4 header (RFC 791, 3.1); undefined where the packet is none or shorter. */
export function headerLength(packet: Uint8Array): number | undefined {
  const first = packet[0] ?? 0;
  const length = (first & 0x0f) * 4;
  return first >> 4 === 4 && length >= 20 && packet.length >= length ? length : undefined;
}

/** The Internet checksum (RFC 1071) of bytes whose own field is zero. */
export function checksum(bytes: Uint8Array): number {
  return ~folded(sum(bytes)) & 0xffff;
}

function sum(bytes: Uint8Array): number {
  let total = 0;
  for (let index = 0; index < bytes.length; index += 2) {
    total += ((bytes[index] ?? 0) << 8) + (bytes[index + 1] ?? 0);
  }
  return total;
}

function folded(total: number): number {
  let rest = total;
  while (rest > 0xffff) rest = (rest & 0xffff) + Math.floor(rest / 0x10000);
  return rest;
}
