import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { certificateFacts, certificateMatches, readCertificate } from "#net/certificate.ts";
import { clientHello, readServerFlight } from "#net/tls-wire.ts";

const capture = (name: string) => readFileSync(`fixtures/captures/net/nginx-1.22.1/${name}`);
const chain = capture("tls12-chain.bin");

test("the certificates stand as they were sent", () => {
  const flight = readServerFlight(chain);
  expect(flight).toMatchObject({ state: "hello", version: 0x0303 });
  const certificates = flight.state === "hello" ? (flight.certificates ?? []).map(readCertificate) : [];
  expect(certificates.map((one) => one?.subject)).toEqual(["CN=claw.example.test", "CN=Lab Intermediate"]);
  const [leaf] = certificates;
  if (leaf === undefined) throw new Error("no leaf");
  expect(certificateFacts(leaf)).toMatchObject({
    keyType: "rsa",
    keyBits: 2048,
    signatureAlgorithm: "sha256WithRSAEncryption",
    issuer: "CN=Lab Intermediate",
  });
  expect(certificateMatches(leaf, "claw.example.test")).toBe(true);
  expect(certificateMatches(leaf, "CLAW.example.test.")).toBe(true);
  expect(certificateMatches(leaf, "other.example.test")).toBe(false);
  expect(certificateMatches(leaf, "127.0.0.1")).toBe(true);
  expect(certificateMatches(leaf, "127.0.0.2")).toBe(false);
});

test.each([
  ["tls10-accepted.bin", { state: "hello", version: 0x0301 }],
  ["tls11-refused.bin", { state: "alert", alert: 70 }],
  ["tls12-refused-tls13-only.bin", { state: "alert", alert: 70 }],
  ["tls10-below-security-level.bin", { state: "alert", alert: 80 }],
  ["handshake-rejected.bin", { state: "alert", alert: 112 }],
  ["plain-http-to-hello.bin", { state: "not_tls" }],
])("%s is %j", (name, expected) => {
  expect(readServerFlight(capture(name))).toMatchObject(expected);
});

test.each([
  ["nothing", "", { state: "waiting" }],
  ["a warning before anything", "15 0303 0002 0170", { state: "waiting" }],
  ["close_notify", "15 0303 0002 0100", { state: "alert", alert: 0 }],
  ["SSH", Buffer.from("SSH-2.0-x\r\n").toString("hex"), { state: "not_tls" }],
  ["a record that is too long", "16 0303 ffff", { state: "not_tls" }],
  ["a Certificate before ServerHello", "16 0303 0004 0b000000", { state: "malformed" }],
  ["a ServerHello of 16 MiB", "16 0303 0004 02ffffff", { state: "malformed" }],
  ["a ServerHello that is too short", "16 0303 0006 020000020303", { state: "malformed" }],
])("%s", (_name, hex, expected) => {
  expect(readServerFlight(Buffer.from(hex.replaceAll(" ", ""), "hex"))).toMatchObject(expected);
});

test("every prefix of a real flight says the same or less", () => {
  for (let length = 0; length < chain.length; length += 7) {
    const flight = readServerFlight(chain.subarray(0, length));
    expect(["waiting", "hello"]).toContain(flight.state);
    if (flight.state !== "hello" || flight.certificates === undefined) continue;
    expect({ ...flight, following: undefined }).toEqual({ ...readServerFlight(chain), following: undefined });
  }
});

test("any bytes, and a real flight with any bytes changed, are read", () => {
  const states = ["waiting", "not_tls", "alert", "malformed", "hello"];
  fc.assert(
    fc.property(fc.nat(chain.length - 1), fc.uint8Array({ maxLength: 40 }), (at, bytes) => {
      const changed = Buffer.from(chain);
      changed.set(bytes.subarray(0, changed.length - at), at);
      expect(states).toContain(readServerFlight(changed).state);
      expect(states).toContain(readServerFlight(bytes).state);
    }),
    { numRuns: 500 },
  );
});

test("certificates are read from any bytes or refused", () => {
  const flight = readServerFlight(chain);
  const [der = Buffer.alloc(0)] = flight.state === "hello" ? (flight.certificates ?? []) : [];
  fc.assert(
    fc.property(fc.nat(der.length - 1), fc.uint8Array({ minLength: 1, maxLength: 6 }), (at, bytes) => {
      const changed = Buffer.from(der);
      changed.set(bytes.subarray(0, changed.length - at), at);
      const certificate = readCertificate(changed);
      if (certificate !== undefined) expect(certificateFacts(certificate).fingerprint).toMatch(/^[0-9a-f]{64}$/);
    }),
    { numRuns: 500 },
  );
});

test("a hello names its version and the server", () => {
  const hello = clientHello("TLSv1.1", "claw.example.test");
  expect(hello.readUInt16BE(9)).toBe(0x0302);
  expect(hello.includes("claw.example.test")).toBe(true);
  expect(hello.readUInt16BE(3)).toBe(hello.length - 5);
});
