import { expect, test } from "vitest";
import type { ScanOptions } from "#net/tcp-scan.ts";
import { type ScanBounds, scanThrough, usualBounds } from "#net/tunnel/scan-through.ts";
import { closedPort, listen } from "../peers.ts";
import { type Answer, connects, fails, hangs, prohibits, startJump, starves, tunnelTo } from "./jump.ts";

const fast: ScanBounds = { ...usualBounds, stallMs: 300 };
const refused = fails("Connection refused");

function options(ports: readonly number[], changes: Partial<ScanOptions> = {}): ScanOptions {
  return {
    address: "127.0.0.1",
    ports,
    timeoutMs: 300,
    maxInFlight: 4000,
    signal: new AbortController().signal,
    onOpen: () => false,
    onProgress: () => undefined,
    ...changes,
  };
}

const some = (count: number, from = 20_000) => Array.from({ length: count }, (_, index) => from + index);

test("open and closed ports are told apart, and the connection is handed over", async () => {
  const greets = await listen((socket) => socket.write("hello"));
  const shut = await closedPort();
  const tunnel = await tunnelTo(await startJump(() => connects));
  const heard = Promise.withResolvers<string>();
  const onOpen: ScanOptions["onOpen"] = (port, stream) => {
    stream?.on("data", (chunk: Buffer) => heard.resolve(`${port} ${chunk}`));
    return true;
  };
  const result = await scanThrough(tunnel, options([greets, shut], { onOpen }));
  expect(result).toMatchObject({ open: [greets], closed: 1, rejected: 0, filtered: 0, unasked: 0, doubts: [] });
  expect(await heard.promise).toBe(`${greets} hello`);
});

test("every port of a long list is asked once, likely and declared ones first", async () => {
  const jump = await startJump(() => refused);
  const ports = [...some(3000), 22, 443, 18_789];
  const result = await scanThrough(await tunnelTo(jump), options(ports, { first: [20_500, 1] }));
  expect(result).toMatchObject({ open: [], closed: 3003, unasked: 0, doubts: [] });
  expect(jump.asked.slice(0, 4)).toEqual([20_500, 22, 443, 18_789]);
  expect(jump.asked.length).toBe(3003);
});

test("each answer of the jump host's system counts as what it is", async () => {
  const answers = new Map<number, Answer>([
    [1, refused],
    [2, fails("No route to host")],
    [3, fails("Connection timed out")],
    [4, fails("Network is unreachable")],
  ]);
  const jump = await startJump((port) => answers.get(port) ?? refused);
  const result = await scanThrough(await tunnelTo(jump), options([1, 2, 3, 4]));
  expect(result).toMatchObject({ open: [], closed: 1, rejected: 1, filtered: 1, unasked: 1 });
  expect(result.doubts).toEqual(["1 ports had no route: ENETUNREACH"]);
});

test("a jump host that does not forward answers for no port, and is not asked for all", async () => {
  const jump = await startJump(() => prohibits);
  const result = await scanThrough(await tunnelTo(jump), options(some(5000)));
  expect(result).toMatchObject({ open: [], closed: 0, rejected: 0, filtered: 0, unasked: 5000 });
  expect(result.doubts.join()).toMatch(
    /^the vantage's SSH server does not forward to \d+ ports: .*\d+ ports were not asked$/,
  );
  expect(jump.asked.length).toBeLessThan(500);
});

test("ports that a jump host may not forward to are unasked, others are known", async () => {
  const open = await listen((socket) => socket.write("x"));
  const jump = await startJump((port) => (port === open ? connects : prohibits));
  const result = await scanThrough(await tunnelTo(jump), options([open, ...some(20)]));
  expect(result).toMatchObject({ open: [open], closed: 0, unasked: 20 });
  expect(result.doubts).toHaveLength(1);
});

test("connections that hang are bounded; those asked long enough ago are silent, the rest is not asked", async () => {
  const open = await listen((socket) => socket.write("x"));
  const jump = await startJump((port) => (port === open ? connects : hangs));
  const tunnel = await tunnelTo(jump);
  const bounds = { ...usualBounds, stallMs: 1500, mostAsked: 30 };
  const result = await scanThrough(tunnel, options([open, ...some(500)], { first: [open] }), bounds);
  expect(jump.mostWaiting).toBeLessThanOrEqual(31);
  expect(result).toMatchObject({ open: [open], closed: 0, filtered: 30, unasked: 470 });
  expect(result.doubts).toEqual([expect.stringMatching(/^470 ports were not asked: connections that nobody answers/)]);
  expect(tunnel.pending).toBe(30);
});

test("a scan that takes too long says so", async () => {
  const jump = await startJump(async () => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    return refused;
  });
  const bounds = { ...fast, mostAsked: 1, longestMs: 200 };
  const result = await scanThrough(await tunnelTo(jump), options(some(1000)), bounds);
  expect(result.closed + result.unasked).toBe(1000);
  expect(result.closed).toBeGreaterThan(0);
  expect(result.doubts).toEqual([expect.stringMatching(/took too long$/)]);
});

test("a jump host short of room is asked again with fewer at once, and nothing is lost", async () => {
  const jump = await startJump(async (_port, { waiting }) => {
    if (waiting > 24) return starves;
    await new Promise((resolve) => setTimeout(resolve, 5));
    return refused;
  });
  const result = await scanThrough(await tunnelTo(jump), options(some(300)));
  expect(result).toMatchObject({ closed: 300, unasked: 0, doubts: [] });
});

test("a jump host without a route shows nothing of any port", async () => {
  const jump = await startJump(() => starves);
  const result = await scanThrough(await tunnelTo(jump), options(some(2000)));
  expect(result).toMatchObject({ open: [], closed: 0, rejected: 0, filtered: 0, unasked: 2000 });
  expect(result.doubts.join()).toMatch(/no room or no route/);
  expect(jump.asked.length).toBeLessThan(1000);
});

test("a tunnel that breaks in the midst leaves what was not answered unasked, hanging ports too", async () => {
  const jump = await startJump((port, { asked, drop }) => {
    if (asked.length > 200) drop();
    return port % 10 === 0 ? hangs : refused;
  });
  const tunnel = await tunnelTo(jump);
  const result = await scanThrough(tunnel, options(some(5000)));
  expect(tunnel.lost.aborted).toBe(true);
  expect(result.filtered).toBe(0);
  expect(result.closed + result.unasked).toBe(5000);
  expect(result.closed).toBeGreaterThan(0);
  expect(result.doubts).toEqual([
    expect.stringMatching(/^\d+ ports were not asked: the SSH connection to the vantage broke$/),
  ]);
});

test("silence counts for nothing where what answered at first no longer does", async () => {
  const open = await listen((socket) => socket.write("x"));
  const jump = await startJump((port, { asked }) => (port === open && asked.length < 5 ? connects : hangs));
  const result = await scanThrough(await tunnelTo(jump), options([open, ...some(10)], { first: [open] }), fast);
  expect(result).toMatchObject({ open: [open], filtered: 10 });
  expect(result.doubts).toEqual([
    `port ${open} answered at first and no longer at the end: the scan was cut off on its way`,
  ]);
}, 40_000);

test("an abort ends the scan at once", async () => {
  const stop = new AbortController();
  const jump = await startJump((_port, { asked }) => {
    if (asked.length === 50) stop.abort();
    return refused;
  });
  const result = await scanThrough(await tunnelTo(jump), options(some(5000), { signal: stop.signal }));
  expect(result.unasked).toBeGreaterThan(4000);
  expect(result.doubts).toEqual([`stopped with ${result.unasked} ports not asked`]);
});
