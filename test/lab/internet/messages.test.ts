import { decode, encode, type Packet } from "dns-packet";
import fc from "fast-check";
import { expect, test } from "vitest";
import { answer, type Find } from "./dns.ts";
import { subjectOf } from "./smtp.ts";
import { timeReply } from "./sntp.ts";
import { createStorage } from "./storage.ts";

const find: Find = (name) => {
  if (name === "broken.lab.test") throw new SyntaxError("half a record");
  if (name === "lab.test") return { kind: "empty" };
  return name === "a.lab.test" ? { kind: "addresses", ipv4: "10.83.1.1", ipv6: "fd83::1:1" } : { kind: "none" };
};

function ask(name: string, type: "A" | "AAAA" | "MX" | "ANY", more: Packet = {}) {
  // The library's types leave ANY out, the library does not.
  const questions = [{ name, type: type as "A" }];
  const reply = answer(encode({ type: "query", id: 7, questions, ...more }), find);
  const packet = decode(reply?.message ?? Buffer.alloc(0));
  const data = (packet.answers ?? []).map((each) => ("data" in each ? each.data : undefined));
  return { outcome: reply?.outcome, data, packet };
}

test.each([
  ["a.lab.test", "A", "NOERROR", ["10.83.1.1"]],
  ["A.Lab.TEST", "AAAA", "NOERROR", ["fd83::1:1"]],
  ["a.lab.test", "ANY", "NOERROR", ["10.83.1.1", "fd83::1:1"]],
  ["a.lab.test", "MX", "NOERROR", []],
  ["lab.test", "A", "NOERROR", []],
  ["b.lab.test", "A", "NXDOMAIN", []],
  ["broken.lab.test", "A", "SERVFAIL", []],
] as const)("DNS: %s %s gives %s %j", (name, type, outcome, data) => {
  const reply = ask(name, type);
  expect([reply.outcome, reply.data]).toEqual([outcome, data]);
  const codes = { NOERROR: 0, SERVFAIL: 2, NXDOMAIN: 3 };
  expect([reply.packet.id, reply.packet.flag_qr, (reply.packet.flags ?? 0) & 15]).toEqual([7, true, codes[outcome]]);
  expect(reply.packet.questions).toEqual([{ name, type, class: "IN" }]);
  const authorities = (reply.packet.authorities ?? []).map((each) => each.type);
  expect(authorities).toEqual(data.length === 0 && outcome !== "SERVFAIL" ? ["SOA"] : []);
});

test("DNS: what is no query for one name of the internet is refused, what is no query at all is not answered", () => {
  const query = encode({ type: "query", id: 7, questions: [{ name: "a.lab.test", type: "A" }] });
  const code = (message: Buffer) => {
    const reply = answer(message, find);
    return reply === undefined ? undefined : [reply.message.readUInt16BE(0), (reply.message[3] ?? 0) & 15];
  };
  const two = { name: "a.lab.test", type: "A" } as const;
  expect(code(encode({ type: "query", id: 7, questions: [two, two] }))).toEqual([7, 1]);
  expect(code(encode({ type: "query", id: 7, questions: [{ ...two, class: "CH" }] }))).toEqual([7, 5]);
  expect(code(query.subarray(0, 20))).toEqual([7, 1]);
  expect(code(Buffer.concat([query.subarray(0, 2), Buffer.from([0x28]), query.subarray(3)]))).toEqual([7, 4]);
  expect(code(query.subarray(0, 11))).toBeUndefined();
  expect(code(encode({ type: "response", id: 7, questions: [two] }))).toBeUndefined();
});

test("DNS: any bytes give a message that can be read, or none", () => {
  const header = fc.constant(Buffer.from([0, 7, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]));
  const body = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes));
  const messages = fc.oneof(
    body,
    fc.tuple(header, body).map((parts) => Buffer.concat(parts)),
  );
  fc.assert(
    fc.property(messages, (message) => {
      const reply = answer(message, find);
      if (reply === undefined) return;
      expect(decode(reply.message).flag_qr).toBe(true);
      expect(reply.message.readUInt16BE(0)).toBe(message.readUInt16BE(0));
    }),
    { numRuns: 2000 },
  );
});

