import { createServer } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { applyControls, askControls, type UncontrolledScan } from "#collect/outside/control.ts";
import type { Icmp } from "#evidence/network.ts";
import { unknown } from "#model/unknown.ts";
import { listen } from "../../net/peers.ts";
import { collect } from "./harness.ts";

const scan = (open: readonly number[], closedPorts = 0): UncontrolledScan => ({
  address: "203.0.113.5",
  family: "ipv4",
  probedPorts: 65535,
  closedPorts,
  rejectedPorts: 0,
  filteredPorts: 65535 - open.length - closedPorts,
  open: open.map((port) => ({ port })),
});
const silent = scan([]);
const ssh = { address: "198.51.100.7", port: 22 };
const web = { address: "198.51.100.7", port: 443 };
const echo = (answered: boolean | ReturnType<typeof unknown>): Icmp => [
  { address: "203.0.113.5", family: "ipv4", answered },
];
const elsewhere: Icmp = [{ address: "203.0.113.6", family: "ipv4", answered: true }];
const both = [ssh, web];

test.each([
  ["22/tcp is open", scan([22]), [], [], [[], []], "22/tcp is open"],
  ["22/tcp is open beside others", scan([22, 443]), [], [], [[], []], "22/tcp is open"],
  [
    "another port is open and a control on port 22 answers",
    scan([443]),
    [],
    [ssh],
    [[], []],
    "443/tcp is open, and connections to 198.51.100.7 22/tcp were answered",
  ],
  [
    "echoes are answered and so is a control on port 22",
    silent,
    echo(true),
    both,
    [[], []],
    "echo requests were answered, and connections to 198.51.100.7 22/tcp, 198.51.100.7 443/tcp were answered",
  ],
])("silence is the target's where %s", (_name, one, echoes, controls, without, how) => {
  const asked = { controls, silent: without, local: false };
  expect(applyControls([one], echoes, asked)).toEqual([{ ...one, control: { established: true, how } }]);
});

test("an echo that was answered in the midst of the scan is as good as one at its beginning", () => {
  const asked = { controls: both, silent: [[], []], local: false };
  const judged = (echoing: string) => applyControls([silent], echo(false), asked, new Set([echoing]));
  expect(judged(silent.address)).toMatchObject([{ control: { established: true } }]);
  expect(judged("203.0.113.6")).toMatchObject([{ control: { established: false } }]);
});

const noControl = "no control on port 22 was named to show that connections to 22/tcp leave this place";
const resets = "no port was open and no echo request was answered; resets may come from anything on the way";

test.each([
  ["another port is open and no control was named", scan([443]), [], [], [[], []], noControl],
  ["another port is open and a control answers on 443 alone", scan([443], 3), [], [web], [[], []], noControl],
  ["every port answers with a reset", scan([], 65535), [], [ssh], [[], []], resets],
  ["a reset came and no control was named", scan([], 1), [], [], [[], []], `${resets}; ${noControl}`],
  ["echoes alone are answered", silent, echo(true), [], [[], []], noControl],
  [
    "the control was silent afterwards",
    scan([443]),
    [],
    [ssh],
    [[], [ssh]],
    "the control did not answer: 198.51.100.7 22/tcp",
  ],
  [
    "one of the controls was silent before",
    silent,
    echo(true),
    both,
    [[web], []],
    "the control did not answer: 198.51.100.7 443/tcp",
  ],
  ["nothing answers", silent, echo(false), [ssh], [[], []], "no port answered, and no echo request"],
  [
    "echoes could not be sent",
    silent,
    echo(unknown("no ICMP from here")),
    [ssh],
    [[], []],
    "no port answered, and no echo request",
  ],
  ["another address answers echoes", silent, elsewhere, [ssh], [[], []], "no port answered, and no echo request"],
])("silence proves nothing where %s", (_name, one, echoes, controls, without, how) => {
  const asked = { controls, silent: without, local: false };
  expect(applyControls([one], echoes, asked)).toEqual([{ ...one, control: { established: false, how } }]);
});

test("this machine needs no control for its own addresses", () => {
  const asked = { controls: [], silent: [[], []], local: true };
  expect(applyControls([silent], [], asked)).toMatchObject([{ control: { established: true } }]);
});

test("a scan that found an open port beside 22 and many closed ones has no control by that", async () => {
  const open = await listen((socket) => socket.end("220 hello\r\n"));
  const ports = [open, 1, 2, 3];
  const { tcp } = await collect({ ports });
  expect(tcp[0]).toMatchObject({ open: [{ port: open }], control: { established: false } });
  expect(tcp[0]?.control.how).toContain("no control on port 22");
  const { tcp: own } = await collect({ ports, local: true });
  expect(own[0]?.control.established).toBe(true);
});

const server = createServer((socket) => socket.end());
let port = 0;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  port = typeof address === "object" && address !== null ? address.port : 0;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

test("controls are asked over TCP", async () => {
  const around = { signal: new AbortController().signal, now: () => new Date(), progress: () => undefined };
  const there = { address: "127.0.0.1", port };
  const gone = { address: "127.0.0.1", port: 1 };
  expect(await askControls({ controls: [there, gone], timeoutMs: 2_000 }, around)).toEqual([gone]);
  expect(await askControls({ controls: [], timeoutMs: 2_000 }, around)).toEqual([]);
});
