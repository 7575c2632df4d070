import { createSocket } from "node:dgram";
import { once } from "node:events";
import ipaddr from "ipaddr.js";
import { type Family, isLoopback, parseAddress } from "#net/address.ts";
import { type Libc, loadLibc } from "./libc.ts";

/** What became of a packet: sent, no room for it just now, or the number of the error for which none can be sent. */
export type Sent = "sent" | "full" | { readonly errno: number };

/** Raw sockets to one address, for as long as a scan takes. */
export interface RawLink {
  readonly family: Family;
  /** Bytes of both ends' addresses. */
  readonly source: Uint8Array;
  readonly target: Uint8Array;
  /** Ports of this machine that are held for the link, so that no other connection gets them. */
  readonly ports: readonly [number];
  /** Sends a TCP segment to the target. */
  sendSegment(segment: Buffer): Sent;
  sendIcmp(message: Buffer): Sent;
  /** Hands over what has arrived; each packet only lives until the call for it ends. False where more is left. */
  drain(onSegment: (packet: Uint8Array) => void, onIcmp: (packet: Uint8Array) => void): boolean;
  close(): void;
}

/** Numbers of Linux, the same on x86-64 and arm64 (bits/socket.h, asm-generic/socket.h, asm-generic/errno.h). */
const family = { ipv4: 2, ipv6: 10 } as const;
const icmpProtocol = { ipv4: 1, ipv6: 58 } as const;
const tcp = 6;
const stream = 1;
const raw = 3;
const nonBlocking = 0x800;
const dontWait = 0x40;
const ipv6Checksum = { level: 41, option: 7, offset: 16 } as const;
const receiveBuffer = { level: 1, option: 8, byForce: 33 } as const;
const receiveBytes = 8 * 1024 * 1024;
/** ENOBUFS, EAGAIN and ENOMEM: the queue towards the wire is full. */
const fullErrors = [105, 11, 12];
/** EAGAIN: nothing has arrived. Anything else is the word of a router about an earlier packet, which the next call tells too. */
const nothingThere = 11;
const largestPacket = 2048;
/** Packets taken in at one go; more would keep everything else waiting. */
const drainedAtOnce = 8192;

/**
 * Opens raw sockets to an address. Gives why where that cannot be: another system than Linux, the package koffi missing, no CAP_NET_RAW
 * (capabilities(7)), no way to the address, or an address of this machine, where packets take another way than those from outside.
 */
export async function openRawLink(address: string): Promise<RawLink | string> {
  const parsed = parseAddress(address);
  if (parsed === undefined) return "the address has a zone";
  const libc = loadLibc();
  if (typeof libc === "string") return libc;
  const source = await sourceFor(address, parsed.family);
  if (source === undefined) return "this machine has no way to the address";
  if (source === address || isLoopback(address)) return "the address is this machine's own";
  return open(libc, parsed.family, { source: bytesOf(source), target: bytesOf(address) });
}

/** The address that packets to the other one leave with: connecting a UDP socket sends nothing. */
async function sourceFor(address: string, ipFamily: Family): Promise<string | undefined> {
  const socket = createSocket(ipFamily === "ipv4" ? "udp4" : "udp6");
  try {
    socket.connect(9, address);
    await once(socket, "connect");
    return parseAddress(socket.address().address)?.address;
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    return undefined;
  } finally {
    socket.close();
  }
}

interface Ends {
  readonly source: Uint8Array;
  readonly target: Uint8Array;
}

