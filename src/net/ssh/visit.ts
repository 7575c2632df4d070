import { createHash, randomBytes } from "node:crypto";
import type { KexInit } from "#net/ssh-wire.ts";
import { readHostKey, type SshHostKey } from "./host-key.ts";
import type { StreamEnd } from "./inbox.ts";
import { beginInGroup, type Exchange, exchangeMethods } from "./key-exchange.ts";
import { type Agreement, agree, kexInitOf, type Wishes } from "./negotiate.ts";
import { type Derive, opener, sealer } from "./packets.ts";
import type { SshStream } from "./stream.ts";
import { bitLength, uint32, wireReader, wireString } from "./wire.ts";

/** Whom to ask about, and how. */
export interface VisitWishes extends Wishes {
  /** Undefined: look at the host key only. */
  readonly user: string | undefined;
  /** What the server offered before: the exchange then begins with the first packet, which saves a round trip or two. */
  readonly known: KexInit | undefined;
}

/** Why a connection told no methods. */
export type VisitEnd =
  | StreamEnd
  | "no key exchange"
  | "no host key"
  | "no protection"
  | "exchange failed"
  | "group unusable"
  | "answer unreadable"
  /** No user was asked about. */
  | "host key only";

/** The group that a server named where a small one was asked for. */
export interface NamedGroup {
  readonly method: string;
  readonly bits: number;
}

/** What one connection found out, as it goes on. */
export interface Findings {
  hostKey: SshHostKey | undefined;
  /** Whether the server proved that it holds the key; undefined where that can't be told. */
  proven: boolean | undefined;
  group: NamedGroup | undefined;
  /** What the server said in EXT_INFO; empty when it said none, undefined when it was not heard so far. */
  extensions: ReadonlyMap<string, string> | undefined;
  methods: readonly string[] | undefined;
}

const ownIdentification = "SSH-2.0-sekisho";

const message = {
  serviceRequest: 5,
  serviceAccept: 6,
  extInfo: 7,
  kexInit: 20,
  newKeys: 21,
  kexFirst: 30,
  kexReply: 31,
  groupInit: 32,
  groupReply: 33,
  groupRequest: 34,
  authRequest: 50,
  authFailure: 51,
  authSuccess: 52,
  authBanner: 53,
  disconnect: 1,
} as const;

/** Smallest and wanted size, and largest: whoever keeps to RFC 4419 or its kin names the smallest group that it has for anyone. */
const groupSizes = { least: 1024, wanted: 1024, most: 8192 } as const;

/**
 * Speaks SSH up to the answer to authentication method `none` (RFC 4252, 5.2), or to the host key where no user is asked about. Notes in `found`
 * what it learns. Sends no password and no key. Gives why it got no further; undefined when all was answered.
 */
export async function talk(stream: SshStream, wishes: VisitWishes, found: Findings): Promise<VisitEnd | undefined> {
  stream.sendLine(ownIdentification);
  const early = wishes.known === undefined ? undefined : begin(stream, wishes.known, wishes);
  const head = await stream.head();
  if (head?.kexInit === undefined || head.payload === undefined || head.identification === undefined) {
    return stream.ended();
  }
  const begun = early ?? begin(stream, head.kexInit, wishes);
  if (typeof begun === "string") return begun;
  const transcript = [
    wireString(ownIdentification),
    wireString(Buffer.from(head.identification, "latin1")),
    wireString(begun.payload),
    wireString(head.payload),
  ];
  const keys = await exchange(stream, { ...begun, transcript }, found);
  if (typeof keys === "string") return keys;
  if (keys === undefined) return stream.ended();
  if (wishes.user === undefined) return "host key only";
  return askNone(stream, { ...begun, keys, user: wishes.user }, found);
}

interface Begun {
  readonly agreement: Agreement;
  readonly payload: Buffer;
  /** Undefined for group exchange. */
  readonly exchange: Exchange | undefined;
}

/** Sends our KEXINIT and our half of the exchange at once; nothing in it depends on what the server has still to say. */
function begin(stream: SshStream, offered: KexInit, wishes: VisitWishes): Begun | VisitEnd {
  const agreement = agree(offered, wishes);
  if (typeof agreement === "string") return agreement;
  const payload = kexInitOf(agreement, offered, randomBytes(16));
  const own = exchangeMethods.get(agreement.keyExchange)?.begin?.();
  const first =
    own === undefined
      ? Buffer.concat([Buffer.from([message.groupRequest]), sizes()])
      : Buffer.concat([Buffer.from([message.kexFirst]), own.own]);
  stream.send(payload, first);
  return { agreement, payload, exchange: own };
}

function sizes(): Buffer {
  return Buffer.concat([groupSizes.least, groupSizes.wanted, groupSizes.most].map(uint32));
}

interface Exchanging extends Begun {
  readonly transcript: readonly Buffer[];
}

interface Keys {
  readonly derive: Derive;
}

