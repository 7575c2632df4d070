import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { readHostKey } from "#net/ssh/host-key.ts";
import { beginInGroup } from "#net/ssh/key-exchange.ts";
import { opener, openPlain, sealer, sealPlain } from "#net/ssh/packets.ts";
import { poly1305 } from "#net/ssh/poly1305.ts";
import { ciphertextBytes, plainPublicKey, publicKeyBytes, sharedSecret } from "#net/ssh/sntrup761.ts";
import { bitLength, bytesOf, mpint, numberOf, wireReader, wireString } from "#net/ssh/wire.ts";

const captures = "fixtures/captures/net";

test("reading past the end gives nothing and says so", () => {
  const reader = wireReader(Buffer.concat([wireString("one"), Buffer.from([0, 0, 0, 9, 1])]));
  expect([reader.text(), reader.short()]).toEqual(["one", false]);
  expect([reader.text(), reader.uint32(), reader.names(), reader.short()]).toEqual(["", 0, [], true]);
});

// Examples of RFC 4251, 5.
test.each([
  [0n, "00000000"],
  [0x9a378f9b2e332a7n, "0000000809a378f9b2e332a7"],
  [0x80n, "000000020080"],
])("the number %s is written as %s", (value, hex) => {
  expect(mpint(bytesOf(value)).toString("hex")).toBe(hex);
  expect(numberOf(wireReader(mpint(bytesOf(value))).string())).toBe(value);
});

test("the length of a number is that of its binary digits", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 1n, max: 1n << 300n }), fc.nat(3), (value, zeros) => {
      const bytes = Buffer.concat([Buffer.alloc(zeros), bytesOf(value)]);
      expect(bitLength(bytes)).toBe(value.toString(2).length);
    }),
  );
});

const keys = readFileSync(`${captures}/openssh-9.2p1/host-keys.txt`, "utf8").trim().split("\n");

test.each(keys.map((line) => line.split(" ")))(
  "a key of %s bits, %s, %s, as ssh-keygen sees it",
  (bits, print, type, blob = "") => {
    const key = readHostKey(Buffer.from(blob, "base64"));
    expect([key?.bits, key?.fingerprint, key?.certificate?.type ?? key?.type]).toEqual([Number(bits), print, type]);
  },
);

test("a certificate names its authority and its time", () => {
  const [, , , blob = ""] = keys.find((line) => line.includes("ssh-ed25519-cert"))?.split(" ") ?? [];
  const { certificate, type } = readHostKey(Buffer.from(blob, "base64")) ?? {};
  expect(type).toBe("ssh-ed25519");
  expect(certificate?.authority).toMatchObject({ type: "ssh-rsa", bits: 2048 });
  expect(certificate?.authority.fingerprint).toBe("SHA256:plvpRif6LE9w9QasHiQhOJvuWG3Ux3H/nNDKyX8yd8k");
  expect(certificate?.validAfter).toBe(BigInt(Date.UTC(2026, 0, 1) / 1000));
  expect(certificate?.validBefore).toBe(BigInt(Date.UTC(2027, 0, 1) / 1000));
});

test("whatever a server sends as host key, certificate and signature is read or refused", () => {
  const blobs = keys.map((line) => Buffer.from(line.split(" ")[3] ?? "", "base64"));
  fc.assert(
    fc.property(fc.nat(blobs.length - 1), fc.nat(2000), fc.uint8Array({ maxLength: 20 }), (which, at, noise) => {
      const blob = Buffer.from(blobs[which] ?? "");
      blob.set(noise.subarray(0, Math.max(0, blob.length - at)), Math.min(at, blob.length));
      for (const bytes of [blob, blob.subarray(0, at), Buffer.from(noise)]) {
        const key = readHostKey(bytes);
        expect(key?.verifies(Buffer.from(noise), Buffer.from("x"))).not.toBe(true);
      }
    }),
  );
});

test("Poly1305 is that of RFC 8439, 2.5.2", () => {
  const key = Buffer.from("85d6be7857556d337f4452fe42d506a80103808afb0db2fd4abff6af4149f51b", "hex");
  expect(poly1305(key, Buffer.from("Cryptographic Forum Research Group")).toString("hex")).toBe(
    "a8061dc1305136c6c22b8baf0c0127a9",
  );
});

