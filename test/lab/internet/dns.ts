import type { Socket } from "node:net";
import { type Answer, AUTHORITATIVE_ANSWER, decode, encode, type Question, RECURSION_AVAILABLE } from "dns-packet";
import type { Ends, Log } from "./log.ts";
import type { Found } from "./names.ts";
import { type Endpoint, listenTcp, listenUdp } from "./sockets.ts";

/** Where a name leads; may throw while a host's record is being written. */
export type Find = (name: string) => Found;

/** A reply and what it was about, for the log. */
export interface Reply {
  readonly message: Buffer;
  readonly question?: Question;
  readonly outcome: Outcome;
}

type Outcome = keyof typeof codes;

const codes = { NOERROR: 0, FORMERR: 1, SERVFAIL: 2, NXDOMAIN: 3, NOTIMP: 4, REFUSED: 5 } as const;

const headerBytes = 12;
const responseBit = 0x8000;
const recursionDesired = 0x0100;

const maximumUnread = 1_000_000;

/** Names of hosts come and go with the lab, so nobody may keep an answer. */
const ttl = 0;

/** Answers queries on both UDP and TCP. */
export async function serveDns(at: Endpoint, find: Find, log: Log): Promise<void> {
  const answered = (query: Buffer, ends: Ends) => {
    const reply = answer(query, find);
    const { name, type } = reply?.question ?? {};
    const detail = { type: type ?? "", outcome: reply?.outcome ?? "ignored" };
    log({ protocol: "dns", ...ends, ...(name === undefined ? {} : { name }), bytes: query.length, detail });
    return reply?.message;
  };
  await listenUdp(at, answered);
  await listenTcp(at, log, (socket, ends) => converse(socket, (query) => answered(query, ends)));
}

/** Over TCP each message follows its length in two bytes; a client may send several. */
function converse(socket: Socket, answered: (query: Buffer) => Buffer | undefined): void {
  let pending = Buffer.alloc(0);
  socket.on("data", (chunk: Buffer) => {
    pending = Buffer.concat([pending, chunk]);
    while (pending.length >= 2 && pending.length >= 2 + pending.readUInt16BE(0)) {
      const end = 2 + pending.readUInt16BE(0);
      const message = answered(pending.subarray(2, end));
      pending = pending.subarray(end);
      // Somebody who asks on and on and never reads gets no more.
      if (message === undefined || socket.writableLength > maximumUnread) return void socket.destroy();
      const length = Buffer.alloc(2);
      length.writeUInt16BE(message.length);
      socket.write(Buffer.concat([length, message]));
    }
  });
}

/** The reply to a query; undefined for what must not be answered: a fragment, or something that is itself a reply. */
export function answer(query: Buffer, find: Find): Reply | undefined {
  if (query.length < headerBytes || (query.readUInt16BE(2) & responseBit) !== 0) return undefined;
  if (((query.readUInt16BE(2) >> 11) & 0xf) !== 0) return refuse(query, "NOTIMP");
  let questions: readonly Question[];
  let extended: boolean;
  try {
    const packet = decode(query);
    questions = packet.questions ?? [];
    extended = (packet.additionals ?? []).some((record) => record.type === "OPT");
  } catch {
    // Whatever the decoder cannot read was malformed by its sender.
    return refuse(query, "FORMERR");
  }
  const [question] = questions;
  // A label that is not printable ASCII would not survive being written again.
  if (question === undefined || questions.length > 1 || !/^[!-~]{1,254}$/.test(question.name)) {
    return refuse(query, "FORMERR");
  }
  if (question.class !== "IN") return refuse(query, "REFUSED");
  const { outcome, answers } = records(question, find);
  const message = encode({
    type: "response",
    id: query.readUInt16BE(0),
    flags: (query.readUInt16BE(2) & recursionDesired) | AUTHORITATIVE_ANSWER | RECURSION_AVAILABLE | codes[outcome],
    questions: [question],
    answers,
    authorities: answers.length === 0 && outcome !== "SERVFAIL" ? [authority] : [],
    additionals: extended ? [extension] : [],
  });
  return { message, question, outcome };
}

function records(question: Question, find: Find): { outcome: Outcome; answers: Answer[] } {
  const { name, type } = question;
  let found: Found;
  try {
    found = find(name.toLowerCase().replace(/\.$/, ""));
  } catch {
    // The record is being written at this moment, or is unreadable: the client may ask again.
    return { outcome: "SERVFAIL", answers: [] };
  }
  if (found.kind === "none") return { outcome: "NXDOMAIN", answers: [] };
  const answers: Answer[] = [];
  if (found.kind === "addresses") {
    const anything: boolean = String(type) === "ANY";
    if (type === "A" || anything) answers.push({ type: "A", name, ttl, data: found.ipv4 });
    if (type === "AAAA" || anything) answers.push({ type: "AAAA", name, ttl, data: found.ipv6 });
  }
  return { outcome: "NOERROR", answers };
}

/** The header alone, with the code: the question may be what could not be read. */
function refuse(query: Buffer, outcome: Outcome): Reply {
  const message = Buffer.alloc(headerBytes);
  query.copy(message, 0, 0, 4);
  const asked = query.readUInt16BE(2) & ~(RECURSION_AVAILABLE | 0xf);
  message.writeUInt16BE(responseBit | asked | codes[outcome], 2);
  return { message, outcome };
}

const authority: Answer = {
  type: "SOA",
  name: ".",
  ttl,
  data: {
    mname: "resolver.lab.test",
    rname: "hostmaster.lab.test",
    serial: 1,
    refresh: 60,
    retry: 60,
    expire: 600,
    minimum: ttl,
  },
};

const extension: Answer = {
  type: "OPT",
  name: ".",
  udpPayloadSize: 1232,
  extendedRcode: 0,
  ednsVersion: 0,
  flags: 0,
  flag_do: false,
  options: [],
};
