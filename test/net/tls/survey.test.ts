import fc from "fast-check";
import { expect, test } from "vitest";
import { isUnknown } from "#model/unknown.ts";
import { groupNames } from "#net/tls/groups.ts";
import { suiteOf } from "#net/tls/suites.ts";
import { flood, listen } from "../peers.ts";
import { acceptedOf, before, namesOf, survey, tlsServer } from "./tls-peers.ts";

const level0 = (...names: string[]) => `${names.join(":")}:@SECLEVEL=0`;
const strong = [
  "ECDHE-ECDSA-AES128-GCM-SHA256",
  "ECDHE-RSA-AES256-GCM-SHA384",
  "DHE-RSA-AES128-GCM-SHA256",
  "AES128-SHA",
];

test("versions, suites in the server's order, groups, primes, settings and both certificates", async () => {
  const port = await tlsServer({
    minVersion: "TLSv1.1",
    ciphers: `TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256:${level0(...strong)}`,
    honorCipherOrder: true,
    ecdhCurve: "P-521:X25519:X25519MLKEM768",
    dhparam: "auto",
    ALPNProtocols: ["http/1.1", "smtp"],
  });
  const found = await survey(port);
  expect(found.sslv2).toBe(false);
  expect(acceptedOf(found)).toEqual([false, false, true, true, true]);
  expect(namesOf(found, "TLSv1.1")).toEqual(["AES128-SHA"]);
  expect(namesOf(found, "TLSv1.2")).toEqual(strong);
  expect(namesOf(found, "TLSv1.3")).toEqual(["TLS_CHACHA20_POLY1305_SHA256", "TLS_AES_128_GCM_SHA256"]);
  expect(found.versions.map(({ order }) => order)).toEqual([undefined, undefined, undefined, "server", "server"]);
  expect(found.versions.flatMap(({ gaps }) => gaps)).toEqual([]);
  expect(found.versions[3]?.suites.map(({ primeBits }) => primeBits)).toEqual([0, 0, 2048, 0]);
  expect(found.groups.map(({ version, gaps }) => [version, gaps])).toEqual([
    ["TLSv1.2", []],
    ["TLSv1.3", []],
  ]);
  expect(found.groups.map(({ groups }) => groups.map((code) => groupNames.get(code)).toSorted())).toEqual([
    ["secp521r1", "x25519"],
    ["X25519MLKEM768", "secp521r1", "x25519"],
  ]);
  expect(found.settings).toEqual({
    secureRenegotiation: true,
    compression: false,
    sessionTickets: true,
    extendedMasterSecret: true,
    heartbeat: false,
    ocspStapling: false,
    refusesFallback: true,
    alpn: ["http/1.1", "smtp"],
  });
  expect(
    found.certificates.map((one) => [one.authentication, isUnknown(one.certificates) || one.certificates.length]),
  ).toEqual([
    ["RSA", 1],
    ["ECDSA", 1],
  ]);
  expect(found.connections).toBeLessThanOrEqual(50);
});

test.each([
  ["TLSv1.3" as const, [false, false, false, false, true]],
  ["TLSv1.2" as const, [false, false, false, true, false]],
  ["TLSv1" as const, [false, true, false, false, false]],
])("a server of %s alone", async (version, accepted) => {
  const port = await tlsServer({
    minVersion: version,
    maxVersion: version,
    ciphers: `TLS_AES_256_GCM_SHA384:${level0("AES128-SHA", "AES256-SHA")}`,
  });
  const found = await survey(port);
  expect(acceptedOf(found)).toEqual(accepted);
  expect(found.settings.refusesFallback).toBe(true);
  expect(isUnknown(found.settings.sessionTickets)).toBe(version === "TLSv1.3");
});

test("a server without an order of its own takes the client's", async () => {
  const port = await tlsServer({ ciphers: level0(...strong), honorCipherOrder: false, dhparam: "auto" });
  const { versions } = await survey(port);
  expect(versions[3]).toMatchObject({ order: "client", gaps: [] });
  expect(versions[3]?.suites.map(({ code }) => suiteOf(code)?.openssl).toSorted()).toEqual(strong.toSorted());
});

