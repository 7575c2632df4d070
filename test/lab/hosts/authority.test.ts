import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, createServer } from "node:tls";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ensureAuthority, issue } from "./authority.ts";

const dayMs = 86_400_000;
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "lab-authority-"));
  process.env["SEKISHO_LAB_CACHE"] = join(folder, "cache");
});
afterAll(() => rmSync(folder, { recursive: true }));

const names = ["claw.web.lab.test", "web.lab.test"];
const read = (path: string) => new X509Certificate(readFileSync(path));

test("the authority is made once, whoever asks at the same time", async () => {
  const asked = await Promise.all([ensureAuthority(), ensureAuthority()]);
  const first = read(asked[0].certificate);
  expect(read(asked[1].certificate).fingerprint256).toBe(first.fingerprint256);
  expect(first.ca).toBe(true);
  expect(statSync(asked[0].key).mode & 0o777).toBe(0o600);
});

describe("a server's certificate", () => {
  test("is one that a client takes for each of its names, and for no other", async () => {
    const { fullchain, key } = await issue(names, join(folder, "good"));
    const ca = readFileSync((await ensureAuthority()).certificate);
    const server = createServer({ cert: readFileSync(fullchain), key: readFileSync(key) }, (socket) => socket.end());
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    const port = typeof address === "object" ? (address?.port ?? 0) : 0;
    const greet = async (servername: string) => {
      const socket = connect({ host: "127.0.0.1", port, ca, servername });
      await once(socket, "secureConnect");
      socket.destroy();
    };
    for (const name of names) await greet(name);
    await expect(greet("other.lab.test")).rejects.toThrow("does not match");
    server.close();
  });

  test("runs from yesterday for 90 days, and its key is its owner's alone", async () => {
    const { fullchain, key } = await issue(names, join(folder, "days"));
    const { validFrom, validTo } = read(fullchain);
    expect((Date.parse(validTo) - Date.parse(validFrom)) / dayMs).toBe(90);
    expect(Math.round((Date.now() - Date.parse(validFrom)) / dayMs)).toBe(1);
    expect(statSync(key).mode & 0o777).toBe(0o600);
  });

  test("can be of other times, self-signed and weak", async () => {
    const notBefore = new Date(Date.UTC(2024, 0, 1));
    const notAfter = new Date(Date.UTC(2024, 1, 1));
    const options = { notBefore, notAfter, selfSigned: true, keyBits: 1024 };
    const made = read((await issue(names, join(folder, "odd"), options)).fullchain);
    expect([Date.parse(made.validFrom), Date.parse(made.validTo)]).toEqual([+notBefore, +notAfter]);
    expect(made.verify(made.publicKey)).toBe(true);
    expect(made.publicKey.asymmetricKeyDetails?.modulusLength).toBe(1024);
  });
});
