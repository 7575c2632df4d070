import { createServer } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { applyControls, askControls } from "#collect/outside/control.ts";
import type { TcpScan } from "#evidence/network.ts";
import { unknown } from "#model/unknown.ts";

const silentScan: TcpScan = {
  address: "203.0.113.5",
  family: "ipv4",
  probedPorts: 65535,
  closedPorts: 0,
  rejectedPorts: 0,
  filteredPorts: 65535,
  open: [],
  control: { established: false, how: "no port answered" },
};
const control = { address: "198.51.100.7", port: 443 };
const echo = (answered: boolean | ReturnType<typeof unknown>) => [
  { address: "203.0.113.5", family: "ipv4" as const, answered },
];

test.each([
  ["the address answers echoes and the control answers before and after", echo(true), [control], [[], []], true],
  ["no control was named", echo(true), [], [[], []], false],
  ["the control was silent afterwards", echo(true), [control], [[], [control]], false],
  ["the control was silent before", echo(true), [control], [[control], []], false],
  ["the address answers no echo", echo(false), [control], [[], []], false],
  ["echoes could not be sent", echo(unknown("no ICMP from here")), [control], [[], []], false],
  ["another address answers echoes", [{ ...echo(true)[0], address: "203.0.113.6" }], [control], [[], []], false],
] as const)("a silent scan where %s", (_name, echoes, controls, silent, established) => {
  // The table's literal types are narrower than the evidence's; the values are of its shape.
  const [scan] = applyControls([silentScan], echoes as Parameters<typeof applyControls>[1], { controls, silent });
  expect(scan).toMatchObject({ control: { established } });
});

test("a scan that something answered stays as it is", () => {
  const answered = { ...silentScan, control: { established: true, how: "port 22 answered (open)" } };
  expect(applyControls([answered], [], { controls: [], silent: [] })).toEqual([answered]);
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
  expect(await askControls([there, gone], 2_000, around)).toEqual([gone]);
  expect(await askControls([], 2_000, around)).toEqual([]);
});
