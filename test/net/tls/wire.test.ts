import fc from "fast-check";
import { expect, test } from "vitest";
import { isUnknown } from "#model/unknown.ts";
import { groupNames } from "#net/tls/groups.ts";
import { buildHello, extensions, type Version, versionNumbers } from "#net/tls/hello.ts";
import { groupOf, primeBits } from "#net/tls/key-exchange.ts";
import { readSsl2Answer, ssl2Hello } from "#net/tls/sslv2.ts";
import { cipherSuites, signals, suiteOf } from "#net/tls/suites.ts";
import { readServerFlight } from "#net/tls-wire.ts";
import { listen } from "../peers.ts";
import { survey } from "./tls-peers.ts";

test.each([
  [0xc02f, "ECDHE-RSA-AES128-GCM-SHA256", "ECDHE", "RSA", "AES_128_GCM", 128, "aead", "", true, false],
  [0x1302, "TLS_AES_256_GCM_SHA384", "any", "any", "AES_256_GCM", 256, "aead", "", true, true],
  [0x000a, "DES-CBC3-SHA", "RSA", "RSA", "3DES_EDE_CBC", 112, "block", "SHA1", false, false],
  [0x0003, "EXP-RC4-MD5", "RSA", "RSA", "RC4_40", 40, "stream", "MD5", false, false],
  [0x0018, "ADH-RC4-MD5", "DHE", "anon", "RC4_128", 128, "stream", "MD5", true, false],
  [0xc010, "ECDHE-RSA-NULL-SHA", "ECDHE", "RSA", "NULL", 0, "none", "SHA1", true, false],
  [0xc0ab, "DHE-PSK-AES256-CCM8", "DHE", "PSK", "AES_256_CCM_8", 256, "aead", "", true, false],
  [0x0095, "RSA-PSK-AES256-CBC-SHA", "RSA", "PSK", "AES_256_CBC", 256, "block", "SHA1", false, false],
  [0x0064, "EXP1024-RC4-SHA", "RSA", "RSA", "RC4_56", 56, "stream", "SHA1", false, false],
  [0xc03d, "ARIA256-CBC-SHA384", "RSA", "RSA", "ARIA_256_CBC", 256, "block", "SHA384", false, false],
])("suite %i is what its name says", (code, openssl, ...said) => {
  const [keyExchange, authentication, encryption, keyBits, mode, mac, forwardSecrecy, since13] = said;
  expect(suiteOf(code)).toMatchObject({ openssl, keyExchange, authentication, encryption, keyBits, mode });
  expect(suiteOf(code)).toMatchObject({ mac, forwardSecrecy, since13 });
});

test("every code and every name stands once, and no signal is among them", () => {
  expect(new Set(cipherSuites.map(({ code }) => code)).size).toBe(cipherSuites.length);
  expect(new Set(cipherSuites.map(({ name }) => name)).size).toBe(cipherSuites.length);
  expect(cipherSuites.every(({ code, name }) => code > 0 && code < 0x10000 && /^(?:TLS|SSL)_\w+$/.test(name))).toBe(
    true,
  );
  expect(suiteOf(signals.renegotiation)).toBeUndefined();
  expect(suiteOf(signals.fallback)).toBeUndefined();
  expect(suiteOf(0x0a0a)).toBeUndefined();
  expect(new Set(groupNames.values()).size).toBe(groupNames.size);
});

test("a hello has the lengths it says, and never one at which some servers hang", () => {
  const versions = Object.keys(versionNumbers) as Version[];
  fc.assert(
    fc.property(
      fc.constantFrom(...versions),
      fc.array(fc.nat(0xffff), { minLength: 1, maxLength: 110 }),
      fc.string({ maxLength: 40 }).filter((name) => /^[a-z.-]*$/.test(name)),
      fc.boolean(),
      (version, suites, serverName, extras) => {
        const hello = buildHello({ version, suites, serverName, extras, compression: extras, fallback: extras });
        expect(hello.readUInt16BE(3)).toBe(hello.length - 5);
        expect(hello.readUIntBE(6, 3)).toBe(hello.length - 9);
        expect(hello.length - 5 < 256 || hello.length - 5 >= 512 || version === "SSLv3").toBe(true);
        const at = 9 + 2 + 32;
        const session = hello.readUInt8(at);
        expect(hello.readUInt16BE(at + 1 + session)).toBeGreaterThanOrEqual(suites.length * 2);
      },
    ),
  );
});

/** A flight of TLS 1.2 with a ServerKeyExchange. */
function flightWith(keyExchange: string) {
  const hello = Buffer.from(`020000260303${"00".repeat(32)}00c02f00`, "hex");
  const body = Buffer.from(keyExchange, "hex");
  const message = Buffer.concat([Buffer.of(12, 0, body.length >> 8, body.length & 0xff), body]);
  const records = Buffer.concat([hello, message]);
  const flight = readServerFlight(
    Buffer.concat([Buffer.of(22, 3, 3, records.length >> 8, records.length & 0xff), records]),
  );
  if (flight.state !== "hello") throw new Error(flight.state);
  return flight;
}

