import { describe, expect, test } from "vitest";
import { project, projectFacts } from "#engine/facts.ts";
import { validateFacts } from "#expression/facts.ts";
import { absent, failed, notAttempted, observed } from "#model/attempt.ts";
import type { EvidenceBundle } from "#model/bundle.ts";
import type { Target } from "#model/target.ts";
import { bundle, look, scan, vantage } from "./bundles.ts";

const outside = vantage("outside");
const inside = vantage("host", "inside");

describe("host kinds", () => {
  const host = (...evidence: EvidenceBundle["evidence"]) => projectFacts(bundle({ vantages: [inside], evidence })).host;

  test("an observed record has its fields and present", () => {
    expect(host(look("host", "cpu", observed({ cores: 4 })))).toEqual({ cpu: { cores: 4, present: true } });
  });

  test("an absent record is not present and says nothing else, an absent list is empty", () => {
    const facts = host(look("host", "openclaw", absent("no unit")), look("host", "containers", absent("none")));
    expect(facts).toEqual({ openclaw: { present: false }, containers: [] });
  });

  test.each(["addresses", "disks", "listeners", "services"])(
    "%s cannot be none, so an empty list was not read",
    (kind) => {
      for (const attempt of [observed([]), absent("none")]) {
        const { facts, gaps } = project(bundle({ vantages: [inside], evidence: [look("host", kind, attempt)] }));
        expect(facts.host).toEqual({});
        expect(
          gaps
            .get(`host.${kind}`)
            ?.map(({ text }) => text.en)
            .join(),
        ).toMatch(/came out empty/);
      }
    },
  );

  test("sshd's answers and ports cannot be none", () => {
    const facts = host(look("host", "sshd", observed({ effective: [], ports: [], changedAfterStart: false })));
    expect(facts).toEqual({ sshd: { changedAfterStart: false, present: true } });
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
    ["the host has no address at all", addresses(), true],
    [
      "nobody asked for the host's addresses",
      { vantages: [inside], evidence: [look("host", "addresses", notAttempted("no login"))] },
      false,
    ],
    ["nobody was to look inside", { vantages: [inside] }, false],
    [
      "the host was looked at, but not its addresses",
      {
        vantages: [inside],
        evidence: [look("host", "cpu", observed({ cores: 4 })), look("host", "addresses", notAttempted("stopped"))],
      },
      true,
    ],
    [
      "the host was looked at and its addresses are left out",
      { vantages: [inside], evidence: [look("host", "cpu", failed("timeout", "slow"))] },
      true,
    ],
    [
      "the run was stopped before the host's addresses",
      { interrupted: true, vantages: [inside], evidence: [look("host", "addresses", notAttempted("stopped"))] },
      true,
    ],
    ["the run was stopped before anyone looked inside", { interrupted: true }, true],
    [
      "the run was stopped after the host's addresses",
      { interrupted: true, ...addresses(own("203.0.113.5", true)) },
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
