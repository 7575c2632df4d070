import { Socket } from "node:net";
import { expect, test } from "vitest";
import { type ScanOptions, scanTcp } from "#net/tcp-scan.ts";
import { closedPort, listen } from "./peers.ts";

function options(ports: readonly number[], more: Partial<ScanOptions> = {}): ScanOptions {
  return {
    address: "127.0.0.1",
    ports,
    timeoutMs: 1000,
    maxInFlight: 200,
    signal: new AbortController().signal,
    onOpen: () => false,
    onProgress: () => undefined,
    ...more,
  };
}

test.each(["127.0.0.1", "::1"])("open and closed ports of %s are told apart", async (address) => {
  const open = await listen((socket) => socket.resume(), address);
  const closed = await closedPort();
  const result = await scanTcp(options([open, closed], { address }));
  expect(result).toMatchObject({ open: [open], closed: 1, rejected: 0, filtered: 0, unasked: 0, doubts: [] });
});

test("every port of loopback is asked, and no port answers to itself", async () => {
  const open = await listen((socket) => socket.resume());
  const ports = Array.from({ length: 65_535 }, (_, index) => index + 1);
  let progress = 0;
  const result = await scanTcp(options(ports, { onProgress: (done) => (progress = done) }));
  expect(result.open).toContain(open);
  expect(result.open.length + result.closed).toBe(65_535);
  expect(result.doubts).toEqual([]);
  expect(progress).toBe(65_535);
  const second = await scanTcp(options(result.open));
  expect(second.open).toContain(open);
});

test("a socket that is kept stays open, one that is not is reset", async () => {
  const seen: Socket[] = [];
  const ended = Promise.withResolvers<void>();
  const port = await listen((socket) => {
    seen.push(socket);
    socket.on("close", () => ended.resolve());
    socket.resume();
  });
  const kept: Socket[] = [];
  const keep = (socket: unknown) => socket instanceof Socket && kept.push(socket) > 0;
  await scanTcp(options([port], { onOpen: (_port, socket) => keep(socket) }));
  expect(kept[0]?.destroyed).toBe(false);
  kept[0]?.resetAndDestroy();
  await ended.promise;
  await scanTcp(options([port]));
  expect(seen).toHaveLength(2);
});

test("an abort ends the scan and counts what was not asked", async () => {
  const ports = Array.from({ length: 60_000 }, (_, index) => index + 1);
  const stop = new AbortController();
  const result = await scanTcp(
    options(ports, { signal: stop.signal, onProgress: (done) => done === 500 && stop.abort() }),
  );
  expect(result.unasked).toBeGreaterThan(50_000);
  expect(result.doubts).toEqual([`stopped with ${result.unasked} ports not asked`]);
  expect(result.unasked + result.closed + result.open.length).toBe(60_000);
});

test("an abort before the start asks nothing", async () => {
  const result = await scanTcp(options([1, 2, 3], { signal: AbortSignal.abort() }));
  expect(result).toMatchObject({ unasked: 3 });
  expect(result.doubts).toHaveLength(1);
});

test("no way to the address is not a rejection by the target", async () => {
  const result = await scanTcp(options([22, 80, 443], { address: "255.255.255.255" }));
  expect(result).toMatchObject({ open: [], closed: 0 });
  expect(result.unasked + result.rejected).toBe(3);
  if (result.unasked > 0) expect(result.doubts).toHaveLength(1);
});