function open(libc: Libc, ipFamily: Family, ends: Ends): RawLink | string {
  const opened: number[] = [];
  const closeAll = () => {
    for (const fd of opened.splice(0)) libc.close(fd);
  };
  const socket = (type: number, protocol: number) => {
    const fd = libc.socket(family[ipFamily], type | nonBlocking, protocol);
    if (fd < 0) throw new RawError(libc.errno());
    opened.push(fd);
    return fd;
  };
  try {
    const segments = socket(raw, tcp);
    const messages = socket(raw, icmpProtocol[ipFamily]);
    const target = socketAddress(ipFamily, ends.target, 0);
    // Bound to the one peer, the kernel hands over nothing of other connections.
    must(libc, libc.connect(segments, target, target.length));
    if (ipFamily === "ipv6") {
      const { level, option, offset } = ipv6Checksum;
      must(libc, libc.setsockopt(segments, level, option, int(offset), 4));
    }
    for (const fd of [segments, messages]) enlarge(libc, fd);
    const ports = [heldPort(libc, socket(stream, 0), ipFamily, ends)] as const;
    return { family: ipFamily, ...ends, ports, ...traffic(libc, { segments, messages, target }), close: closeAll };
  } catch (error) {
    closeAll();
    if (!(error instanceof RawError)) throw error;
    return error.errno === 1
      ? "this user may not send raw packets (CAP_NET_RAW)"
      : `raw sockets failed: errno ${error.errno}`;
  }
}

class RawError extends Error {
  readonly errno: number;
  constructor(errno: number) {
    super(`errno ${errno}`);
    this.errno = errno;
  }
}

function must(libc: Libc, result: number): void {
  if (result < 0) throw new RawError(libc.errno());
}

/** Answers come in bursts, while the program is busy elsewhere. Past the system's bound only with CAP_NET_ADMIN; without, what it allows. */
function enlarge(libc: Libc, fd: number): void {
  const { level, option, byForce } = receiveBuffer;
  if (libc.setsockopt(fd, level, byForce, int(receiveBytes), 4) < 0) {
    libc.setsockopt(fd, level, option, int(receiveBytes), 4);
  }
}

/** A port that a socket holds without listening: the kernel gives it to nobody else, and resets what is opened to it. */
function heldPort(libc: Libc, fd: number, ipFamily: Family, { source }: Ends): number {
  const address = socketAddress(ipFamily, source, 0);
  must(libc, libc.bind(fd, address, address.length));
  must(libc, libc.getsockname(fd, address, int(address.length)));
  return address.readUInt16BE(2);
}

function traffic(
  libc: Libc,
  { segments, messages, target }: { segments: number; messages: number; target: Buffer },
): Pick<RawLink, "sendSegment" | "sendIcmp" | "drain"> {
  const buffer = Buffer.alloc(largestPacket);
  const sent = (call: () => number): Sent => {
    if (call() >= 0) return "sent";
    const errno = libc.errno();
    return fullErrors.includes(errno) ? "full" : { errno };
  };
  const drainOne = (fd: number, take: (packet: Uint8Array) => void) => {
    for (let count = 0; count < drainedAtOnce; count += 1) {
      const length = libc.recv(fd, buffer, buffer.length, dontWait);
      if (length >= 0) take(buffer.subarray(0, length));
      else if (libc.errno() === nothingThere) return true;
    }
    return false;
  };
  return {
    sendSegment: (segment) => sent(() => libc.send(segments, segment, segment.length, dontWait)),
    sendIcmp: (message) => sent(() => libc.sendto(messages, message, message.length, dontWait, target, target.length)),
    drain(onSegment, onIcmp) {
      const isEmpty = drainOne(segments, onSegment);
      return drainOne(messages, onIcmp) && isEmpty;
    },
  };
}

/** A struct sockaddr_in or sockaddr_in6 (ip(7), ipv6(7)). */
function socketAddress(ipFamily: Family, address: Uint8Array, port: number): Buffer {
  const bytes = Buffer.alloc(ipFamily === "ipv4" ? 16 : 28);
  bytes.writeUInt16LE(family[ipFamily], 0);
  bytes.writeUInt16BE(port, 2);
  bytes.set(address, ipFamily === "ipv4" ? 4 : 8);
  return bytes;
}

function bytesOf(address: string): Uint8Array {
  return Uint8Array.from(ipaddr.parse(address).toByteArray());
}

function int(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
}
