import { mkdtempSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { listAgentKeys, parseIdentities } from "#net/session/agent.ts";
import { blob, makePair } from "./ssh-server.ts";

const keys = [makePair(), makePair("rsa")].map((pair) => blob(pair.public));

function string(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

function answer(count: number): Buffer {
  const head = Buffer.from([12, 0, 0, 0, count]);
  return Buffer.concat([head, ...keys.flatMap((key) => [string(key), string(Buffer.from("comment"))])]);
}

test("reads the keys of an agent's answer", () => {
  expect(parseIdentities(answer(2))?.map((key) => key.type)).toEqual(["ssh-ed25519", "ssh-rsa"]);
  expect(parseIdentities(Buffer.from([12, 0, 0, 0, 0]))).toEqual([]);
});

test("an answer that is cut or of another kind is none", () => {
  expect(parseIdentities(answer(3))).toBeUndefined();
  expect(parseIdentities(Buffer.from([5]))).toBeUndefined();
  fc.assert(
    fc.property(fc.integer({ min: 0, max: answer(2).length - 1 }), (end) => {
      expect(parseIdentities(answer(2).subarray(0, end))).toBeUndefined();
    }),
  );
});

test("is total", () => {
  fc.assert(fc.property(fc.uint8Array(), (bytes) => void parseIdentities(Buffer.from([12, ...bytes]))));
});

test.each([
  ["an answer in pieces", [string(answer(2)).subarray(0, 7), string(answer(2)).subarray(7)], 2],
  ["an answer without end", [Buffer.from([255, 255, 255, 255, 12])], undefined],
  ["nothing", [], undefined],
])("lists the keys over a socket: %s", async (_, pieces, count) => {
  const socketPath = join(mkdtempSync(join(tmpdir(), "agent-")), "socket");
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", () => {
      for (const piece of pieces) socket.write(piece);
      socket.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(socketPath, () => resolve()));
  expect((await listAgentKeys(socketPath))?.length).toBe(count);
  server.close();
});

test("no agent is no list", async () => {
  expect(await listAgentKeys("/nonexistent/agent")).toBeUndefined();
});
