import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { keyTypeOf, readSshHead } from "#net/ssh-wire.ts";

const capture = (name: string) => readFileSync(`fixtures/captures/net/${name}`);
const openssh = capture("openssh-9.2p1/default-head.bin");

test.each([
  [
    "openssh-9.2p1/default-head.bin",
    "SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u10",
    "sntrup761x25519-sha512",
    ["ssh-ed25519", "ecdsa-sha2-nistp256", "rsa-sha2-512", "rsa-sha2-256"],
  ],
  [
    "openssh-9.2p1/post-quantum-only-head.bin",
    "SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u10",
    "sntrup761x25519-sha512@openssh.com",
    ["ssh-ed25519", "ecdsa-sha2-nistp256", "rsa-sha2-512", "rsa-sha2-256"],
  ],
  [
    "openssh-10.0p2/default-head.bin",
    "SSH-2.0-OpenSSH_10.0p2 Debian-7+deb13u4",
    "mlkem768x25519-sha256",
    ["ssh-ed25519", "ecdsa-sha2-nistp256", "rsa-sha2-512", "rsa-sha2-256"],
  ],
  [
    "openssh-10.0p2/pq-head.bin",
    "SSH-2.0-OpenSSH_10.0p2 Debian-7+deb13u4",
    "mlkem768x25519-sha256",
    ["ssh-ed25519", "ecdsa-sha2-nistp256", "rsa-sha2-512", "rsa-sha2-256"],
  ],
  [
    "openssh-10.0p2/cert-head.bin",
    "SSH-2.0-OpenSSH_10.0p2 Debian-7+deb13u4",
    "mlkem768x25519-sha256",
    [
      "ssh-ed25519-cert-v01@openssh.com",
      "rsa-sha2-512-cert-v01@openssh.com",
      "ecdsa-sha2-nistp256-cert-v01@openssh.com",
    ],
  ],
  [
    "dropbear-2022.83/default-head.bin",
    "SSH-2.0-dropbear_2022.83",
    "curve25519-sha256",
    ["ssh-ed25519", "rsa-sha2-256", "ssh-rsa"],
  ],
])("%s is read", (name, identification, firstExchange, hostKeys) => {
  const head = readSshHead(capture(name));
  expect(head.broken).toBeUndefined();
  expect(head.identification).toBe(identification);
  expect([...(head.kexInit?.hostKeyAlgorithms ?? [])].toSorted()).toEqual(hostKeys.toSorted());
  expect(head.kexInit?.keyExchange).toContain(firstExchange);
  expect(head.kexInit?.toClient.ciphers).toContain("aes256-ctr");
  expect(head.kexInit?.toClient.macs).toContain("hmac-sha2-256");
});

test("a refusal of OpenSSH is no identification string", () => {
  expect(readSshHead(capture("openssh-9.2p1/max-startups.bin"))).toMatchObject({
    identification: undefined,
    broken: undefined,
  });
});

test("every prefix of a real head says the same or less, and never that it is broken", () => {
  const whole = readSshHead(openssh);
  for (let length = 0; length < openssh.length; length += 1) {
    const head = readSshHead(openssh.subarray(0, length));
    expect(head.broken).toBeUndefined();
    if (head.identification !== undefined) expect(head.identification).toBe(whole.identification);
    if (head.kexInit !== undefined) expect(head.kexInit).toEqual(whole.kexInit);
  }
});

test.each([
  ["lines before the identification string", "Welcome\r\nto this host\r\nSSH-2.0-x\r\n", "SSH-2.0-x"],
  ["line feed alone", "SSH-2.0-y\n", "SSH-2.0-y"],
  ["old version", "SSH-1.99-z\r\n", "SSH-1.99-z"],
])("%s", (_name, text, identification) => {
  expect(readSshHead(Buffer.from(text)).identification).toBe(identification);
});

test.each([
  ["an endless line", "x".repeat(9000)],
  ["endless lines", "no\r\n".repeat(3000)],
  ["an endless identification string", `SSH-2.0-${"x".repeat(9000)}`],
])("%s is given up", (_name, text) => {
  expect(readSshHead(Buffer.from(text)).broken).toBe("no identification string");
});

test.each([
  ["impossible length", [0xff, 0xff, 0xff, 0xff, 4, 20]],
  ["padding longer than the packet", [0, 0, 0, 12, 200, 20]],
  ["a packet of no size", [0, 0, 0, 0, 0, 20]],
  ["a disconnect", [0, 0, 0, 12, 4, 1]],
  ["something else before KEXINIT", [0, 0, 0, 12, 4, 52]],
  ["a KEXINIT without lists", [0, 0, 0, 4, 2, 20, 0, 0]],
])("%s is broken", (_name, bytes) => {
  const head = readSshHead(Buffer.concat([Buffer.from("SSH-2.0-x\r\n"), Buffer.from(bytes)]));
  expect(head).toMatchObject({ identification: "SSH-2.0-x", kexInit: undefined });
  expect(head.broken).toBeDefined();
});

test("any bytes are read, alone or behind an identification string", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), fc.boolean(), (bytes, identified) => {
      const head = readSshHead(Buffer.concat([Buffer.from(identified ? "SSH-2.0-x\r\n" : ""), bytes]));
      expect(head.kexInit === undefined || head.broken === undefined).toBe(true);
    }),
  );
});

test("a real KEXINIT with any bytes changed is read or broken", () => {
  fc.assert(
    fc.property(fc.nat(openssh.length - 1), fc.uint8Array({ maxLength: 8 }), (at, bytes) => {
      const changed = Buffer.from(openssh);
      changed.set(bytes.subarray(0, changed.length - at), at);
      expect(readSshHead(changed)).toBeDefined();
    }),
  );
});

test.each([
  ["rsa-sha2-512", "ssh-rsa"],
  ["ssh-ed25519", "ssh-ed25519"],
  ["ecdsa-sha2-nistp521", "ecdsa-sha2-nistp521"],
  ["ssh-ed25519-cert-v01@openssh.com", "ssh-ed25519-cert-v01@openssh.com"],
  ["rsa-sha2-256-cert-v01@openssh.com", "ssh-rsa-cert-v01@openssh.com"],
  ["made-up-cert-v01@openssh.com", undefined],
  ["made-up", undefined],
])("algorithm %s sends a key or certificate of type %s", (algorithm, type) => {
  expect(keyTypeOf(algorithm)).toBe(type);
});
