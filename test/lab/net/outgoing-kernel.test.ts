import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { Outbound } from "#evidence/outbound.ts";
import { isUnknown, seen } from "#model/unknown.ts";
import { output, read, value } from "../../collect/host/capture.ts";
import type { Door } from "./firewall-rules.ts";
import { box, iptables, nft, own, targets, tcpPorts } from "./outgoing-rules.ts";

// What the product says of connections outward by a packet filter's rules, held against the verdict of the kernel that has them.
const outside = `og-a-${process.pid}`;
const host = `og-b-${process.pid}`;
const inside = `og-c-${process.pid}`;
const families = ["ipv4", "ipv6"] as const;
const tries = families.flatMap((family) => [
  ...targets[family].flatMap((destination) => [
    ...tcpPorts.map((port) => ({ family, protocol: "tcp" as const, destination, port })),
    { family, protocol: "udp" as const, destination, port: 53 },
  ]),
]);
const functionOf = (file: string, name: string) =>
  new RegExp(`^${name}\\(\\) \\{\\n[\\s\\S]*?\\n\\}$`, "m").exec(
    readFileSync(`src/collect/host/script/${file}`, "utf8"),
  )?.[0];
const kernelFrame = functionOf("packet-filter.sh", "firewall_kernel");
const forwardWays = functionOf("outbound.sh", "forward_ways");
const seed = Number(process.env["FIREWALL_SEED"] ?? Date.now() % 1_000_000);
const rulesets = Number(process.env["FIREWALL_RULESETS"] ?? 20);

let doubts = 0;
const running: ChildProcessWithoutNullStreams[] = [];
const knockers = new Map<string, { child: ChildProcessWithoutNullStreams; answers: AsyncIterator<string> }>();

beforeAll(async () => {
  for (const name of [outside, host, inside]) ip("netns", "add", name);
  link(outside, "vb-out", host, "vb");
  link(outside, "vc-out", host, "vc");
  link(host, "docker0", inside, "eth0");
  for (const family of families) {
    const [near, other] = own[family];
    const [first, second, third, beside] = targets[family];
    for (const address of [first, second, third]) addressed(outside, "vb-out", address, address === first);
    addressed(outside, "vc-out", beside, true);
    addressed(host, "vb", near, true);
    addressed(host, "vc", other, true);
    addressed(host, "docker0", box[family].replace(/2$/, "1"), true);
    addressed(inside, "eth0", box[family], true);
    route(inside, family, box[family].replace(/2$/, "1"));
    route(host, family, first);
    route(outside, family, near);
  }
  within(host, "echo 1 > /proc/sys/net/ipv4/ip_forward; echo 1 > /proc/sys/net/ipv6/conf/all/forwarding");
  for (const name of [outside, host, inside])
    within(
      name,
      "for timer in /proc/sys/net/netfilter/nf_conntrack_*_timeout* /proc/sys/net/netfilter/nf_conntrack_*_timeout_*; do echo 1 > $timer; done",
    );
  const doorkeeper = start(outside, "doors.ts", `tcp:${tcpPorts}`, "udp:53", ...targets.ipv4, ...targets.ipv6);
  await once(doorkeeper.stdout, "data");
  for (const name of [host, inside]) {
    const child = start(name, "knock.ts");
    knockers.set(name, { child, answers: createInterface({ input: child.stdout })[Symbol.asyncIterator]() });
    expect((await knock(name)).every(Boolean)).toBe(true);
  }
});

afterAll(() => {
  for (const child of running) child.kill();
  for (const name of [outside, host, inside]) ip("netns", "del", name);
});

afterEach(() => {
  within(host, "nft flush ruleset");
  // Where it is said not to be known, nothing is held against the kernel: that must stay the exception.
  expect(doubts).toBe(0);
  doubts = 0;
});

test("iptables-restore", async () => {
  await fc.assert(
    fc.asyncProperty(iptables("ipv4"), iptables("ipv6"), async (ipv4, ipv6) => {
      within(host, "iptables-restore", ipv4);
      within(host, "ip6tables-restore", ipv6);
      await compare();
    }),
    { numRuns: rulesets, seed, endOnFailure: true },
  );
});

test("nft", async () => {
  await fc.assert(
    fc.asyncProperty(nft(), async (ruleset) => {
      within(host, "nft flush ruleset");
      within(host, "nft -f -", ruleset);
      await compare();
    }),
    { numRuns: rulesets, seed, endOnFailure: true },
  );
});

