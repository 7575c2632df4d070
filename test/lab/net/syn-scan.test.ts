import { execFile, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { PortScans } from "#collect/outside/ports.ts";
import type { ScanResult } from "#net/tcp-scan.ts";

const run = promisify(execFile);
const scanner = `scan-a-${process.pid}`;
const target = `scan-b-${process.pid}`;
const addresses = { ipv4: "10.99.7.2", ipv6: "fd99:7::2" };
const open = [22, 443, 8443, 40_001, 65_535];
const listener = `for (const port of [${open}]) require("node:net").createServer((s) => s.destroy()).listen(port, "::"); console.log("up")`;
let server: ReturnType<typeof spawn> | undefined;

beforeAll(async () => {
  for (const name of [scanner, target]) ip("netns", "add", name);
  ip("link", "add", "va", "netns", scanner, "type", "veth", "peer", "name", "vb", "netns", target);
  for (const [name, link, last] of [[scanner, "va", 1] as const, [target, "vb", 2] as const]) {
    ip("-n", name, "addr", "add", `10.99.7.${last}/24`, "dev", link);
    ip("-n", name, "addr", "add", `fd99:7::${last}/64`, "dev", link, "nodad");
    for (const each of ["lo", link]) ip("-n", name, "link", "set", each, "up");
  }
  server = spawn("ip", ["netns", "exec", target, process.execPath, "-e", listener], { stdio: "pipe" });
  if (server.stdout !== null) await once(server.stdout, "data");
});

afterAll(() => {
  server?.kill();
  for (const name of [scanner, target]) ip("netns", "del", name);
});

const pings = "icmp type echo-request accept\nmeta l4proto ipv6-icmp accept";
const neighbours = "icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept";
const openPorts = `tcp dport { ${open.join(", ")} } accept`;

test.each(["ipv4", "ipv6"] as const)(
  "over %s a host that resets is seen alike in both ways, port by port",
  async (family) => {
    rules("accept");
    const { syn, connect } = await scan(addresses[family], 65_535, ["syn", "connect"]);
    expect(syn).toMatchObject({
      open,
      closed: 65_535 - open.length,
      filtered: 0,
      unasked: 0,
      doubts: [],
      method: "syn",
    });
    expect({ ...syn, method: "", echoed: false }).toEqual({ ...connect, method: "" });
  },
);

test.each(["ipv4", "ipv6"] as const)("over %s a host that drops is seen alike in both ways", async (family) => {
  rules(`${pings}\n${openPorts}`);
  const { syn, connect } = await scan(addresses[family], 9000, ["syn", "connect"]);
  expect(syn).toMatchObject({ open: [22, 443, 8443], closed: 0, filtered: 8997, doubts: [] });
  expect({ ...syn, method: "", echoed: false }).toEqual({ ...connect, method: "" });
});

test("a host of which nothing answers is told from one that is not there by nothing but silence", async () => {
  rules(neighbours);
  const { syn } = await scan(addresses.ipv4, 3000, ["syn"]);
  expect(syn).toMatchObject({ open: [], closed: 0, rejected: 0, filtered: 3000, doubts: [] });
});

test.each(["ipv4", "ipv6"] as const)("over %s a rejection is told from a reset", async (family) => {
  rules(`${pings}\n${openPorts}\nreject with icmpx type admin-prohibited`);
  const { syn } = await scan(addresses[family], 3000, ["syn"]);
  expect(syn).toMatchObject({ open: [22, 443], closed: 0, unasked: 0, doubts: [] });
  // The target's kernel limits how many of these messages it sends.
  expect(syn?.rejected).toBeGreaterThan(0);
  expect((syn?.rejected ?? 0) + (syn?.filtered ?? 0)).toBe(2998);
});

test("where one packet of a hundred gets lost no open port is missed, nor any closed one taken for filtered", async () => {
  rules("accept", "numgen random mod 100 < 1 drop");
  const { syn } = await scan(addresses.ipv4, 65_535, ["syn"]);
  expect(syn).toMatchObject({ open, closed: 65_535 - open.length, filtered: 0, doubts: [] });
});

test("a host that limits its resets is told of, and its silence is not taken for a filter", async () => {
  rules(`${openPorts}\nlimit rate 100/second accept`);
  const { syn } = await scan(addresses.ipv4, 9000, ["syn"]);
  expect(syn?.open).toEqual([22, 443, 8443]);
  expect(syn?.doubts).toEqual([expect.stringMatching(/control probes were lost/)]);
});

test("a limit on connections is told of where echoes pass it", async () => {
  rules(`${pings}\ntcp dport { 22, 443, 8443 } limit rate 2/second accept`);
  const { syn } = await scan(addresses.ipv4, 9000, ["syn"]);
  expect(syn?.doubts).toEqual([expect.stringMatching(/control probes were lost/)]);
});

test("a path that loses much is told of where nothing but SSH answers", async () => {
  rules(`${neighbours}\ntcp dport 22 accept`, "tcp flags syn numgen random mod 100 < 60 drop");
  const { syn } = await scan(addresses.ipv4, 65_535, ["syn"]);
  expect(syn?.open.length === 0 || syn?.doubts.length === 1).toBe(true);
});

test("a host that limits its echo replies is not taken for a lossy path", async () => {
  rules(`${neighbours}\nicmp type echo-request limit rate 5/second accept\n${openPorts}`);
  const { syn } = await scan(addresses.ipv4, 40_000, ["syn"]);
  expect(syn).toMatchObject({ open: [22, 443, 8443], doubts: [] });
});

test("a path that is cut in the midst is told of, and the scan ends", async () => {
  rules("accept");
  const scanned = scan(addresses.ipv4, 65_535, ["syn"]);
  await new Promise((resolve) => setTimeout(resolve, 1500));
  rules(neighbours);
  const { syn } = await scanned;
  expect(syn?.doubts).toEqual([
    expect.stringMatching(/at first and no longer at the end: the scan was cut off on its way/),
  ]);
});

test("a port that this machine's own filter keeps in was not asked", async () => {
  rules("accept");
  nft(scanner, "table inet own {\nchain out {\ntype filter hook output priority 0\ntcp dport 5000-5009 drop\n}\n}");
  const { syn } = await scan(addresses.ipv4, 9000, ["syn"]);
  nft(scanner, "");
  expect(syn).toMatchObject({ unasked: 10, doubts: [expect.stringMatching(/own packet filter/)] });
});

test("where a SYN of ours is kept out and a connection is not, the silence is not believed", async () => {
  rules(`${neighbours}\n${openPorts}`, "tcp flags syn tcp option sack-perm missing drop");
  const { syn, chosen } = await scan(addresses.ipv4, 500, ["syn", "chosen"]);
  expect(syn).toMatchObject({ open: [], filtered: 500 });
  expect(chosen?.scans).toMatchObject([{ open: [{ port: 22 }, { port: 443 }], filteredPorts: 498 }]);
  expect(chosen?.method).toMatch(/TCP connect .*a SYN got no answer where a connection did/);
});

test("where nothing answers either way, the scan by SYN stands", async () => {
  rules(neighbours);
  const { chosen } = await scan(addresses.ipv4, 500, ["chosen"]);
  expect(chosen?.scans).toMatchObject([{ open: [], filteredPorts: 500 }]);
  expect(chosen?.method).toMatch(/^TCP SYN/);
});

test("without the right to send raw packets, and to this machine's own address, there is no link", async () => {
  const command = [process.execPath, join(import.meta.dirname, "scan-once.ts"), addresses.ipv4, "10", "syn"];
  const bare = ["netns", "exec", scanner, "setpriv", "--bounding-set=-net_raw", "--inh-caps=-net_raw", ...command];
  expect(JSON.parse((await run("ip", bare)).stdout).syn).toMatch(/CAP_NET_RAW/);
  const own = ["netns", "exec", scanner, ...command.with(2, "10.99.7.1")];
  expect(JSON.parse((await run("ip", own)).stdout).syn).toMatch(/own/);
});

async function scan(
  address: string,
  last: number,
  ways: readonly string[],
): Promise<{ syn?: ScanResult; connect?: ScanResult; chosen?: PortScans }> {
  const program = join(import.meta.dirname, "scan-once.ts");
  const args = ["netns", "exec", scanner, process.execPath, program, address, String(last), ...ways];
  return JSON.parse((await run("ip", args)).stdout);
}

function rules(input: string, before = ""): void {
  const early = before === "" ? "" : `chain early {\ntype filter hook prerouting priority -300\n${before}\n}\n`;
  nft(
    target,
    `table inet own {\n${early}chain input {\ntype filter hook input priority 0; policy drop;\n${input}\n}\n}`,
  );
}

function nft(name: string, text: string): void {
  ip("netns", "exec", name, "nft", "flush", "ruleset");
  execFileSync("ip", ["netns", "exec", name, "nft", "-f", "-"], { input: `${text}\n` });
}

function ip(...args: string[]): void {
  execFileSync("ip", args);
}