const subsets = [
  "ECDHE-ECDSA-AES256-GCM-SHA384",
  "ECDHE-RSA-AES128-GCM-SHA256",
  "ECDHE-RSA-CHACHA20-POLY1305",
  "ECDHE-ECDSA-AES128-SHA",
  "DHE-RSA-AES256-SHA256",
  "ECDHE-RSA-ARIA128-GCM-SHA256",
  "ECDHE-ARIA256-GCM-SHA384",
  "AES256-GCM-SHA384",
  "AES128-CCM8",
  "CAMELLIA128-SHA256",
  "AES256-SHA",
  "ADH-AES128-SHA",
  "AECDH-NULL-SHA",
  "NULL-SHA256",
  "NULL-MD5",
  "ECDHE-RSA-CAMELLIA256-SHA384",
].filter((name) => name !== "ECDHE-RSA-ARIA128-GCM-SHA256");

test("any suites in any order are found in that order", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.shuffledSubarray(subsets, { minLength: 1 }),
      fc.integer({ min: 1, max: 12 }),
      async (names, atOnce) => {
        const port = await tlsServer({
          maxVersion: "TLSv1.2",
          minVersion: "TLSv1.2",
          ciphers: level0(...names),
          honorCipherOrder: true,
          dhparam: "auto",
        });
        const found = await survey(port, { atOnce });
        expect(namesOf(found, "TLSv1.2")).toEqual(names);
        expect(found.versions[3]?.gaps).toEqual([]);
        expect(found.connections).toBeLessThanOrEqual(3 * names.length + 50);
      },
    ),
    {
      numRuns: 12,
      examples: [
        [["NULL-MD5", "NULL-SHA256"], 1],
        [["ADH-AES128-SHA", "ECDHE-RSA-CAMELLIA256-SHA384", "NULL-MD5"], 1],
      ],
    },
  );
}, 60_000);

const isAlert = (chunk: Buffer) => chunk[0] === 0x15;
const alert = (code: number) => Buffer.from([0x15, 3, 3, 0, 2, 2, code]);

test.each<[string, Parameters<typeof before>[1]]>([
  ["closes", (chunk, client) => (isAlert(chunk) ? void client.end() : chunk)],
  ["resets", (chunk, client) => (isAlert(chunk) ? void client.resetAndDestroy() : chunk)],
  ["says internal_error", (chunk) => (isAlert(chunk) ? alert(80) : chunk)],
  ["says close_notify", (chunk) => (isAlert(chunk) ? alert(0) : chunk)],
  ["says handshake_failure to all", (chunk) => (isAlert(chunk) ? alert(40) : chunk)],
])("a server that %s in place of refusing is told to refuse, since it answers else", async (_name, meddle) => {
  const behind = await tlsServer({ ciphers: level0(...strong), minVersion: "TLSv1.2", dhparam: "auto" });
  const found = await survey(await before(behind, meddle));
  expect(acceptedOf(found)).toEqual([false, false, false, true, true]);
  expect(namesOf(found, "TLSv1.2")?.toSorted()).toEqual(strong.toSorted());
  expect(found.versions.flatMap(({ gaps }) => gaps)).toEqual([]);
});

test.each([
  ["unrecognized_name", 112],
  ["decode_error", 50],
  ["user_canceled", 90],
])("%s is no refusal", async (_name, code) => {
  const behind = await tlsServer({ minVersion: "TLSv1.2" });
  const found = await survey(await before(behind, (chunk) => (isAlert(chunk) ? alert(code) : chunk)));
  expect(acceptedOf(found).slice(0, 3).every(isUnknown)).toBe(true);
  expect(found.versions.every(({ gaps }) => gaps.length > 0)).toBe(true);
});

