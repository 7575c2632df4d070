import { expect, test } from "vitest";
import { captured, output, read, value } from "./capture.ts";

/** Accepted connections, one word each: `tcp 443 any`, `?` for an open end. */
function accepts(bytes: Uint8Array, family = "ipv4"): string[] {
  const found = value(read(bytes), "firewall") as { accepts: Record<string, unknown>[] };
  return found.accepts
    .filter((entry) => "$unknown" in entry || entry["family"] === family)
    .map((entry) => {
      if ("$unknown" in entry) return "?";
      const ports =
        entry["firstPort"] === entry["lastPort"] ? entry["firstPort"] : `${entry["firstPort"]}-${entry["lastPort"]}`;
      return `${entry["protocol"]} ${ports} ${entry["source"]}`;
    });
}

const table = [
  {
    name: "iptables-1.8.9/ufw-allow-list",
    ipv4: [
      "tcp 443 any",
      "tcp 22 198.51.100.0/24",
      "tcp 2222 any",
      "tcp 6000-6007 any",
      "tcp 80 198.51.100.7",
      "tcp 8443 198.51.100.7",
      "udp 68 any",
      "tcp 8080 10.8.0.0/24",
      "udp 8080 10.8.0.0/24",
    ],
    ipv6: ["tcp 443 any", "tcp 2222 any", "tcp 6000-6007 any", "udp 546 fe80::/10"],
  },
  { name: "iptables-1.8.9/ufw-default-allow", ipv4: ["any 0-65535 any"], ipv6: ["any 0-65535 any"] },
  { name: "iptables-1.8.9/empty", ipv4: ["any 0-65535 any"], ipv6: ["any 0-65535 any"] },
  {
    name: "iptables-1.8.9/plain",
    ipv4: ["tcp 22 any", "tcp 443 any", "tcp 8000-8010 any", "tcp 5432 198.51.100.0/24", "?"],
    ipv6: ["?"],
  },
  {
    name: "nftables-1.0.6/native",
    ipv4: [
      "tcp 22 192.0.2.10",
      "tcp 22 198.51.100.0/24",
      "tcp 8022 192.0.2.10",
      "tcp 8022 198.51.100.0/24",
      "tcp 80 any",
      "tcp 443 any",
      "tcp 9000-9010 10.0.0.0/8",
      "tcp 26 any",
      "udp 51820 any",
      "tcp 18789 10.8.0.0/24",
    ],
    ipv6: ["tcp 80 any", "tcp 443 any", "tcp 22 2001:db8:1::/48", "tcp 26 any", "udp 51820 any"],
  },
  { name: "docker-20.10.24/published", ipv4: ["tcp 18789 any", "udp 5353 any"], ipv6: [] },
  { name: "docker-20.10.24/docker-user", ipv4: ["tcp 18789 198.51.100.0/24", "udp 5353 any"], ipv6: [] },
];

test.each(table)("$name lets in what its rules say", ({ name, ipv4, ipv6 }) => {
  expect(accepts(captured(name))).toEqual(ipv4);
  expect(accepts(captured(name), "ipv6")).toEqual(ipv6);
});

const facts = [
  { name: "iptables-1.8.9/ufw-allow-list", manager: "ufw", active: true, policy: "drop" },
  { name: "iptables-1.8.9/ufw-default-allow", manager: "ufw", active: false, policy: "accept" },
  { name: "iptables-1.8.9/empty", manager: "none", active: false, policy: "accept" },
  { name: "iptables-1.8.9/plain", manager: "iptables", active: true, policy: "reject" },
  { name: "nftables-1.0.6/native", manager: "nftables", active: true, policy: "reject" },
];

test.each(facts)("$name is managed by $manager", ({ name, manager, active, policy }) => {
  expect(value(read(captured(name)), "firewall")).toMatchObject({ manager, active, inputPolicyIpv4: policy });
});

/** A host with one interface and these rules in INPUT, policy drop. */
function rules(...lines: string[]): Buffer {
  const chains = [...new Set(lines.map((line) => /^-A (\S+)/.exec(line)?.[1]))].filter((name) => name !== "INPUT");
  const save = [
    "*filter",
    ":INPUT DROP [0:0]",
    ...chains.map((name) => `:${name} - [0:0]`),
    ...lines,
    "COMMIT",
    "",
  ].join("\n");
  return output([
    ["firewall.kernel", "program iptables-save\nno ipv6\n"],
    ["addresses", "2: eth0    inet 203.0.113.5/24 brd 203.0.113.255 scope global eth0\\       valid_lft forever\n"],
    ["firewall.ipv4", save],
    ["firewall.ipv6", ""],
  ]);
}

