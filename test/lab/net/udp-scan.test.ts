import { execFile, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { UdpPort } from "#net/udp/scan.ts";
import { udpServices } from "#net/udp/services.ts";

const run = promisify(execFile);
const scanner = `udp-a-${process.pid}`;
const target = `udp-b-${process.pid}`;
const addresses = { ipv4: "10.99.8.2", ipv6: "fd99:8::2" };
const folder = mkdtempSync(join(tmpdir(), "sekisho-test-"));
const children: ReturnType<typeof spawn>[] = [];

beforeAll(() => {
  for (const name of [scanner, target]) ip("netns", "add", name);
  ip("link", "add", "ua", "netns", scanner, "type", "veth", "peer", "name", "ub", "netns", target);
  for (const [name, link, last] of [[scanner, "ua", 1] as const, [target, "ub", 2] as const]) {
    ip("-n", name, "addr", "add", `10.99.8.${last}/24`, "dev", link);
    ip("-n", name, "addr", "add", `fd99:8::${last}/64`, "dev", link, "nodad");
    for (const each of ["lo", link]) ip("-n", name, "link", "set", each, "up");
  }
});

afterAll(async () => {
  for (const child of children) child.kill("SIGKILL");
  await sleep(200);
  for (const name of [scanner, target]) ip("netns", "del", name);
  rmSync(folder, { recursive: true });
});

test.each(["ipv4", "ipv6"] as const)(
  "over %s a host that limits its ICMP errors is seen closed at every port, not filtered",
  async (family) => {
    rules("");
    const found = await scan(addresses[family]);
    expect(found.map(({ state }) => state)).toEqual(udpServices.map(() => "closed"));
  },
);

test("a host that drops is silent, and one that rejects is seen to", async () => {
  rules("udp dport 500 reject with icmpx admin-prohibited\nip protocol udp drop");
  const found = await scan(addresses.ipv4);
  expect(found.find(({ port }) => port === 500)?.state).toBe("rejected");
  expect(new Set(found.filter(({ port }) => port !== 500).map(({ state }) => state))).toEqual(new Set(["silent"]));
});

test.each(["ipv4", "ipv6"] as const)("over %s real servers answer in their own protocol", async (family) => {
  rules("");
  if (children.length === 0) {
    start("dnsmasq", "-k", "--no-resolv", "--no-hosts", "--user=root", "--pid-file=");
    start(
      "chronyd",
      "-x",
      "-d",
      "-u",
      "root",
      "allow all",
      "local stratum 10",
      "bindcmdaddress /",
      `pidfile ${folder}/chrony.pid`,
    );
    start("snmpd", "-f", "-Lo", "-C", "--rocommunity=lab", "udp:161,udp6:161");
    start("memcached", "-u", "nobody", "-U", "11211", "-l", "10.99.8.2", "-l", "fd99:8::2");
    await sleep(2500);
  }
  const found = await scan(addresses[family]);
  const speaking = found.filter(({ speaks }) => speaks).map(({ service, state }) => `${service} ${state}`);
  expect(speaking).toEqual(["DNS open", "NTP open", "SNMP open", "memcached open"]);
});

function start(program: string, ...args: readonly string[]): void {
  const command = ["netns", "exec", target, program, ...args];
  children.push(
    spawn("ip", command, {
      stdio: "ignore",
      cwd: folder,
      env: { ...process.env, PATH: `${process.env["PATH"]}:/usr/sbin` },
    }),
  );
}

function ip(...args: readonly string[]): void {
  execFileSync("ip", args);
}

function rules(text: string): void {
  const script = `flush ruleset\ntable inet t {\nchain in {\ntype filter hook input priority 0;\n${text}\n}\n}`;
  execFileSync("ip", ["netns", "exec", target, "nft", "-f", "-"], { input: script });
}

async function scan(address: string): Promise<readonly UdpPort[]> {
  const once = join(import.meta.dirname, "udp-once.ts");
  const { stdout } = await run("ip", ["netns", "exec", scanner, process.execPath, once, address]);
  return JSON.parse(stdout);
}
