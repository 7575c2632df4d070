import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface, type Interface } from "node:readline";
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { parseAddress, parseRange } from "#collect/host/address-range.ts";
import type { Firewall } from "#evidence/host.ts";
import { isUnknown } from "#model/unknown.ts";
import { output, read, value } from "../../collect/host/capture.ts";
import { type Door, host, iptables, nft, strangers, tcpPorts, udpPorts } from "./firewall-rules.ts";

// What the product says of a packet filter's rules, held against the verdict of the kernel that has them.
const outside = `fw-a-${process.pid}`;
const inside = `fw-b-${process.pid}`;
const families = ["ipv4", "ipv6"] as const;
const doors: readonly Door[] = families.flatMap((family) =>
  strangers[family].flatMap((source) => [
    ...tcpPorts.map((port) => ({ protocol: "tcp" as const, source, destination: host[family], port })),
    ...udpPorts.map((port) => ({ protocol: "udp" as const, source, destination: host[family], port })),
  ]),
);
const kernelFrame = /^firewall_kernel\(\) \{\n[\s\S]*?\n\}$/m.exec(
  readFileSync("src/collect/host/script/packet-filter.sh", "utf8"),
)?.[0];
const seed = Number(process.env["FIREWALL_SEED"] ?? Date.now() % 1_000_000);
const rulesets = Number(process.env["FIREWALL_RULESETS"] ?? 20);

let doubts = 0;
const running: ChildProcessWithoutNullStreams[] = [];
let knocker: ChildProcessWithoutNullStreams;
let answers: AsyncIterator<string>;

beforeAll(async () => {
  for (const name of [outside, inside]) ip("netns", "add", name);
  ip("link", "add", "va", "netns", outside, "type", "veth", "peer", "name", "vb", "netns", inside);
  plug(outside, "va", [...strangers.ipv4, ...strangers.ipv6]);
  plug(inside, "vb", [host.ipv4, host.ipv6]);
  ip("-n", inside, "route", "add", "default", "via", "10.99.8.1");
  ip("-n", inside, "-6", "route", "add", "default", "via", "fd99:8::1");
  // A connection of an earlier ruleset must not stand in the way of a new one from the same port.
  within(
    "for timer in /proc/sys/net/netfilter/nf_conntrack_*_timeout* /proc/sys/net/netfilter/nf_conntrack_*_timeout_*; do echo 1 > $timer; done",
  );
  const doorkeeper = start(inside, "doors.ts", `tcp:${tcpPorts}`, `udp:${udpPorts}`);
  await once(doorkeeper.stdout, "data");
  knocker = start(outside, "knock.ts");
  const lines: Interface = createInterface({ input: knocker.stdout });
  answers = lines[Symbol.asyncIterator]();
  const all = await knock();
  expect(all.every(Boolean)).toBe(true);
});

afterAll(() => {
  for (const child of running) child.kill();
  for (const name of [outside, inside]) ip("netns", "del", name);
});

afterEach(clear);
afterEach(() => {
  // Where something was not understood, what stands open need not be told of: that must stay the exception.
  expect(doubts).toBeLessThanOrEqual(rulesets / 4);
  doubts = 0;
});

test("iptables-restore", async () => {
  await fc.assert(
    fc.asyncProperty(iptables("ipv4"), iptables("ipv6"), async (ipv4, ipv6) => {
      within("iptables-restore", ipv4);
      within("ip6tables-restore", ipv6);
      await compare();
    }),
    { numRuns: rulesets, seed, endOnFailure: true },
  );
});

test("nft", async () => {
  await fc.assert(
    fc.asyncProperty(nft(), async (ruleset) => {
      clear();
      within("nft -f -", ruleset);
      await compare();
    }),
    { numRuns: rulesets, seed, endOnFailure: true },
  );
});

/** Every door that stands open is told of, or that something was not understood; none is told of that is shut. */
async function compare(): Promise<void> {
  const found = look();
  const known = found.accepts.flatMap((accept) => (isUnknown(accept) ? [] : [accept]));
  const doubtful = known.length < found.accepts.length;
  if (doubtful) doubts += 1;
  const open = await knock();
  const tells = (door: Door, from: "any" | "named") =>
    known.some((accept) => {
      const family = door.source.includes(":") ? "ipv6" : "ipv4";
      if (accept.family !== family || ![door.protocol, "any"].includes(accept.protocol)) return false;
      if (door.port < accept.firstPort || door.port > accept.lastPort) return false;
      if (accept.source === "any") return from === "any";
      return isIn(door.source, accept.source);
    });
  const untold = doors.filter((door, index) => open[index] === true && !tells(door, "any") && !doubtful);
  const shut = (index: number, said: readonly boolean[]) => said[index] === false;
  const doubted = doors.some((door, index) => shut(index, open) && tells(door, "named"));
  // A busy machine answers late.
  const again = doubted ? await knock() : open;
  const invented = doors.filter((door, index) => shut(index, open) && shut(index, again) && tells(door, "named"));
  const said = JSON.stringify(found.accepts, null, 1);
  expect({ untold, invented, said: untold.length + invented.length === 0 ? "" : said }).toEqual({
    untold: [],
    invented: [],
    said: "",
  });
}

function isIn(address: string, range: string): boolean {
  const at = parseAddress(address)?.value;
  const within = parseRange(range)?.interval;
  return at !== undefined && within !== undefined && within.first <= at && at <= within.last;
}

/** What the product says, from what the host script would print. */
function look(): Firewall {
  const frames = [
    ["firewall.kernel", `have() { command -v "$1" > /dev/null 2>&1; }\n${kernelFrame}\nfirewall_kernel`],
    ["firewall.nft", "nft -j list ruleset"],
    ["firewall.ipv4", "iptables-save"],
    ["firewall.ipv6", "ip6tables-save"],
    ["addresses", "ip -o addr show"],
    ["links", "ip -d -o link show"],
    ["routes", "ip route show table all; ip -6 route show table all"],
  ] as const;
  const host = read(output(frames.map(([name, script]) => [name, within(script)] as const)));
  return value(host, "firewall") as Firewall;
}

async function knock(): Promise<readonly boolean[]> {
  knocker.stdin.write(`${JSON.stringify(doors)}\n`);
  const { value: line } = await answers.next();
  return JSON.parse(line);
}

function clear(): void {
  within("nft flush ruleset");
}

/** Runs a shell command where the rules are. */
function within(script: string, input = ""): string {
  return execFileSync("ip", ["netns", "exec", inside, "sh", "-c", script], {
    input,
    encoding: "utf8",
    stdio: ["pipe", "pipe", "pipe"],
  });
}

function start(name: string, file: string, ...words: string[]): ChildProcessWithoutNullStreams {
  const child = spawn("ip", ["netns", "exec", name, process.execPath, join(import.meta.dirname, file), ...words]);
  running.push(child);
  return child;
}

/** Puts a link up with its addresses; those that are not of the network between the two stand alone. */
function plug(name: string, link: string, addresses: readonly string[]): void {
  ip("-n", name, "link", "set", "lo", "up");
  // An address of the link would be one more to come in by.
  ip("-n", name, "link", "set", link, "addrgenmode", "none");
  ip("-n", name, "link", "set", link, "up");
  for (const address of addresses) {
    const [near, alone, ...more] = address.includes(":") ? [64, 128, "nodad"] : [24, 32];
    const length = /^(10\.99\.8\.|fd99:8::)/.test(address) ? near : alone;
    ip("-n", name, "addr", "add", `${address}/${length}`, "dev", link, ...more.map(String));
  }
}

function ip(...args: string[]): void {
  execFileSync("ip", args);
}