test("SNTP: the reply carries the client's own timestamp back and the server's between arrival and departure", () => {
  const request = Buffer.alloc(48, 0);
  request[0] = (4 << 3) | 3;
  request[2] = 6;
  request.set([1, 2, 3, 4, 5, 6, 7, 8], 40);
  const reply = timeReply(request, Date.UTC(2030, 0, 1, 0, 0, 0, 250), Date.UTC(2030, 0, 1, 0, 0, 0, 500));
  // 2030-01-01 is 47482 days after 1900-01-01.
  const seconds = 47_482 * 86_400;
  expect([...(reply?.subarray(0, 3) ?? [])]).toEqual([(4 << 3) | 4, 2, 6]);
  expect([...(reply?.subarray(24, 32) ?? [])]).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  expect([reply?.readUInt32BE(32), reply?.readUInt32BE(36)]).toEqual([seconds, 2 ** 30]);
  expect([reply?.readUInt32BE(40), reply?.readUInt32BE(44)]).toEqual([seconds, 2 ** 31]);
});

test("SNTP: only a client's request is answered", () => {
  const request = (first: number, length = 48) => Buffer.concat([Buffer.from([first]), Buffer.alloc(length - 1)]);
  expect(timeReply(request((3 << 3) | 3), 0, 0)?.length).toBe(48);
  for (const none of [request((4 << 3) | 4), request(3), request((5 << 3) | 3), request((4 << 3) | 3, 47)]) {
    expect(timeReply(none, 0, 0)).toBeUndefined();
  }
});

test.each([
  ["From: a\r\nSubject: disk full\r\n\r\nSubject: body", "disk full"],
  ["SUBJECT:  folded\r\n\tover lines\r\n here\r\nTo: b\r\n\r\n", "folded over lines here"],
  ["subject: エラー\n\nbody", "エラー"],
  ["To: b\r\n\r\nSubject: body", ""],
])("SMTP: the subject of %j", (head, subject) => expect(subjectOf(head)).toBe(subject));

test("storage: a copy keeps size and digest, a listing shows folders, parts and what is not there are refused", () => {
  const storage = createStorage();
  const put = { bytes: 9, md5: "m", sha256: "s", start: "" };
  const nothing = { bytes: 0, md5: "", sha256: "", start: "" };
  const send = (method: string, path: string, body = nothing, headers = {}) => storage({ method, path, headers, body });
  expect(send("HEAD", "/b/a/one").status).toBe(404);
  expect(send("PUT", "/b/a/one", put, { "x-amz-meta-mtime": "5" }).headers["ETag"]).toBe('"m"');
  expect(send("PUT", "/b/two%26", nothing, { "x-amz-copy-source": "b/a/one" }).body).toContain("<Size>9</Size>");
  expect(send("PUT", "/b/three", nothing, { "x-amz-copy-source": "b/none" }).status).toBe(404);
  expect(send("HEAD", "/b/a/one").headers).toMatchObject({ "Content-Length": "9", "x-amz-meta-mtime": "5" });
  expect(send("GET", "/b/two%26").body).toBe('{"bytes":9,"sha256":"s"}');
  const listing = send("GET", "/b?list-type=2&delimiter=/&prefix=").body;
  expect(listing.match(/<(Key|CommonPrefixes)>.*?<\/\1>/g)).toEqual([
    "<Key>two&#38;</Key>",
    "<CommonPrefixes><Prefix>a/</Prefix></CommonPrefixes>",
  ]);
  expect(send("POST", "/b/big?uploads=").status).toBe(501);
  expect([send("DELETE", "/b/a/one").status, send("GET", "/b/a/one").status]).toEqual([204, 404]);
});
