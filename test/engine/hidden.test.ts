import { describe, expect, test } from "vitest";
import { project, projectFacts } from "#engine/facts.ts";
import { absent, failed, observed } from "#model/attempt.ts";
import type { Evidence, EvidenceBundle } from "#model/bundle.ts";
import type { Vantage } from "#model/vantage.ts";
import { bundle, look, scan, sshServer, vantage } from "./bundles.ts";

const outside = vantage("outside");
const inside = vantage("host", "inside");

test("what a server offers cannot be nothing", () => {
  const tls = { address: "203.0.113.5", family: "ipv4", port: 443, serverName: "", chain: [], versions: [] };
  const evidence = [
    look("outside", "tcp", observed([scan("203.0.113.5", [22, 443])])),
    look("outside", "ssh", observed([sshServer(22, []), { ...sshServer(23, []), users: [] }])),
    look("outside", "tls", observed([tls])),
  ];
  const { facts, gaps } = project(bundle({ vantages: [outside], evidence }));
  expect(facts.outside?.["ssh"]).toMatchObject([{ port: 22, users: [{ user: "root" }] }, { port: 23 }]);
  expect(JSON.stringify(facts.outside?.["ssh"])).not.toMatch(/"methods"|"users":\[\]/);
  const seenTls = facts.outside?.["tls"] as readonly object[];
  expect(Object.keys(seenTls[0] ?? {}).toSorted()).toEqual(["address", "family", "port", "serverName", "vantage"]);
  expect([...gaps.keys()]).toEqual(
    expect.arrayContaining(["outside.ssh[].users[].methods", "outside.ssh[].users", "outside.tls[].versions"]),
  );
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
    const interfaces = [{ address: "203.0.113.5", family: "ipv4", interface: "eth0", public: true }];
    const addressesRead = look("host", "addresses", observed(interfaces));
    const evidence = [look(role, "tcp", observed(scans)), look(role, "ssh", observed([ssh])), addressesRead, ...host];
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
      [look("host", "listeners", observed([listener("0.0.0.0", 22)]))],
      "containers publish are not known",
    ],
    [
      "a container's ports are not known",
      [
        ...listeners(listener("0.0.0.0", 22)),
        look("host", "containers", observed([{ name: "x", ports: { $unknown: "cut" } }]), later),
      ],
      "containers publish are not known",
    ],
    ["the list is empty", listeners(), "listening ports is not known"],
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

describe("a scan that did not ask every port of a host whose listeners are known", () => {
  const partial = (ports: readonly number[]) => ({
    ...scan("203.0.113.5", ports, { probedPorts: 400 }),
    open: [...ports.map((port) => ({ port })), { $unknown: "65135 ports were not asked" }],
  });
  const filter = (ports: readonly number[]) => ({
    manager: "ufw",
    active: true,
    inputPolicyIpv4: "drop",
    inputPolicyIpv6: "drop",
    accepts: ports.map((port) => ({
      family: "ipv4",
      protocol: "tcp",
      firstPort: port,
      lastPort: port,
      source: "198.51.100.0/24",
      rule: `allow ${port}`,
    })),
  });
  const listens = (...ports: readonly number[]) => [
    look("host", "addresses", observed([{ address: "203.0.113.5", family: "ipv4", interface: "eth0", public: true }])),
    look("host", "containers", absent("no Docker")),
    look("host", "firewall", observed(filter(ports))),
    look(
      "host",
      "listeners",
      observed(ports.map((port) => ({ protocol: "tcp", address: "0.0.0.0", port, scope: "all" }))),
    ),
  ];
  const tunnel = (role: "outside" | "allowed"): Vantage => ({ ...vantage(role), via: "tunnel" });
  const listsFrom = (role: "outside" | "allowed", scans: unknown, host: readonly Evidence[], from = tunnel(role)) => {
    const evidence = [look(role, "tcp", observed(scans)), look(role, "http", observed([])), ...host];
    const { facts } = project(bundle({ vantages: [from, inside], evidence }));
    const isWhole = (list: unknown) => !JSON.stringify(list).includes("{}");
    return { tcp: isWhole(facts[role]?.["tcp"]), http: isWhole(facts[role]?.["http"]) };
  };

  test.each([
    ["is whole where all of them were seen open from the allowed side", "allowed", [22, 443], listens(22, 443), true],
    ["is open where one of them was not", "allowed", [443], listens(22, 443), false],
    ["is open from outside, where being unseen is the rule", "outside", [22, 443], listens(22, 443), false],
    ["is open where they are not known", "allowed", [22, 443], [], false],
  ] as const)("%s", (_name, role, ports, host, whole) => {
    expect(listsFrom(role, [partial(ports)], host)).toEqual({ tcp: whole, http: whole });
  });

  test("is open where this machine asked, which can ask them all", () => {
    const { tcp } = listsFrom("allowed", [partial([22])], listens(22), { ...vantage("allowed"), via: "tunnel" });
    const local = listsFrom("allowed", [partial([22])], listens(22), { ...tunnel("allowed"), via: "local" });
    expect([tcp, local.tcp]).toEqual([true, false]);
  });

  test("is open where nothing shows that silence is the target's, or the firewall lets more in than was seen", () => {
    const blind = { ...partial([22]), control: { established: false, how: "" } };
    expect(listsFrom("allowed", [blind], listens(22)).tcp).toBe(false);
    const wide = listens(22).map((one) =>
      one.kind === "firewall" ? look("host", "firewall", observed(filter([22, 8080]))) : one,
    );
    expect(listsFrom("allowed", [partial([22])], wide).tcp).toBe(false);
    const off = listens(22).map((one) =>
      one.kind === "firewall" ? look("host", "firewall", observed({ ...filter([22]), active: false })) : one,
    );
    expect(listsFrom("allowed", [partial([22])], off).tcp).toBe(false);
  });

  test("is open where another address was not scanned", () => {
    const more = look(
      "host",
      "addresses",
      observed([{ address: "2001:db8::5", family: "ipv6", interface: "eth0", public: true }]),
    );
    const host = [...listens(22).slice(1), more];
    expect(listsFrom("allowed", [partial([22])], host)).toEqual({ tcp: false, http: false });
  });

  test("stays as it is for another place that looked", () => {
    const places = ["outside", "allowed"] as const;
    const evidence = [...places.map((role) => look(role, "tcp", observed([partial([22])]))), ...listens(22)];
    const { facts } = project(bundle({ vantages: [...places.map((role) => tunnel(role)), inside], evidence }));
    expect(facts.network?.["tcp"]).toMatchObject([
      { vantage: "outside", open: [{ port: 22 }, {}] },
      { vantage: "allowed", open: [{ port: 22 }] },
    ]);
  });
});
