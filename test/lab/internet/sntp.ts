import type { Log } from "./log.ts";
import { type Endpoint, listenUdp } from "./sockets.ts";

const packetBytes = 48;
const client = 3;
const server = 4;

/** Seconds from NTP's epoch, 1900, to that of Unix. */
const epochSeconds = 2_208_988_800;

/** The clock is read in milliseconds: 2^-10 s. */
const precision = -10;

/** Answers requests for the time on one address, with the machine's own clock. */
export async function serveSntp(at: Endpoint, log: Log): Promise<void> {
  await listenUdp(at, (request, ends) => {
    const arrivedMs = Date.now();
    const reply = timeReply(request, arrivedMs, Date.now());
    const detail = { outcome: reply === undefined ? "ignored" : "answered" };
    log({ protocol: "ntp", ...ends, bytes: request.length, detail });
    return reply;
  });
}

/** The reply of a stratum 2 server; undefined for what is no client's request of NTP version 1 to 4. */
export function timeReply(request: Buffer, arrivedMs: number, sentMs: number): Buffer | undefined {
  const first = request[0] ?? 0;
  const version = (first >> 3) & 7;
  if (request.length < packetBytes || (first & 7) !== client || version < 1 || version > 4) return undefined;
  const reply = Buffer.alloc(packetBytes);
  reply[0] = (version << 3) | server;
  reply[1] = 2;
  reply[2] = request[2] ?? 0;
  reply.writeInt8(precision, 3);
  // Delay and dispersion towards the source, in 2^-16 s: about a millisecond each.
  reply.writeUInt32BE(66, 4);
  reply.writeUInt32BE(66, 8);
  // The source's identity: an address where nobody is, so that no client takes it for itself.
  reply.set([198, 51, 100, 122], 12);
  writeTimestamp(reply, 16, arrivedMs - 16_000);
  request.copy(reply, 24, 40, 48);
  writeTimestamp(reply, 32, arrivedMs);
  writeTimestamp(reply, 40, sentMs);
  return reply;
}

function writeTimestamp(packet: Buffer, offset: number, unixMs: number): void {
  packet.writeUInt32BE((Math.floor(unixMs / 1000) + epochSeconds) % 2 ** 32, offset);
  packet.writeUInt32BE(Math.floor(((unixMs % 1000) / 1000) * 2 ** 32), offset + 4);
}