/** Whatever is said to be let through is answered, whatever is not said so is not. */
async function compare(): Promise<void> {
  const found = look();
  for (const [place, name] of [
    ["host", host],
    ["container", inside],
  ] as const) {
    const open = await knock(name);
    const said = tries.map((one) => saidOf(found, place, one));
    doubts += said.filter((word) => word === "unknown").length;
    const differs = (answers: readonly boolean[]) =>
      tries.filter((_, index) => said[index] !== "unknown" && (said[index] === "accept") !== answers[index]);
    // A busy machine answers late.
    const wrong = differs(open).length > 0 ? differs(await knock(name)) : [];
    expect({ place, wrong }).toEqual({ place, wrong: [] });
  }
}

type Try = (typeof tries)[number];

function saidOf(found: Outbound, from: "host" | "container", { protocol, destination, port }: Try): string {
  const one =
    protocol === "tcp"
      ? seen(found.canaries).find((each) => each.from === from && each.name === destination && each.port === port)
      : seen(found.resolvers).find(
          (each) => each.from === from && each.address === destination && each.protocol === "udp",
        );
  if (one === undefined) throw new Error(`nothing is said of ${from} ${destination} ${port}`);
  return isUnknown(one.filter) ? "unknown" : one.filter;
}

/** What the product says, from what the host script would print. */
function look(): Outbound {
  const addresses = [...new Set(tries.map(({ destination }) => destination))];
  const asked = tries.map(({ protocol, destination, port }) =>
    protocol === "tcp" ? `canary ${destination} ${port}` : `resolver ${destination}`,
  );
  const ask = `printf 'route get %s\\n' ${addresses.join(" ")} | ip -o -force -batch - | sed 's/^/way /'`;
  const contained = within(inside, ask);
  const frames: readonly (readonly [string, string])[] = [
    ["firewall.kernel", within(host, `have() { command -v "$1" > /dev/null 2>&1; }\n${kernelFrame}\nfirewall_kernel`)],
    ["firewall.nft", within(host, "nft -j list ruleset")],
    ["firewall.ipv4", within(host, "iptables-save")],
    ["firewall.ipv6", within(host, "ip6tables-save")],
    ["outbound.asked", asked.join("\n")],
    ["outbound.proxy", "process seen"],
    ["outbound.names", ""],
    ["outbound.host", within(host, ask)],
    ["outbound.spaces", "process 77 net:[1]"],
    ["outbound.within", "net:[1]\nservers "],
    ["outbound.container", contained],
    ["outbound.forward", within(host, `limited() { "$@"; }\n${forwardWays}\nforward_ways "$(cat)"`, contained)],
  ];
  return value(read(output(frames)), "outbound") as Outbound;
}

async function knock(name: string): Promise<readonly boolean[]> {
  const knocker = knockers.get(name);
  const doors = tries.map(({ family, protocol, destination, port }): Door => {
    const [near, other] = own[family];
    const source = destination === targets[family][3] ? other : near;
    return { protocol, source: name === inside ? box[family] : source, destination, port };
  });
  knocker?.child.stdin.write(`${JSON.stringify(doors)}\n`);
  const line = await knocker?.answers.next();
  return JSON.parse(line?.value);
}

/** Runs a shell command in a namespace. */
function within(name: string, script: string, input = ""): string {
  return execFileSync("ip", ["netns", "exec", name, "sh", "-c", script], {
    input,
    encoding: "utf8",
    stdio: ["pipe", "pipe", "pipe"],
  });
}

function start(name: string, file: string, ...more: string[]): ChildProcessWithoutNullStreams {
  const child = spawn("ip", ["netns", "exec", name, process.execPath, join(import.meta.dirname, file), ...more]);
  running.push(child);
  return child;
}

function link(one: string, name: string, other: string, peer: string): void {
  ip("link", "add", name, "netns", one, "type", "veth", "peer", "name", peer, "netns", other);
  for (const [space, each] of [
    [one, name],
    [other, peer],
  ] as const) {
    ip("-n", space, "link", "set", "lo", "up");
    ip("-n", space, "link", "set", each, "addrgenmode", "none");
    ip("-n", space, "link", "set", each, "up");
  }
}

/** An address with the network between two, or alone. */
function addressed(space: string, name: string, address: string, shared: boolean): void {
  const [near, alone, ...more] = address.includes(":") ? [64, 128, "nodad"] : [24, 32];
  ip("-n", space, "addr", "add", `${address}/${shared ? near : alone}`, "dev", name, ...more.map(String));
}

function route(space: string, family: "ipv4" | "ipv6", via: string): void {
  ip("-n", space, family === "ipv4" ? "-4" : "-6", "route", "add", "default", "via", via);
}

function ip(...args: string[]): void {
  execFileSync("ip", args);
}
