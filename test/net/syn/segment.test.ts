import fc from "fast-check";
import { expect, test } from "vitest";
import { echoRequest, readIcmp } from "#net/syn/icmp-message.ts";
import { readSegment, synWriter } from "#net/syn/segment.ts";

const addresses = {
  ipv4: { source: Uint8Array.of(192, 0, 2, 1), target: Uint8Array.of(192, 0, 2, 200) },
  ipv6: {
    source: Uint8Array.from({ length: 16 }, (_, index) => index + 1),
    target: Uint8Array.from({ length: 16 }, (_, index) => 200 - index),
  },
};
const syn = { sourcePort: 40_000, port: 443, sequence: 0xfedcba98 };
const identity = { identifier: 7, cookie: Uint8Array.of(1, 2, 3, 4), target: addresses.ipv4.target };

test("a SYN over IPv4 has ports, number, flag and a checksum that comes out even (RFC 9293, 3.1)", () => {
  const { source, target } = addresses.ipv4;
  const segment = synWriter("ipv4", source, target)(syn);
  expect(segment.subarray(0, 4).toString("hex")).toBe("9c4001bb");
  expect(segment.readUInt32BE(4)).toBe(0xfedcba98);
  expect(segment.readUInt8(13)).toBe(2);
  const pseudo = Buffer.concat([source, target, Uint8Array.of(0, 6, 0, segment.length)]);
  expect(onesComplementSum(Buffer.concat([pseudo, segment]))).toBe(0xffff);
});

test("over IPv6 the checksum is left to the kernel", () => {
  const { source, target } = addresses.ipv6;
  expect(synWriter("ipv6", source, target)(syn).readUInt16BE(16)).toBe(0);
});

test.each([
  ["open", 0x12],
  ["closed", 0x14],
] as const)("an answer that says %s is read, with the number of the SYN it is for", (how, flags) => {
  const expected = { how, port: 443, sourcePort: 40_000, sequence: 0xffffffff };
  const segment = answer(flags, 0);
  expect(readSegment("ipv6", segment)).toEqual(expected);
  expect(readSegment("ipv4", Buffer.concat([ipv4Header(6), segment]))).toEqual(expected);
});

test.each([0x02, 0x10, 0x11, 0x04, 0x16])("flags %i answer no SYN", (flags) => {
  expect(readSegment("ipv6", answer(flags, 1))).toBeUndefined();
});

test.each([2, 3, 9, 10, 13])("an ICMP message of code %i that quotes our SYN rejects the port", (code) => {
  const quoted = Buffer.concat([ipv4Header(6), quotedPorts()]);
  const message = Buffer.concat([ipv4Header(1), Uint8Array.of(3, code, 0, 0, 0, 0, 0, 0), quoted]);
  const expected = { how: "rejected", port: 443, sourcePort: 40_000, sequence: 5 };
  expect(readIcmp("ipv4", message, identity)).toEqual(expected);
});

test("over IPv6 too", () => {
  const header = Buffer.alloc(40);
  header.writeUInt8(0x60, 0);
  header.writeUInt8(6, 6);
  header.set(addresses.ipv6.target, 24);
  const message = Buffer.concat([Uint8Array.of(1, 4, 0, 0, 0, 0, 0, 0), header, quotedPorts()]);
  const ours = { ...identity, target: addresses.ipv6.target };
  expect(readIcmp("ipv6", message, ours)).toMatchObject({ how: "rejected", port: 443, sequence: 5 });
});

test("a message about another target or protocol, a packet too big, or a router that lost its way says nothing", () => {
  const about = (code: number, header: Buffer) =>
    readIcmp(
      "ipv4",
      Buffer.concat([ipv4Header(1), Uint8Array.of(3, code, 0, 0, 0, 0, 0, 0), header, quotedPorts()]),
      identity,
    );
  const elsewhere = ipv4Header(6);
  elsewhere.set([203, 0, 113, 9], 16);
  const said = [about(3, elsewhere), about(3, ipv4Header(17)), ...[0, 1, 4].map((code) => about(code, ipv4Header(6)))];
  expect(said).toEqual(Array.from({ length: 5 }));
});

test("an echo request comes back as a reply with its number; another's does not", () => {
  const request = echoRequest("ipv4", identity, 513);
  expect(onesComplementSum(request)).toBe(0xffff);
  const reply = Buffer.concat([ipv4Header(1), request]);
  reply.writeUInt8(0, 20);
  expect(readIcmp("ipv4", reply, identity)).toEqual({ how: "echo", sequence: 513 });
  expect(readIcmp("ipv4", reply, { ...identity, cookie: Uint8Array.of(1, 2, 3, 5) })).toBeUndefined();
  expect(readIcmp("ipv4", reply, { ...identity, identifier: 8 })).toBeUndefined();
});

test("whatever arrives, reading it never throws", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 120 }), fc.constantFrom("ipv4", "ipv6"), (bytes, family) => {
      const ours = { ...identity, target: addresses[family].target };
      for (const first of [undefined, 0x45, 3, 1, 129]) {
        const packet = first === undefined ? bytes : Uint8Array.of(first, ...bytes);
        readSegment(family, packet);
        readIcmp(family, packet, ours);
      }
    }),
  );
});

function answer(flags: number, acknowledged: number): Buffer {
  const segment = Buffer.alloc(20);
  segment.writeUInt16BE(443, 0);
  segment.writeUInt16BE(40_000, 2);
  segment.writeUInt32BE(acknowledged, 8);
  segment.writeUInt8(0x50, 12);
  segment.writeUInt8(flags, 13);
  return segment;
}

function quotedPorts(): Buffer {
  const start = Buffer.alloc(8);
  start.writeUInt16BE(40_000, 0);
  start.writeUInt16BE(443, 2);
  start.writeUInt32BE(5, 4);
  return start;
}

function ipv4Header(protocol: number): Buffer {
  const header = Buffer.alloc(20);
  header.writeUInt8(0x45, 0);
  header.writeUInt8(protocol, 9);
  header.set(addresses.ipv4.source, 12);
  header.set(addresses.ipv4.target, 16);
  return header;
}

function onesComplementSum(bytes: Buffer): number {
  let sum = 0;
  for (let index = 0; index < bytes.length; index += 2) {
    sum += bytes.readUInt16BE(index);
    sum = (sum & 0xffff) + (sum >> 16);
  }
  return sum;
}
