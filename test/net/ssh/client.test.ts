import { generateKeyPairSync } from "node:crypto";
import { connect, type Socket } from "node:net";
import fc from "fast-check";
import ssh2, { type Algorithms, type ServerConfig } from "ssh2";
import { expect, test } from "vitest";
import { dialTcp, isFailure } from "#net/dial.ts";
import { hostKeyAlgorithms } from "#net/ssh/negotiate.ts";
import type { VisitWishes } from "#net/ssh/visit.ts";
import { type SshVisit, visitSsh } from "#net/ssh-client.ts";
import { readSshHead } from "#net/ssh-wire.ts";
import { listen } from "../peers.ts";

const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 })
  .privateKey.export({ type: "pkcs1", format: "pem" })
  .toString();
const ec = generateKeyPairSync("ec", { namedCurve: "P-384" })
  .privateKey.export({ type: "sec1", format: "pem" })
  .toString();

async function server(algorithms: Algorithms, settings: Partial<ServerConfig> = {}): Promise<number> {
  const running = new ssh2.Server({ hostKeys: [rsa, ec], ident: "test", algorithms, ...settings }, (client) => {
    client.on("error", () => undefined);
    client.on("authentication", (context) => context.reject(["publickey", "password"]));
  });
  return listen((socket) => running.injectSocket(socket));
}

async function visit(port: number, wishes: Partial<VisitWishes> = {}, timeoutMs = 3000): Promise<SshVisit> {
  const limits = { timeoutMs, signal: new AbortController().signal };
  const socket = await dialTcp({ address: "127.0.0.1", port }, limits);
  if (isFailure(socket)) throw new Error(socket.detail);
  const whole = { user: "root", hostKeyAlgorithms, groupExchange: undefined, known: undefined, ...wishes };
  return visitSsh(socket, whole, limits);
}

const told = ["publickey", "password"];

test.each([
  "curve25519-sha256",
  "ecdh-sha2-nistp256",
  "ecdh-sha2-nistp384",
  "ecdh-sha2-nistp521",
  "diffie-hellman-group14-sha256",
  "diffie-hellman-group16-sha512",
  "diffie-hellman-group14-sha1",
  "diffie-hellman-group1-sha1",
] as const)("key exchange by %s proves the host key and leads to the methods", async (name) => {
  const seen = await visit(await server({ kex: [name] }));
  expect([seen.methods, seen.proven, seen.end]).toEqual([told, true, undefined]);
});

test.each(["rsa-sha2-512", "rsa-sha2-256", "ssh-rsa", "ecdsa-sha2-nistp384"] as const)(
  "host key algorithm %s is proven, also when the exchange begins with the first packet",
  async (name) => {
    const port = await server({});
    const first = await visit(port, { hostKeyAlgorithms: [name] });
    const second = await visit(port, { hostKeyAlgorithms: [name], known: first.head.kexInit });
    for (const seen of [first, second]) {
      expect([seen.methods, seen.proven, seen.hostKey?.bits]).toEqual([
        told,
        true,
        name.startsWith("ecdsa") ? 384 : 2048,
      ]);
    }
  },
);

test.each([
  ["aes128-gcm@openssh.com", "hmac-sha2-256"],
  ["chacha20-poly1305@openssh.com", "hmac-sha2-256"],
  ["aes128-ctr", "hmac-sha2-256"],
  ["aes256-ctr", "hmac-sha2-512-etm@openssh.com"],
  ["aes192-ctr", "hmac-sha1"],
  ["aes128-cbc", "hmac-sha1-96"],
  ["3des-cbc", "hmac-md5"],
] as const)("%s with %s is spoken", async (cipher, hmac) => {
  const seen = await visit(await server({ cipher: [cipher], hmac: [hmac] }));
  expect([seen.methods, seen.end]).toEqual([told, undefined]);
});

test("extensions are heard; who asks about no user leaves after the host key", async () => {
  const port = await server({});
  expect((await visit(port)).extensions?.get("server-sig-algs")).toContain("ssh-ed25519");
  expect(await visit(port, { user: undefined })).toMatchObject({
    end: "host key only",
    proven: true,
    extensions: undefined,
  });
});

test("a server that compresses without choice shows its host key, and no methods", async () => {
  const seen = await visit(await server({ compress: ["zlib@openssh.com"] }));
  expect(seen).toMatchObject({ end: "no protection", proven: true });
});

/** Hands everything on, with what the server sends changed by `change`. */
async function between(port: number, change: (bytes: Buffer, at: number) => Buffer): Promise<number> {
  return listen((socket) => {
    const other: Socket = connect(port, "127.0.0.1");
    let at = 0;
    socket.pipe(other);
    other.on("error", () => socket.destroy());
    other.on("data", (chunk: Buffer) => {
      socket.write(change(Buffer.from(chunk), at));
      at += chunk.length;
    });
  });
}

test("a host key whose signature is wrong is not proven", async () => {
  const port = await between(await server({ kex: ["curve25519-sha256"] }), (bytes) => {
    // The signature ends the reply, before its padding; the reply is the packet of type 31.
    for (let at = 0; at + 6 < bytes.length; at += 1) {
      const length = bytes.readUInt32BE(at);
      if (bytes[at + 5] !== 31 || length > 2000 || at + 4 + length > bytes.length) continue;
      const last = at + 3 + length - (bytes[at + 4] ?? 0);
      bytes[last] = (bytes[last] ?? 0) ^ 1;
      break;
    }
    return bytes;
  });
  expect((await visit(port)).proven).toBe(false);
});

test("whatever stands in place of the stream after KEXINIT, it ends in time and proves nothing", async () => {
  const head = await visit(await server({ kex: ["curve25519-sha256"] }));
  const { identification = "", payload } = readSshHead(head.bytes);
  expect([identification, payload !== undefined]).toEqual(["SSH-2.0-test", true]);
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (noise) => {
      const port = await listen(
        (socket) => socket.end(Buffer.concat([head.bytes, Buffer.from(noise)])),
        "127.0.0.1",
        () => undefined,
      );
      const seen = await visit(port);
      expect([seen.proven === true, "$unknown" in (seen.methods as object)]).toEqual([false, true]);
    }),
    { numRuns: 30 },
  );
});