test.each([
  ["1024 bits", 0x0033, `0080${"ff".repeat(128)}0001020001aa`, 1024],
  ["1023 bits behind a zero", 0x0033, `008100${"7f".repeat(128)}0001020001aa`, 1023],
  ["behind a hint", 0x00aa, `000361626300040000ffff00010200010a`, 16],
  ["none in ECDHE", 0xc02f, "03001d20aa", 0],
])("the prime of a key exchange: %s", (_name, code, hex, bits) => {
  expect(primeBits(suiteOf(code), flightWith(hex))).toBe(bits);
});

test("of a key exchange that is cut short nothing is known", () => {
  expect(isUnknown(primeBits(suiteOf(0x0033), flightWith("0080ff")))).toBe(true);
  expect(isUnknown(primeBits(suiteOf(0x0033), flightWith("00")))).toBe(true);
  expect(isUnknown(primeBits(suiteOf(0x0033), flightWith("00020000")))).toBe(true);
  expect(groupOf(flightWith("03001d"))).toBe(0x001d);
  expect(groupOf(flightWith("0100"))).toBeUndefined();
});

test("any key exchange is read", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), fc.constantFrom(0x0033, 0x00aa, 0xc02f), (bytes, code) => {
      const flight = flightWith(Buffer.from(bytes).toString("hex"));
      const bits = primeBits(suiteOf(code), flight);
      expect(isUnknown(bits) || bits >= 0).toBe(true);
      groupOf(flight);
    }),
  );
});

test("a HelloRetryRequest is an agreement to TLS 1.3 and names the group", () => {
  const random = "cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c";
  const hex = `0200003403 03${random}00130100000c002b000203040033000211ec`.replace(" ", "");
  const body = Buffer.from(hex, "hex");
  body.writeUIntBE(body.length - 4, 1, 3);
  const flight = readServerFlight(Buffer.concat([Buffer.of(22, 3, 3, 0, body.length), body]));
  expect(flight).toMatchObject({ state: "hello", version: 0x0304, hello: { suite: 0x1301, retry: true } });
  expect(flight.state === "hello" && flight.hello?.extensions.has(extensions.keyShare)).toBe(true);
  expect(flight.state === "hello" && groupOf(flight)).toBe(0x11ec);
});

/** A SERVER-HELLO of SSL 2.0 (The SSL Protocol, Netscape 1995) with cipher kinds and a certificate of four bytes. */
function ssl2ServerHello(kinds: string): Buffer {
  const specs = Buffer.from(kinds, "hex");
  const head = Buffer.from([4, 0, 1, 0, 2, 0, 4, 0, specs.length, 0, 16]);
  const body = Buffer.concat([head, Buffer.alloc(4), specs, Buffer.alloc(16)]);
  return Buffer.concat([Buffer.of(0x80 | (body.length >> 8), body.length & 0xff), body]);
}

test("SSL 2.0 is told by its SERVER-HELLO, from any prefix", () => {
  const answer = ssl2ServerHello("0100800700c0");
  const said = { state: "hello", ciphers: ["SSL2_RC4_128_WITH_MD5", "SSL2_DES_192_EDE3_CBC_WITH_MD5"] };
  expect(readSsl2Answer(answer)).toEqual(said);
  for (let length = 0; length < answer.length; length += 1) {
    const { state } = readSsl2Answer(answer.subarray(0, length));
    expect(state === "waiting" || length >= answer.length - 16).toBe(true);
  }
  expect(readSsl2Answer(Buffer.from("15030100020246", "hex"))).toEqual({ state: "refused" });
  expect(readSsl2Answer(Buffer.from("8003000001", "hex"))).toEqual({ state: "refused" });
  expect(readSsl2Answer(Buffer.from("HTTP/1.1 400"))).toEqual({ state: "other" });
  expect(ssl2Hello().readUInt16BE(0) & 0x7fff).toBe(ssl2Hello().length - 2);
});

test("any answer to a hello of SSL 2.0 is read", () => {
  const states = ["waiting", "hello", "refused", "other"];
  const real = ssl2ServerHello("010080");
  fc.assert(
    fc.property(fc.nat(real.length - 1), fc.uint8Array({ maxLength: 30 }), (at, bytes) => {
      const changed = Buffer.from(real);
      changed.set(bytes.subarray(0, changed.length - at), at);
      expect(states).toContain(readSsl2Answer(changed).state);
      expect(states).toContain(readSsl2Answer(Buffer.from(bytes)).state);
    }),
  );
});

test("a server that speaks SSL 2.0 is told to, also without a cipher in common", async () => {
  for (const kinds of ["010080", ""]) {
    const port = await listen((socket) =>
      socket.once("data", (chunk: Buffer) => {
        const isSsl2 = chunk[0] !== 22;
        socket.end(isSsl2 ? ssl2ServerHello(kinds) : Buffer.from([0x15, 3, 3, 0, 2, 2, 70]));
      }),
    );
    const found = await survey(port);
    expect(found.sslv2).toBe(true);
    expect(found.versions.map(({ accepted }) => accepted)).toEqual([false, false, false, false, false]);
  }
});
