import { randomBytes } from "node:crypto";

/** A service over UDP: its port, what is sent to make it answer, and how its answer is told. */
export interface UdpService {
  readonly port: number;
  /** Name of the protocol. */
  readonly name: string;
  /** A fresh request; empty where nothing makes the service answer, so that only a closed port says something. */
  readonly request: () => Buffer;
  /** Whether a datagram is the service's own answer to that request. */
  readonly isAnswer: (answer: Buffer, request: Buffer) => boolean;
}

const nothing = () => Buffer.alloc(0);
const never = () => false;

/**
 * Services that the guide speaks of, and those whose exposure is abused. No request carries a credential, writes anything or is logged as an event: syslog, WireGuard
 * and Tailscale get an empty datagram, SNMP the discovery of version 3, which asks for no community.
 */
export const udpServices: readonly UdpService[] = [
  { port: 53, name: "DNS", request: dnsQuery, isAnswer: isDnsAnswer },
  {
    port: 111,
    name: "rpcbind",
    request: rpcNull,
    isAnswer: (answer, request) => startsAlike(answer, request, 4) && answer.readUInt32BE(4) === 1,
  },
  {
    port: 123,
    name: "NTP",
    request: ntpClient,
    isAnswer: (answer) => answer.length >= 48 && ((answer[0] ?? 0) & 7) === 4,
  },
  {
    port: 161,
    name: "SNMP",
    request: () => snmpDiscovery,
    isAnswer: (answer, request) => answer.length > 20 && answer[0] === 0x30 && !answer.equals(request),
  },
  { port: 443, name: "QUIC", request: quicInitial, isAnswer: isVersionNegotiation },
  { port: 500, name: "IKE", request: () => ikeInit(), isAnswer: (answer, request) => isIke(answer, request, 0) },
  { port: 514, name: "syslog", request: nothing, isAnswer: never },
  {
    port: 1194,
    name: "OpenVPN",
    request: openvpnReset,
    isAnswer: (answer) => answer.length >= 14 && answer[0] === 0x40,
  },
  {
    port: 1900,
    name: "SSDP",
    request: () => ssdpSearch,
    isAnswer: (answer) => answer.toString("latin1", 0, 8) === "HTTP/1.1",
  },
  { port: 3478, name: "STUN", request: stunBinding, isAnswer: isStun },
  {
    port: 4500,
    name: "IKE NAT-T",
    request: () => Buffer.concat([Buffer.alloc(4), ikeInit()]),
    isAnswer: (answer, request) => isIke(answer, request, 4),
  },
  { port: 5353, name: "mDNS", request: mdnsQuery, isAnswer: isDnsAnswer },
  {
    port: 11211,
    name: "memcached",
    request: memcachedVersion,
    isAnswer: (answer) => answer.toString("latin1", 8, 16) === "VERSION ",
  },
  { port: 41641, name: "Tailscale", request: nothing, isAnswer: never },
  { port: 51820, name: "WireGuard", request: nothing, isAnswer: never },
];

function startsAlike(answer: Buffer, request: Buffer, length: number): boolean {
  return answer.length >= length + 4 && answer.subarray(0, length).equals(request.subarray(0, length));
}

/** A question for the name servers of the root (RFC 1035, 4.1); recursion is not asked for. */
function dnsQuery(): Buffer {
  return Buffer.concat([randomBytes(2), Buffer.from("000000010000000000000000020001", "hex")]);
}

function isDnsAnswer(answer: Buffer, request: Buffer): boolean {
  return answer.length >= 12 && startsAlike(answer, request, 2) && ((answer[2] ?? 0) & 0x80) !== 0;
}

/** A question for the services of the network, its answer wanted by unicast (RFC 6762, 5.4 and 6.7). */
function mdnsQuery(): Buffer {
  const name = ["_services", "_dns-sd", "_udp", "local"].flatMap((label) => [label.length, ...Buffer.from(label)]);
  return Buffer.concat([
    randomBytes(2),
    Buffer.from("00000001000000000000", "hex"),
    Buffer.from([...name, 0, 0, 12, 0x80, 1]),
  ]);
}

/** A client's packet of version 4 (RFC 5905, 7.3). */
function ntpClient(): Buffer {
  const packet = Buffer.alloc(48);
  packet[0] = 0x23;
  randomBytes(8).copy(packet, 40);
  return packet;
}

/** The null procedure of the portmapper (RFC 5531, 9; RFC 1833, 3). */
function rpcNull(): Buffer {
  const words = [0, 2, 100000, 2, 0, 0, 0, 0, 0];
  const call = Buffer.alloc(words.length * 4);
  for (const [index, word] of words.entries()) call.writeUInt32BE(word, index * 4);
  return Buffer.concat([randomBytes(4), call]);
}