/** Takes the server's half, its key and its proof. A text when the exchange ends there. */
async function exchange(stream: SshStream, begun: Exchanging, found: Findings): Promise<Keys | VisitEnd | undefined> {
  const named = begun.exchange === undefined ? await askGroup(stream, begun.agreement, found) : undefined;
  if (begun.exchange === undefined && (named === undefined || typeof named === "string")) return named;
  const own = begun.exchange ?? (typeof named === "object" ? named.exchange : undefined);
  const reply = await stream.next();
  if (reply === undefined || own === undefined) return undefined;
  const expected = begun.exchange === undefined ? message.groupReply : message.kexReply;
  const reader = wireReader(reply.subarray(1));
  const [blob, peer, signature] = [reader.string(), reader.string(), reader.string()];
  if (reply[0] !== expected || reader.short()) return "exchange failed";
  found.hostKey = readHostKey(blob);
  const secret = own.secret(peer);
  const hash = exchangeMethods.get(begun.agreement.keyExchange)?.hash;
  if (found.hostKey === undefined || secret === undefined || hash === undefined) return "exchange failed";
  const parts = [
    wireString(blob),
    typeof named === "object" ? named.transcript : Buffer.alloc(0),
    own.own,
    wireString(peer),
  ];
  const digest = createHash(hash)
    .update(Buffer.concat([...begun.transcript, ...parts, secret]))
    .digest();
  found.proven = found.hostKey.verifies(signature, digest);
  return { derive: deriving(hash, secret, digest) };
}

interface Named {
  readonly exchange: Exchange;
  /** What the request and the group add to the exchange hash (RFC 4419, 3). */
  readonly transcript: Buffer;
}

async function askGroup(
  stream: SshStream,
  { keyExchange }: Agreement,
  found: Findings,
): Promise<Named | VisitEnd | undefined> {
  const answer = await stream.next();
  if (answer === undefined) return undefined;
  const reader = wireReader(answer.subarray(1));
  const [prime, generator] = [reader.string(), reader.string()];
  if (answer[0] !== message.kexReply || reader.short()) return "exchange failed";
  found.group = { method: keyExchange, bits: bitLength(prime) };
  const exchange = beginInGroup(prime, generator);
  if (exchange === undefined) return "group unusable";
  stream.send(Buffer.concat([Buffer.from([message.groupInit]), exchange.own]));
  return { exchange, transcript: Buffer.concat([sizes(), wireString(prime), wireString(generator)]) };
}

/** Keys of RFC 4253, 7.2; of a first exchange the session is named by its own hash. */
function deriving(hash: string, secret: Buffer, digest: Buffer): Derive {
  return (letter, length) => {
    let key = createHash(hash).update(secret).update(digest).update(letter).update(digest).digest();
    while (key.length < length) {
      key = Buffer.concat([key, createHash(hash).update(secret).update(digest).update(key).digest()]);
    }
    return key.subarray(0, length);
  };
}

interface Asking extends Begun {
  readonly keys: Keys;
  readonly user: string;
}

/** Changes to the new keys and asks for the service and for `none` in one go. */
async function askNone(stream: SshStream, asking: Asking, found: Findings): Promise<VisitEnd | undefined> {
  const { toServer, toClient } = asking.agreement;
  const { derive } = asking.keys;
  stream.send(Buffer.from([message.newKeys]));
  if (toServer === undefined || toClient === undefined) return "no protection";
  stream.protectSending((sequence) => sealer({ protection: toServer, letters: ["A", "C", "E"], derive, sequence }));
  stream.send(
    Buffer.concat([Buffer.from([message.serviceRequest]), wireString("ssh-userauth")]),
    Buffer.concat([Buffer.from([message.authRequest]), ...[asking.user, "ssh-connection", "none"].map(wireString)]),
  );
  const newKeys = await stream.next();
  if (newKeys === undefined) return stream.ended();
  if (newKeys[0] !== message.newKeys) return "exchange failed";
  stream.protectReceiving((sequence) => opener({ protection: toClient, letters: ["B", "D", "F"], derive, sequence }));
  for (let answer = await stream.next(); answer !== undefined; answer = await stream.next()) {
    const done = heard(answer, found);
    if (done !== undefined) return done === "answered" ? farewell(stream) : done;
  }
  return stream.ended();
}

/** Notes an answer; undefined while there are more to wait for. */
function heard(answer: Buffer, found: Findings): VisitEnd | "answered" | undefined {
  const reader = wireReader(answer.subarray(1));
  switch (answer[0]) {
    case message.extInfo:
      found.extensions = readExtensions(answer);
      return undefined;
    case message.serviceAccept:
    case message.authBanner:
      return undefined;
    case message.authFailure:
      found.methods = reader.names();
      if (reader.short()) found.methods = undefined;
      found.extensions ??= new Map();
      return found.methods === undefined ? "answer unreadable" : "answered";
    case message.authSuccess:
      found.methods = ["none"];
      found.extensions ??= new Map();
      return "answered";
    default:
      return "answer unreadable";
  }
}

/** Extensions by name, of which a server that floods has no more than this many. */
const extensionLimit = 64;

function readExtensions(answer: Buffer): ReadonlyMap<string, string> | undefined {
  const reader = wireReader(answer.subarray(1));
  const count = reader.uint32();
  if (count > extensionLimit) return undefined;
  const found = new Map<string, string>();
  for (let index = 0; index < count; index += 1) found.set(reader.text(), reader.text());
  return reader.short() ? undefined : found;
}

/** Tells the server that we leave of our own will (RFC 4253, 11.1: by application). */
function farewell(stream: SshStream): undefined {
  stream.send(Buffer.concat([Buffer.from([message.disconnect]), uint32(11), wireString("audited"), wireString("")]));
  return undefined;
}
