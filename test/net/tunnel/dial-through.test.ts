import { once } from "node:events";
import { createServer } from "node:https";
import type { Duplex } from "node:stream";
import { expect, test } from "vitest";
import { collectNetwork } from "#collect/outside/collect.ts";
import type { Evidence } from "#model/bundle.ts";
import { isFailure, type Limits } from "#net/dial.ts";
import { gather } from "#net/gather.ts";
import { dialThrough, mostPending } from "#net/tunnel/dial-through.ts";
import { wayThrough } from "#net/tunnel/way.ts";
import { closedPort, issue, listen, listenOn } from "../peers.ts";
import { startSshServer } from "../session/ssh-server.ts";
import { connects, fails, hangs, prohibits, startJump, starves, tunnelTo } from "./jump.ts";

function limits(timeoutMs = 2000, signal = new AbortController().signal): Limits {
  return { timeoutMs, signal };
}

async function dial(port: number, jump: Awaited<ReturnType<typeof startJump>>): Promise<Duplex> {
  const stream = await dialThrough(await tunnelTo(jump), { address: "127.0.0.1", port }, limits());
  if (isFailure(stream)) throw new Error(stream.detail);
  return stream;
}

test("bytes go both ways, many of them, and the peer's end is the stream's", async () => {
  const port = await listen((socket) => socket.pipe(socket));
  const stream = await dial(port, await startJump(() => connects));
  const sent = Buffer.alloc(5 * 1024 * 1024, "sekisho");
  const chunks: Buffer[] = [];
  stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  stream.end(sent);
  await once(stream, "close");
  expect(Buffer.concat(chunks).equals(sent)).toBe(true);
});

test("a peer that closes at once is told as one, and a write afterwards does not hang", async () => {
  const port = await listen((socket) => socket.end());
  const stream = await dial(port, await startJump(() => connects));
  const heard = await gather(stream, { ...limits(), maxBytes: 100, decided: () => false });
  expect(heard).toMatchObject({ end: "closed", bytes: Buffer.alloc(0) });
  const called = Promise.withResolvers<void>();
  stream.write("late", () => called.resolve());
  await called.promise;
});

test("an endless peer is not read beyond what is wanted", async () => {
  let sent = 0;
  const port = await listen((socket) => {
    const chunk = Buffer.alloc(65_536);
    const next = () => {
      sent += chunk.length;
      if (socket.destroyed || sent > 64 * 1024 * 1024) return;
      if (socket.write(chunk)) setImmediate(next);
      else socket.once("drain", next);
    };
    next();
  });
  const stream = await dial(port, await startJump(() => connects));
  const heard = await gather(stream, { ...limits(), maxBytes: 1000, decided: () => false });
  expect(heard.end).toBe("limit");
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(sent).toBeLessThan(64 * 1024 * 1024);
  stream.destroy();
});

test.each([
  [fails("Connection refused"), { reason: "refused", detail: "connecting: ECONNREFUSED" }],
  [fails("No route to host"), { reason: "unreachable", detail: "connecting: EHOSTUNREACH" }],
  [fails("Connection timed out"), { reason: "timeout", detail: "connecting: ETIMEDOUT" }],
  [prohibits, { reason: "denied", detail: "the vantage's SSH server does not forward there" }],
  [starves, { reason: "unreachable" }],
  [hangs, { reason: "timeout", detail: "no connection in 200 ms" }],
])("%j is a failure of its own", async (answer, failure) => {
  const tunnel = await tunnelTo(await startJump(() => answer));
  expect(await dialThrough(tunnel, { address: "127.0.0.1", port: 9 }, limits(200))).toMatchObject(failure);
});

test("a connection that stands too late is ended, and counts until then", async () => {
  const ended = Promise.withResolvers<void>();
  const port = await listen((socket) => {
    socket.resume().on("close", () => ended.resolve());
  });
  const go = Promise.withResolvers<void>();
  const tunnel = await tunnelTo(await startJump(() => go.promise.then(() => connects)));
  expect(await dialThrough(tunnel, { address: "127.0.0.1", port }, limits(100))).toMatchObject({ reason: "timeout" });
  expect(tunnel.pending).toBe(1);
  go.resolve();
  await ended.promise;
  expect(tunnel.pending).toBe(0);
});

test("no more is asked for than a usual sshd has room for", async () => {
  const jump = await startJump(() => hangs);
  const tunnel = await tunnelTo(jump);
  const all = Array.from({ length: mostPending + 50 }, () =>
    dialThrough(tunnel, { address: "127.0.0.1", port: 9 }, limits(500)),
  );
  await Promise.all(all);
  expect(jump.asked.length).toBe(mostPending);
});

test("a tunnel that breaks stops what goes through it before a stream ends", async () => {
  const port = await listen((socket) => socket.resume());
  const jump = await startJump(() => connects);
  const tunnel = await tunnelTo(jump);
  const stream = await dialThrough(tunnel, { address: "127.0.0.1", port }, limits());
  if (isFailure(stream)) throw new Error(stream.detail);
  const order: string[] = [];
  tunnel.lost.addEventListener("abort", () => order.push("lost"));
  stream.on("end", () => order.push("end")).resume();
  jump.drop();
  await once(stream, "close");
  expect(order).toEqual(["lost", "end"]);
  expect(await dialThrough(tunnel, { address: "127.0.0.1", port }, limits())).toMatchObject({
    detail: "the SSH connection to the vantage broke",
  });
});

/** What a value says, without what differs from one look to the next. */
function telling(evidence: readonly Evidence[]): unknown {
  return evidence.filter(({ kind }) => kind !== "icmp" && kind !== "udp").map(({ kind, attempt }) => [kind, attempt]);
}

test("SSH, TLS and HTTP look through a tunnel as they do from here", async () => {
  const { key, cert } = issue({ subject: "claw.test" });
  const web = createServer({ key, cert }, (_request, response) => response.end('<form><input type="password"></form>'));
  const secure = await listenOn(web);
  const { port: ssh } = await startSshServer({ hostKeys: [(await startJump(() => connects)).hostKey] });
  const plan = {
    vantage: "here",
    names: ["claw.test"],
    addresses: ["127.0.0.1"],
    ports: [secure, ssh, await closedPort()],
    controls: [],
    sshUsers: ["root"],
    userAgent: "sekisho/0",
    timeoutMs: 2000,
    local: false,
  };
  const around = {
    signal: new AbortController().signal,
    now: () => new Date("2026-11-23T00:00:00Z"),
    progress: () => undefined,
  };
  const way = wayThrough(await tunnelTo(await startJump(() => connects)));
  const direct = await collectNetwork(plan, around);
  const through = await collectNetwork({ ...plan, way }, around);
  expect(telling(through.evidence)).toEqual(telling(direct.evidence));
  for (const [kind, protocol] of [
    ["icmp", "ICMP"],
    ["udp", "UDP"],
  ]) {
    expect(through.evidence.find((one) => one.kind === kind)?.attempt).toEqual({
      status: "not_attempted",
      detail: `an SSH tunnel carries TCP connections only: no ${protocol} goes through it`,
    });
  }
  expect(JSON.stringify(through.evidence)).toMatch(/"servesLogin":true.*/);
  expect(through.connections).toEqual(direct.connections);
}, 60_000);