/** Discovery of the engine's id by an empty request without authentication (RFC 3414, 4). */
const snmpDiscovery = ber(
  0x30,
  integer(3),
  ber(0x30, integer(0x4a69), integer(65_507), ber(0x04, Buffer.from([4])), integer(3)),
  ber(0x04, ber(0x30, ber(0x04), integer(0), integer(0), ber(0x04), ber(0x04), ber(0x04))),
  ber(0x30, ber(0x04), ber(0x04), ber(0xa0, integer(0x37f0), integer(0), integer(0), ber(0x30))),
);

/** A value of the Basic Encoding Rules (X.690), of less than 128 bytes. */
function ber(tag: number, ...content: readonly Buffer[]): Buffer {
  const bytes = Buffer.concat(content);
  return Buffer.concat([Buffer.from([tag, bytes.length]), bytes]);
}

function integer(value: number): Buffer {
  const hex = value.toString(16);
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, "hex");
  const signed = (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.alloc(1), bytes]) : bytes;
  return ber(0x02, signed);
}

/** A long header of a version that no server speaks, which makes it name those it does (RFC 9000, 6 and 17.2). */
function quicInitial(): Buffer {
  const packet = Buffer.alloc(1200);
  packet[0] = 0xc0;
  packet.writeUInt32BE(0x1a2a3a4a, 1);
  packet[5] = 8;
  randomBytes(8).copy(packet, 6);
  packet[14] = 8;
  randomBytes(8).copy(packet, 15);
  return packet;
}

function isVersionNegotiation(answer: Buffer, request: Buffer): boolean {
  const to = answer[5] ?? 0;
  return (
    answer.length > 15 &&
    ((answer[0] ?? 0) & 0x80) !== 0 &&
    answer.readUInt32BE(1) === 0 &&
    to === 8 &&
    answer.subarray(6, 14).equals(request.subarray(15, 23))
  );
}

/** A reset by which a client begins (openvpn-wire-protocol: P_CONTROL_HARD_RESET_CLIENT_V2). */
function openvpnReset(): Buffer {
  return Buffer.concat([Buffer.from([0x38]), randomBytes(8), Buffer.alloc(5)]);
}

const ssdpSearch = Buffer.from(
  'M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: "ssdp:discover"\r\nMX: 1\r\nST: ssdp:all\r\n\r\n',
);

/** A binding request (RFC 8489, 5). */
function stunBinding(): Buffer {
  return Buffer.concat([Buffer.from("000100002112a442", "hex"), randomBytes(12)]);
}

function isStun(answer: Buffer, request: Buffer): boolean {
  return (
    answer.length >= 20 && answer.subarray(4, 20).equals(request.subarray(4, 20)) && ((answer[0] ?? 0) & 0xc1) === 1
  );
}

/** The version of the server, in one datagram (memcached's protocol.txt, UDP). */
function memcachedVersion(): Buffer {
  return Buffer.concat([randomBytes(2), Buffer.from("000000010000", "hex"), Buffer.from("version\r\n")]);
}

const ikeGroup14Bytes = 256;

/**
 * The first message of IKEv2 (RFC 7296, 1.2): one proposal that servers commonly know (AES-CBC 256, HMAC-SHA2-256, group 14), a key share that
 * fits it, and a nonce. A server answers, if only that it will have none of it.
 */
function ikeInit(): Buffer {
  const transforms = Buffer.from("0300000c0100000c800e01000300000802000005030000080300000c000000080400000e", "hex");
  const proposal = Buffer.concat([lengths([0, 0], 8 + transforms.length), Buffer.from([1, 1, 0, 4]), transforms]);
  const association = payload(34, proposal);
  const share = payload(40, Buffer.concat([Buffer.from([0, 14, 0, 0]), randomBytes(ikeGroup14Bytes)]));
  const nonce = payload(0, randomBytes(32));
  const body = Buffer.concat([association, share, nonce]);
  const head = Buffer.concat([randomBytes(8), Buffer.alloc(8), Buffer.from([33, 0x20, 34, 0x08]), Buffer.alloc(8)]);
  head.writeUInt32BE(head.length + body.length, 24);
  return Buffer.concat([head, body]);
}

function payload(next: number, content: Buffer): Buffer {
  return Buffer.concat([lengths([next, 0], content.length + 4), content]);
}

function lengths(before: readonly number[], length: number): Buffer {
  return Buffer.from([...before, length >> 8, length & 0xff]);
}

function isIke(answer: Buffer, request: Buffer, marker: number): boolean {
  const spi = (message: Buffer) => message.subarray(marker, marker + 8);
  return answer.length >= marker + 28 && spi(answer).equals(spi(request)) && ((answer[marker + 19] ?? 0) & 0x20) !== 0;
}