const single: readonly (readonly [string, string[], string[]])[] = [
  ["a rule for loopback is none for the network", ["-A INPUT -i lo -j ACCEPT"], []],
  ["established connections are not new", ["-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT"], []],
  ["what is dropped before is not let in", ["-A INPUT -j DROP", "-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT"], []],
  [
    "a dropped source leaves the others",
    ["-A INPUT -s 192.0.2.0/24 -j DROP", "-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT"],
    ["tcp 22 any"],
  ],
  [
    "everyone but some is dropped",
    ["-A INPUT ! -s 192.0.2.0/24 -j DROP", "-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT"],
    ["tcp 22 192.0.2.0/24"],
  ],
  ["a match that is not understood leaves the end open", ["-A INPUT -m set --match-set office src -j ACCEPT"], ["?"]],
  [
    "a drop that is not understood drops nothing",
    ["-A INPUT -m set --match-set bad src -j DROP", "-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT"],
    ["tcp 22 any"],
  ],
  [
    "a return that is not understood may lead on",
    [
      "-A INPUT -j sub",
      "-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT",
      "-A sub -m set --match-set office src -j RETURN",
      "-A sub -j DROP",
    ],
    ["?"],
  ],
  ["a chain that is missing leaves the end open", ["-A INPUT -j nowhere"], ["?"]],
  ["a limit still lets in", ["-A INPUT -p tcp -m tcp --dport 22 -m limit --limit 3/min -j ACCEPT"], ["tcp 22 any"]],
  ["multicast is not sent to this host", ["-A INPUT -d 224.0.0.251/32 -p udp -m udp --dport 5353 -j ACCEPT"], []],
  ["another host's address is not this one's", ["-A INPUT -d 203.0.113.6/32 -p tcp -m tcp --dport 22 -j ACCEPT"], []],
  ["this host's address is", ["-A INPUT -d 203.0.113.5/32 -p tcp -m tcp --dport 22 -j ACCEPT"], ["tcp 22 any"]],
  ["ICMP is neither TCP nor UDP", ["-A INPUT -p icmp -j ACCEPT"], []],
  ["a chain that calls itself ends", ["-A INPUT -j a", "-A a -j a"], ["?"]],
  ["a queue may let in", ["-A INPUT -j NFQUEUE --queue-num 0"], ["?"]],
];

test.each([
  [
    "two halves are any",
    ["-s 0.0.0.0/1 -p tcp -m tcp --dport 22", "-s 128.0.0.0/1 -p tcp -m tcp --dport 22"],
    ["tcp 22 any"],
  ],
  [
    "halves that share some ports are any there",
    ["-s 0.0.0.0/1 -p tcp -m tcp --dport 20:22", "-s 128.0.0.0/1 -p tcp -m tcp --dport 22:24"],
    ["tcp 22 any", "tcp 20-22 0.0.0.0/1", "tcp 23-24 128.0.0.0/1"],
  ],
  [
    "two small ranges stay themselves",
    ["-s 10.0.0.0/8 -p tcp -m tcp --dport 22", "-s 192.0.2.0/24 -p tcp -m tcp --dport 22"],
    ["tcp 22 10.0.0.0/8", "tcp 22 192.0.2.0/24"],
  ],
])("%s", (_name, lines, expected) => {
  expect(accepts(rules(...lines.map((line) => `-A INPUT ${line} -j ACCEPT`)))).toEqual(expected);
});

test.each([
  ["a line not understood", "what is this", "ok"],
  ["an end that was cut", "*filter\n", "truncated"],
  ["no answer", "", "denied"],
])("legacy tables with %s leave the end open", (_name, text, state) => {
  const bytes = output([
    ["firewall.kernel", "program iptables-save\nno ipv6\n"],
    ["firewall.ipv4", "*filter\n:INPUT DROP [0:0]\nCOMMIT\n"],
    ["firewall.ipv6", ""],
    ["firewall.legacy4", text, state],
  ]);
  expect(accepts(bytes)).toEqual(["?"]);
});

test.each(single)("%s", (_name, lines, expected) => {
  expect(accepts(rules(...lines))).toEqual(expected);
});

// nft(8) leaves out what the kind of rejection says already: `meta nfproto ipv6 reject` is listed as this rejection alone.
test.each([
  [{ type: "icmpv6", expr: "port-unreachable" }, ["any 0-65535 any"], []],
  [{ type: "icmp", expr: "port-unreachable" }, [], ["any 0-65535 any"]],
  [{ type: "icmpx", expr: "port-unreachable" }, [], []],
  [{ type: "tcp reset" }, ["udp 0-65535 any"], ["udp 0-65535 any"]],
])("a rejection of kind %o is of its own family and protocol", (reject, ipv4, ipv6) => {
  const at = { family: "inet", table: "own" };
  const hook = { type: "filter", hook: "input", prio: 0, policy: "accept" };
  const nftables = [
    { table: { family: "inet", name: "own", handle: 1 } },
    { chain: { ...at, name: "input", handle: 1, ...hook } },
    { rule: { ...at, chain: "input", handle: 2, expr: [{ reject }] } },
  ];
  const bytes = output([
    ["firewall.kernel", "module nf_tables\nprogram nft\n"],
    ["firewall.nft", JSON.stringify({ nftables })],
  ]);
  expect([accepts(bytes, "ipv4"), accepts(bytes, "ipv6")]).toEqual([ipv4, ipv6]);
});

test("a line that is not understood leaves the end open", () => {
  expect(accepts(rules("what is this"))).toEqual(["?"]);
});

test("no tool and no module: nothing can be filtered", () => {
  const bytes = output([["firewall.kernel", "no ipv6\n"]]);
  expect(value(read(bytes), "firewall")).toMatchObject({ manager: "none", active: false });
});

test("a module and no tool: could not look", () => {
  expect(value(read(output([["firewall.kernel", "module nf_tables\n"]])), "firewall")).toMatchObject({
    status: "failed",
    reason: "unsupported",
  });
});

// A kernel that has its packet filter built in shows no module; a firewall's own program says that there is one.
test.each(["builtin unknown", "program ufw", "ufw yes", "program firewall-cmd"])(
  "without a tool that reads rules, and with «%s», it is not known whether there are any",
  (line) => {
    expect(value(read(output([["firewall.kernel", `${line}\nno ipv6\n`]])), "firewall")).toMatchObject({
      status: "failed",
      reason: "unsupported",
    });
  },
);