test("a server that hangs up now and then is not told to refuse", async () => {
  const behind = await tlsServer({ ciphers: level0(...strong), minVersion: "TLSv1.2", dhparam: "auto" });
  const port = await before(behind, (chunk, client, count) =>
    isAlert(chunk) || count % 2 === 0 ? void client.resetAndDestroy() : chunk,
  );
  const found = await survey(port);
  for (const { accepted, gaps, version, suites } of found.versions) {
    if (version !== "TLSv1.2" && version !== "TLSv1.3") expect(isUnknown(accepted)).toBe(true);
    // Either everything was found or the list says that it is not whole.
    const whole = version === "TLSv1.2" ? strong.length : 3;
    if (version === "TLSv1.2" || version === "TLSv1.3") expect(suites.length === whole || gaps.length > 0).toBe(true);
  }
});

test("a server that has enough after some connections: what was not asked is not known", async () => {
  const behind = await tlsServer({ ciphers: level0(...strong), minVersion: "TLSv1.2", dhparam: "auto" });
  const port = await before(behind, (chunk, client, count) => (count > 12 ? void client.resetAndDestroy() : chunk));
  const found = await survey(port);
  for (const { accepted, suites, gaps, version } of found.versions) {
    if (accepted === true) expect(gaps.length > 0 || suites.length > 0).toBe(true);
    if (version === "TLSv1.2") expect(suites.length === strong.length || gaps.length > 0).toBe(true);
  }
  expect(found.settings.alpn.some(isUnknown)).toBe(true);
  expect(found.connections).toBeLessThanOrEqual(150);
});

test.each<[string, Parameters<typeof listen>[0]]>([
  ["says nothing", (socket) => socket.resume()],
  ["closes at once", (socket) => socket.end()],
  ["resets at the first byte", (socket) => socket.once("data", () => socket.resetAndDestroy())],
  [
    "says garbage",
    (socket) => socket.once("data", () => socket.end("\u0016\u0003\u0003\u0000\u0004\u0002\u0000\u0000\u0001")),
  ],
  ["floods", (socket) => flood(socket, "\u0016\u0003")],
  [
    "says half a ServerHello",
    (socket) =>
      socket.once("data", () => socket.write("\u0016\u0003\u0003\u0000\u0040\u0002\u0000\u0000\u003c\u0003\u0003")),
  ],
  [
    "chooses what was not offered",
    (socket) => socket.once("data", () => void socket.write(serverHello(0x0303, 0xfafa))),
  ],
])("of a server that %s nothing is known, in few connections", async (_name, serve) => {
  const found = await survey(await listen(serve), { timeoutMs: 300, atOnce: 2 });
  expect(isUnknown(found.sslv2)).toBe(true);
  expect(acceptedOf(found).every(isUnknown)).toBe(true);
  expect(found.versions.every(({ suites, gaps }) => suites.length === 0 && gaps.length > 0)).toBe(true);
  expect(found.settings.alpn.every(isUnknown)).toBe(true);
  expect(found.connections).toBeLessThanOrEqual(40);
});

/** A ServerHello without extensions. */
function serverHello(version: number, suite: number): Buffer {
  const body = Buffer.alloc(38);
  body.writeUInt16BE(version, 0);
  body.writeUInt16BE(suite, 35);
  const head = Buffer.from([0x16, version >> 8, version & 0xff, 0, 42, 2, 0, 0, 38]);
  return Buffer.concat([head, body]);
}

test("SSL 3.0 is accepted where a server answers it with SSL 3.0", async () => {
  const port = await listen((socket) =>
    socket.once("data", (chunk: Buffer) => {
      const isSsl3 = chunk[0] === 0x16 && chunk.readUInt16BE(9) === 0x0300;
      const offersRc4 = chunk.includes(Buffer.of(0x00, 0x05));
      socket.end(isSsl3 && offersRc4 ? serverHello(0x0300, 0x0005) : alert(isSsl3 ? 40 : 70));
    }),
  );
  const found = await survey(port);
  expect(acceptedOf(found)).toEqual([true, false, false, false, false]);
  expect(namesOf(found, "SSLv3")).toEqual(["RC4-SHA"]);
});

test("an abort ends it at once, and what was not asked is not known", async () => {
  const port = await tlsServer({});
  const found = await survey(port, { signal: AbortSignal.abort() });
  expect(acceptedOf(found).every(isUnknown)).toBe(true);
  expect(found.connections).toBe(0);
});