test("the secret of a real sshd's answer is read off", () => {
  const answer: { ciphertext: string; secret: string } = JSON.parse(
    readFileSync(`${captures}/openssh-10.0p2/sntrup761.json`, "utf8"),
  );
  const ciphertext = Buffer.from(answer.ciphertext, "hex");
  expect([plainPublicKey().length, ciphertext.length]).toEqual([publicKeyBytes, ciphertextBytes]);
  expect(sharedSecret(ciphertext)?.toString("hex")).toBe(answer.secret);
  expect(sharedSecret(ciphertext.subarray(1))).toBeUndefined();
});

test("any answer of the right length gives a secret or none", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: ciphertextBytes, maxLength: ciphertextBytes }), (bytes) => {
      expect(sharedSecret(Buffer.from(bytes))).toBeUndefined();
    }),
    { numRuns: 20 },
  );
});

test.each([
  ["even", 0xfffen, 2n],
  ["too small", 3n, 2n],
  ["a generator of one", 0xffffn, 1n],
  ["a generator beyond it", 0xffffn, 0xffffn],
  ["too long", (1n << 9000n) - 1n, 2n],
])("a group is no group: %s", (_name, prime, generator) => {
  expect(beginInGroup(bytesOf(prime), bytesOf(generator))).toBeUndefined();
});

test("a public value that is no member of the group gives no secret", () => {
  const exchange = beginInGroup(bytesOf(23n), bytesOf(5n));
  for (const peer of [0n, 1n, 22n, 23n]) expect(exchange?.secret(bytesOf(peer))).toBeUndefined();
  expect(exchange?.secret(bytesOf(8n))).toBeDefined();
});

const ways = [
  ["aes128-gcm@openssh.com", ""],
  ["aes256-gcm@openssh.com", ""],
  ["chacha20-poly1305@openssh.com", ""],
  ["aes128-ctr", "hmac-sha2-256"],
  ["aes256-cbc", "hmac-sha1-96"],
  ["3des-cbc", "hmac-md5"],
  ["aes192-ctr", "hmac-sha2-512-etm@openssh.com"],
] as const;
const direction = (cipher: string, mac: string) => ({
  protection: { cipher, mac },
  letters: ["A", "C", "E"] as const,
  derive: (letter: string, length: number) => Buffer.alloc(length, letter),
  sequence: 3,
});

test.each(ways)(
  "packets under %s %s come back in order, in any pieces, and not when they were changed",
  (cipher, mac) => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ minLength: 1, maxLength: 100 }), { minLength: 1, maxLength: 4 }),
        fc.nat(),
        (payloads, at) => {
          const [seal, open] = [sealer(direction(cipher, mac)), opener(direction(cipher, mac))];
          const sealed = Buffer.concat(payloads.map((payload) => seal?.(Buffer.from(payload)) ?? Buffer.alloc(0)));
          let rest = sealed;
          for (const payload of payloads) {
            expect(open?.(rest.subarray(0, at % 4))).toBe("more");
            const packet = open?.(rest);
            if (typeof packet !== "object") throw new Error(`${packet}`);
            expect(packet.payload).toEqual(Buffer.from(payload));
            rest = rest.subarray(packet.length);
          }
          const changed = Buffer.from(sealed);
          changed[at % sealed.length] = (changed[at % sealed.length] ?? 0) ^ 1;
          const again = opener(direction(cipher, mac));
          const all: unknown[] = [];
          for (let left = changed; left.length > 0; ) {
            const packet = again?.(left);
            if (typeof packet !== "object") break;
            all.push(packet.payload);
            left = left.subarray(packet.length);
          }
          expect(all.length).toBeLessThan(payloads.length);
        },
      ),
      { numRuns: 50 },
    );
  },
);

test("whatever comes in place of a packet is refused or waited for", () => {
  fc.assert(
    fc.property(fc.constantFrom(...ways), fc.uint8Array({ maxLength: 400 }), ([cipher, mac], bytes) => {
      expect(["more", "broken"]).toContain(opener(direction(cipher, mac))?.(Buffer.from(bytes)));
      const plain = openPlain(Buffer.from(bytes));
      if (typeof plain === "object") expect(plain.length).toBeLessThanOrEqual(bytes.length);
    }),
  );
  expect(openPlain(sealPlain(Buffer.from("\x05x")))).toMatchObject({ payload: Buffer.from("\x05x") });
});
