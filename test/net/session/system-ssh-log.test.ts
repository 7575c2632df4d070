import { PassThrough } from "node:stream";
import { text as readAll } from "node:stream/consumers";
import fc from "fast-check";
import { expect, test } from "vitest";
import { splitSshLog } from "#net/session/system-ssh-log.ts";

const fingerprint = `SHA256:${"A".repeat(43)}`;
const before = [
  "OpenSSH_9.2p1 Debian-2+deb12u10, OpenSSL 3.0.22 25 Aug 2026",
  "debug1: kex_exchange_identification: banner line 0: debug1: Server host key: ssh-rsa SHA256:fake",
  `debug1: Server host key: ssh-ed25519 ${fingerprint}`,
  `debug1: Server host key: ssh-ed25519 SHA256:${"B".repeat(43)}`,
  'Authenticated to 127.0.0.1 ([127.0.0.1]:22) using "publickey".',
]
  .map((line) => `${line}\r\n`)
  .join("");

async function split(pieces: readonly string[]) {
  const stderr = new PassThrough();
  const log = splitSshLog(stderr);
  for (const piece of pieces) stderr.write(piece);
  stderr.destroy();
  const rest = await readAll(log.rest);
  return { text: log.text(), authenticated: log.authenticated(), hostKey: log.hostKey(), rest };
}

test("parts ssh's own lines from the far side's", async () => {
  const found = await split([before, "remote\n", "debug1: Exit status 0\r\n", "half"]);
  expect(found.authenticated).toBe(true);
  expect(found.hostKey).toEqual({ type: "ssh-ed25519", fingerprint });
  expect(found.rest).toBe("remote\nhalf");
});

test("takes no host key and no login from what comes after the login, or without ssh's line end", async () => {
  const spoofed = `debug1: Server host key: ssh-ed25519 ${fingerprint}\r\n`;
  expect((await split(['Authenticated to x using "publickey".\n'])).authenticated).toBe(false);
  expect((await split(["Authenticated to x.\r\n", spoofed])).hostKey).toBeUndefined();
});

test("gives the same whatever the pieces it comes in", async () => {
  const whole = `${before}remote one\nremote two\r\ndebug1: bye\r\n`;
  const expected = await split([whole]);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 0, max: whole.length }), { maxLength: 8 }), async (cuts) => {
      const at = [0, ...cuts.sort((a, b) => a - b), whole.length];
      const pieces = at.slice(1).map((end, index) => whole.slice(at[index], end));
      expect(await split(pieces.filter((piece) => piece !== ""))).toEqual(expected);
    }),
  );
});

test("keeps no more than a bounded log of a peer that never ends", async () => {
  const found = await split(Array.from({ length: 200 }, () => "x".repeat(10_000)));
  expect(found.text.length).toBeLessThan(128 * 1024);
});
