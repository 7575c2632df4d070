import { describe, expect, test } from "vitest";
import { project, projectFacts } from "#engine/facts.ts";
import { validateFacts } from "#expression/facts.ts";
import { absent, failed, notAttempted, observed } from "#model/attempt.ts";
import type { EvidenceBundle } from "#model/bundle.ts";
import type { Target } from "#model/target.ts";
import { bundle, look, scan, sshServer, vantage } from "./bundles.ts";

const outside = vantage("outside");
const inside = vantage("host", "inside");

describe("host kinds", () => {
  const host = (...evidence: EvidenceBundle["evidence"]) => projectFacts(bundle({ vantages: [inside], evidence })).host;

  test("an observed record has its fields and present", () => {
    expect(host(look("host", "cpu", observed({ cores: 4 })))).toEqual({ cpu: { cores: 4, present: true } });
  });

  test("an absent record is not present and says nothing else, an absent list is empty", () => {
    const facts = host(look("host", "openclaw", absent("no unit")), look("host", "disks", absent("none")));
    expect(facts).toEqual({ openclaw: { present: false }, disks: [] });
  });

  test("what failed or was not attempted is left out", () => {
    const facts = host(look("host", "cpu", failed("denied", "no")), look("host", "os", notAttempted("no login")));
    expect(facts).toEqual({});
  });

  test("an unknown field is left out, an unknown element has no field", () => {
    const vpn = { kinds: [], networks: { $unknown: "denied" } };
    const disks = [{ mount: "/", inodesUsedPercent: { $unknown: "old df" } }, { $unknown: "cut" }];
    const facts = host(look("host", "vpn", observed(vpn)), look("host", "disks", observed(disks)));
    expect(facts).toEqual({ vpn: { kinds: [], present: true }, disks: [{ mount: "/" }, {}] });
  });

  test("what has another shape than its kind is left out", () => {
    const evidence = [
      look("host", "cpu", observed([4])),
      look("host", "disks", observed({})),
      look("host", "x", observed({})),
    ];
    const { facts, gaps } = project(bundle({ vantages: [inside], evidence }));
    expect(facts.host).toEqual({});
    expect(gaps.get("host.cpu")?.[0]?.text.en).toMatch(/another shape/);
  });

  test("an unknown in place of the whole value is left out", () => {
    expect(host(look("host", "cpu", observed({ $unknown: "cut" })))).toEqual({});
  });

  test("of two readings the later one that could tell counts", () => {
    const evidence = [
      look("host", "cpu", observed({ cores: 8 }), "2026-11-22T05:10:00.000Z"),
      look("host", "cpu", observed({ cores: 4 }), "2026-11-22T05:05:00.000Z"),
      look("host", "cpu", failed("timeout", "slow"), "2026-11-22T05:20:00.000Z"),
    ];
    expect(host(...evidence)).toEqual({ cpu: { cores: 8, present: true } });
  });

  test("what other vantages say of the host does not count", () => {
    const evidence = [look("outside", "cpu", observed({ cores: 4 })), look("nowhere", "cpu", observed({ cores: 4 }))];
    const facts = projectFacts(bundle({ vantages: [outside, inside], evidence }));
    expect(facts.host).toEqual({});
  });
});

test("target and policy stand as declared, without the login", () => {
  const target: Target = {
    id: "a",
    names: [],
    addresses: [],
    local: false,
    ssh: { host: "h", user: "u" },
    pattern: "vps",
  } as const;
  const facts = projectFacts(bundle({ target, policy: { workloads: 3 } }));
  expect(facts).toEqual({
    target: { id: "a", names: [], addresses: [], local: false, pattern: "vps" },
    policy: { workloads: 3 },
  });
});

