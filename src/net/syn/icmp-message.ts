import type { Family } from "#net/address.ts";
import { type Answer, checksum, headerLength } from "./segment.ts";

/** An answered echo request, by the number it was sent with. */
interface EchoReply {
  readonly how: "echo";
  readonly sequence: number;
}

/** What echo requests of one scan are known by. */
interface EchoIdentity {
  /** Identifier of the message; 16 bits. */
  readonly identifier: number;
  /** What the request carries, and the reply brings back. */
  readonly cookie: Uint8Array;
}

/** ICMP (RFC 792) and ICMPv6 (RFC 4443) number the same things differently. */
const types = {
  ipv4: { echoRequest: 8, echoReply: 0, unreachable: 3 },
  ipv6: { echoRequest: 128, echoReply: 129, unreachable: 1 },
} as const;
/**
 * Codes that refuse: protocol or port unreachable, and prohibited. Network or host unreachable is a router that has lost its way, or this
 * machine's own neighbour discovery, and may be over a moment later.
 */
const refusals = { ipv4: [2, 3, 9, 10, 13], ipv6: [1, 4, 5, 6] } as const;
const messageHeader = 8;
const ipv6Header = 40;
const tcp = 6;

/** An echo request. Over ICMPv6 the kernel fills in the checksum (RFC 3542, 3.1). */
export function echoRequest(family: Family, { identifier, cookie }: EchoIdentity, sequence: number): Buffer {
  const message = Buffer.alloc(messageHeader + cookie.length);
  message.writeUInt8(types[family].echoRequest, 0);
  message.writeUInt16BE(identifier, 4);
  message.writeUInt16BE(sequence, 6);
  message.set(cookie, messageHeader);
  if (family === "ipv4") message.writeUInt16BE(checksum(message), 2);
  return message;
}

/**
 * Reads what a raw ICMP socket gave: a reply to one of our echo requests, or the word of the target or a router that a SYN to the target was
 * rejected. Undefined for anything else; that it was our SYN is for the caller to see by its sequence number.
 */
export function readIcmp(
  family: Family,
  packet: Uint8Array,
  ours: EchoIdentity & { readonly target: Uint8Array },
): Answer | EchoReply | undefined {
  const offset = family === "ipv4" ? headerLength(packet) : 0;
  if (offset === undefined || packet.length < offset + messageHeader) return undefined;
  const message = Buffer.from(packet.buffer, packet.byteOffset + offset, packet.length - offset);
  const type = message.readUInt8(0);
  if (type === types[family].echoReply) return readReply(message, ours);
  if (type !== types[family].unreachable) return undefined;
  const codes: readonly number[] = refusals[family];
  if (!codes.includes(message.readUInt8(1))) return undefined;
  return readQuoted(family, message.subarray(messageHeader), ours.target);
}

function readReply(message: Buffer, { identifier, cookie }: EchoIdentity): EchoReply | undefined {
  const isOurs = message.readUInt16BE(4) === identifier && message.subarray(messageHeader).equals(cookie);
  return isOurs ? { how: "echo", sequence: message.readUInt16BE(6) } : undefined;
}

/** The packet that is complained of: its header and at least the first eight bytes of what it carried. */
function readQuoted(family: Family, quoted: Buffer, target: Uint8Array): Answer | undefined {
  const length = family === "ipv4" ? headerLength(quoted) : quotedIpv6Header(quoted);
  if (length === undefined || quoted.length < length + 8) return undefined;
  const [protocolAt, targetAt] = family === "ipv4" ? [9, 16] : [6, 24];
  if (quoted[protocolAt] !== tcp) return undefined;
  if (!quoted.subarray(targetAt, targetAt + target.length).equals(target)) return undefined;
  return {
    how: "rejected",
    sourcePort: quoted.readUInt16BE(length),
    port: quoted.readUInt16BE(length + 2),
    sequence: quoted.readUInt32BE(length + 4),
  };
}

function quotedIpv6Header(quoted: Buffer): number | undefined {
  return quoted.length >= ipv6Header && quoted.readUInt8(0) >> 4 === 6 ? ipv6Header : undefined;
}