test("each network root has what its vantages saw, and each element says from where", () => {
  const vantages = [outside, vantage("allowed"), vantage("somewhere", "unplaced"), inside];
  const evidence = vantages
    .slice(0, 3)
    .map(({ id }, index) =>
      look(id, "icmp", observed([{ address: `192.0.2.${index}`, family: "ipv4", answered: true }])),
    );
  const facts = projectFacts(bundle({ vantages, evidence }));
  const element = (index: number, role: string) => ({
    address: `192.0.2.${index}`,
    family: "ipv4",
    answered: true,
    vantage: role,
  });
  expect(facts.outside?.["icmp"]).toEqual([element(0, "outside")]);
  expect(facts.allowed?.["icmp"]).toEqual([element(1, "allowed")]);
  expect(facts.network?.["icmp"]).toEqual([element(0, "outside"), element(1, "allowed"), element(2, "unplaced")]);
  expect(validateFacts(facts)).toEqual([]);
});

test.each([
  ["failed", look("second", "icmp", failed("timeout", "slow"))],
  ["was not attempted", look("second", "icmp", notAttempted("no"))],
  ["has another shape", look("second", "icmp", observed({}))],
  ["was forgotten", look("second", "tcp", observed([]))],
])("a list is open where the attempt of one of its vantages %s", (_name, entry) => {
  const seen = look("outside", "icmp", observed([{ address: "192.0.2.1" }]));
  const facts = projectFacts(bundle({ vantages: [outside, vantage("second", "outside")], evidence: [seen, entry] }));
  expect(facts.outside?.["icmp"]).toEqual([{ address: "192.0.2.1", vantage: "outside" }, {}]);
});

/** The outside scans of a bundle with these parts. */
function outsideTcp(value: unknown, parts: Partial<EvidenceBundle> = {}): unknown {
  const { evidence = [], vantages = [], ...rest } = parts;
  const all = [look("outside", "tcp", observed(value)), ...evidence];
  return projectFacts(bundle({ ...rest, vantages: [outside, ...vantages], evidence: all })).outside?.["tcp"];
}

describe("positive control: silence proves nothing by itself", () => {
  const complete = scan("203.0.113.5", [22]);
  const asSeen = { ...complete, vantage: "outside" };

  test("a complete scan with an answer is closed", () => {
    expect(outsideTcp([complete])).toEqual([asSeen]);
  });

  test.each([
    ["nothing answered", { control: { established: false, how: "" } }],
    ["the control is not known", { control: { $unknown: "lost" } }],
    ["the control says something else", { control: { established: "true", how: "" } }],
    ["not every port was asked", { probedPorts: 1000 }],
    ["how many ports were asked is not known", { probedPorts: { $unknown: "lost" } }],
  ])("where %s the open ports have an open end", (_name, more) => {
    const [found] = outsideTcp([{ ...complete, ...more }]) as [{ open: unknown }];
    expect(found.open).toEqual([{ port: 22 }, {}]);
  });

  test("an end that is open already is not opened twice", () => {
    const control = { established: false, how: "" };
    const [found] = outsideTcp([{ ...complete, open: [{ $unknown: "cut" }], control }]) as [{ open: unknown }];
    expect(found.open).toEqual([{}]);
  });

  const addresses = (...list: readonly unknown[]) => ({
    vantages: [inside],
    evidence: [look("host", "addresses", observed(list))],
  });
  const own = (address: string, isPublic: boolean) => ({
    address,
    family: "ipv6",
    interface: "eth0",
    public: isPublic,
  });
  const target = (...list: string[]) => ({ target: { id: "a", names: [], addresses: list, local: false } });
  const named = { target: { id: "a", names: ["a.example"], addresses: [], local: false } };
  const resolved = (ipv4: unknown, ipv6: unknown) => ({
    ...named,
    evidence: [look("outside", "resolution", observed([{ name: "a.example", ipv4, ipv6 }]))],
  });

  test.each<readonly [string, Partial<EvidenceBundle>, boolean]>([
    ["a public address of the host was not scanned", addresses(own("2001:db8::5", true)), true],
    ["a private address of the host was not scanned", addresses(own("fd00::5", false)), false],
    ["the host's public address is the one scanned", addresses(own("::ffff:203.0.113.5", true)), false],
    ["the host's addresses are not known to their end", addresses({ $unknown: "cut" }), true],
    [
      "the host's addresses could not be read",
      { vantages: [inside], evidence: [look("host", "addresses", failed("denied", "no"))] },
      true,
    ],
    [
      "nobody asked for the host's addresses",
      { vantages: [inside], evidence: [look("host", "addresses", notAttempted("no login"))] },
      false,
    ],
    ["a declared address was not scanned", target("203.0.113.5", "203.0.113.6"), true],
    ["a declared address is local and leads nowhere from outside", target("203.0.113.5", "10.0.0.5"), false],
    ["a name leads to the address scanned", resolved(["203.0.113.5"], []), false],
    ["a name leads to another address too", resolved(["203.0.113.5"], ["2001:db8::5"]), true],
    ["a name's IPv6 addresses are not known", resolved(["203.0.113.5"], { $unknown: "SERVFAIL" }), true],
    ["a name was not resolved, and need not be", { target: { ...named.target, local: true } }, false],
    ["a name was not resolved", named, true],
    [
      "a name's resolution failed",
      { ...named, evidence: [look("outside", "resolution", failed("timeout", "slow"))] },
      true,
    ],
  ])("the list of scans where %s", (_name, parts, open) => {
    expect(outsideTcp([complete], parts)).toEqual(open ? [asSeen, {}] : [asSeen]);
  });

  test("without any scan the list is open", () => {
    expect(outsideTcp([], target())).toEqual([{}]);
  });

  test("local addresses count where some were scanned", () => {
    expect(outsideTcp([scan("10.0.0.5", [])], target("10.0.0.5", "10.0.0.6"))).toHaveLength(2);
  });
});

describe("a server that was not seen may be there", () => {
  const ssh = sshServer(22, ["publickey"]);
  const seen = (role: string) => ({ ...ssh, vantage: role });

  test.each<readonly [string, unknown, boolean]>([
    ["is complete", [scan("203.0.113.5", [22])], false],
    ["was blind", [scan("203.0.113.5", [], { control: { established: false, how: "" } })], true],
    ["asked few ports", [scan("203.0.113.5", [22], { probedPorts: 100 })], true],
    ["is cut", [scan("203.0.113.5", [22]), { $unknown: "cut" }], true],
    ["is of another address", [scan("203.0.113.6", [22])], true],
    ["is of none", [], true],
  ])("outside, where the scan %s", (_name, scans, open) => {
    const evidence = [look("outside", "tcp", observed(scans)), look("outside", "ssh", observed([ssh]))];
    const facts = projectFacts(bundle({ vantages: [outside], evidence }));
    expect(facts.outside?.["ssh"]).toEqual(open ? [seen("outside"), {}] : [seen("outside")]);
  });

  test("outside, where no scan was made", () => {
    const facts = projectFacts(bundle({ vantages: [outside], evidence: [look("outside", "ssh", observed([]))] }));
    expect(facts.outside?.["ssh"]).toEqual([{}]);
  });

  /** Whether `network.ssh` is open for a look from one vantage. */
  const networkIsOpen = (
    role: "outside" | "allowed" | "inside",
    scans: unknown,
    host: EvidenceBundle["evidence"] = [],
  ) => {
    const evidence = [look(role, "tcp", observed(scans)), look(role, "ssh", observed([ssh])), ...host];
    const { facts, gaps } = project(bundle({ vantages: [vantage(role), inside], evidence }));
    const list = facts.network?.["ssh"] as readonly unknown[];
    expect(list[0]).toEqual(seen(role));
    return { open: list.length === 2, why: (gaps.get("network.ssh[]") ?? []).map(({ text }) => text.en).join("; ") };
  };

  const free = { filteredPorts: 0, closedPorts: 65534 };
  test.each<readonly [string, "outside" | "allowed" | "inside", unknown, boolean]>([
    ["filtered from outside", "outside", [scan("203.0.113.5", [22])], true],
    ["not filtered from outside", "outside", [scan("203.0.113.5", [22], free)], false],
    ["rejected from outside", "outside", [scan("203.0.113.5", [22], { ...free, rejectedPorts: 1 })], true],
    ["filtered from an allowed place", "allowed", [scan("203.0.113.5", [22])], false],
    ["from the host itself", "inside", [scan("203.0.113.5", [22])], false],
    [
      "blind from an allowed place",
      "allowed",
      [scan("203.0.113.5", [22], { control: { established: false, how: "" } })],
      true,
    ],
    ["of another address", "allowed", [scan("203.0.113.6", [22])], true],
  ])("network, where the scan is %s", (_name, role, scans, open) => {
    expect(networkIsOpen(role, scans).open).toBe(open);
  });

  const listener = (address: string, port: number, scope = "all") => ({ protocol: "tcp", address, port, scope });
  const published = (hostAddress: string, hostPort: number) => ({
    name: "x",
    ports: [{ hostAddress, hostPort, containerPort: 80, protocol: "tcp" }],
  });
  const noContainers = look("host", "containers", absent("no Docker"));
  const listeners = (...list: readonly unknown[]) => [look("host", "listeners", observed(list)), noContainers];
  const later = "2026-11-22T05:30:00.000Z";
  const v6 = scan("2001:db8::5", []);

  test.each<readonly [string, EvidenceBundle["evidence"], string | undefined]>([
    ["all were seen open", listeners(listener("0.0.0.0", 22)), undefined],
    ["one was not", listeners(listener("0.0.0.0", 22), listener("0.0.0.0", 8443)), "8443/tcp listens on 0.0.0.0"],
    ["one is on loopback", listeners(listener("0.0.0.0", 22), listener("127.0.0.1", 18789, "loopback")), undefined],
    ["one is UDP", listeners(listener("0.0.0.0", 22), { ...listener("0.0.0.0", 51820), protocol: "udp" }), undefined],
    ["one is on another address", listeners(listener("10.0.0.5", 22, "one")), "22/tcp listens on 10.0.0.5"],
    ["one is on the address scanned", listeners(listener("203.0.113.5", 22, "one")), undefined],
    ["one is dual", listeners(listener("*", 22)), undefined],
    ["one is on IPv6 and the target has none", listeners(listener("::", 22)), undefined],
    ["the list is cut", listeners(listener("0.0.0.0", 22), { $unknown: "cut" }), "listening ports is not known"],
    [
      "one's protocol is not known",
      listeners({ address: "0.0.0.0", port: 53, scope: "all" }),
      "53/tcp listens on 0.0.0.0",
    ],
    [
      "one's port is not known",
      listeners({ protocol: "tcp", address: "0.0.0.0", scope: "all" }),
      "?/tcp listens on 0.0.0.0",
    ],
    [
      "those of containers are not known",
      [look("host", "listeners", observed([]))],
      "containers publish are not known",
    ],
    [
      "a container's ports are not known",
      [...listeners(), look("host", "containers", observed([{ name: "x", ports: { $unknown: "cut" } }]), later)],
      "containers publish are not known",
    ],
    ["the list is not known", [look("host", "listeners", failed("denied", "no"))], "listening ports is not known"],
    [
      "a container's port was not seen",
      [
        ...listeners(listener("0.0.0.0", 22)),
        look("host", "containers", observed([published("0.0.0.0", 8080)]), later),
      ],
      "8080/tcp listens on 0.0.0.0",
    ],
    [
      "a container's port is on loopback",
      [
        ...listeners(listener("0.0.0.0", 22)),
        look("host", "containers", observed([published("127.0.0.1", 8080)]), later),
      ],
      undefined,
    ],
  ])("network, filtered from outside, where of the host's listeners %s", (_name, host, why) => {
    const found = networkIsOpen("outside", [scan("203.0.113.5", [22])], host);
    expect(found.open).toBe(why !== undefined);
    expect(found.why).toContain(why ?? "");
  });

  test("a listener on IPv6 that only IPv4 shows may be another daemon's", () => {
    const found = networkIsOpen("outside", [scan("203.0.113.5", [22]), v6], listeners(listener("::", 22)));
    expect(found).toEqual({ open: true, why: "22/tcp listens on :: of the host and was not reached by any scan" });
  });
});
