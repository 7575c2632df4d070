import Value from "typebox/value";
import { describe, expect, test } from "vitest";
import { observed } from "#model/attempt.ts";
import type { EvidenceBundle } from "#model/bundle.ts";
import { type Door, Exposure } from "#model/exposure.ts";
import { bundle, look, scan, vantage } from "./bundles.ts";
import { judge } from "./judged.ts";
import { rule } from "./rules.ts";

const rules = [
  rule("stray", {
    requirement: "NET-9",
    lines: [["outside.tcp.all(t, t.open.all(p, p.port in [22, 443]))", "{{p.port}} is open"]],
  }),
  rule("stray-anywhere", {
    requirement: "NET-9",
    lines: [["network.tcp.all(t, t.open.all(p, p.port in [22, 443]))", "{{p.port}} is open"]],
  }),
  rule("office", { requirement: "NET-3", lines: [["allowed.http.exists(h, h.port == 443)", "no UI"]] }),
  rule("filter", { requirement: "NET-9", lines: [["host.firewall.active", "off"]] }),
  rule("listener", {
    requirement: "NET-9",
    level: "should",
    lines: [['host.listeners.all(l, l.scope == "loopback" || l.port in [22, 443])', "{{l.port}} listens"]],
  }),
  rule("canaries", { requirement: "NET-11", lines: [["host.outbound.canaries.all(c, !c.reached)", "{{c.name}}"]] }),
];

const http = { address: "203.0.113.5", family: "ipv4", port: 443, scheme: "https", host: "a.example" };
const listener = (port: number, process: string, scope = "all") => ({
  protocol: "tcp",
  address: "0.0.0.0",
  port,
  scope,
  process,
});
const accept = (port: number, source: string) => ({
  family: "ipv4",
  protocol: "tcp",
  firstPort: port,
  lastPort: port,
  source,
  rule: `allow ${port} from ${source}`,
});
const tried = (name: string, more: Record<string, unknown>) => ({
  from: "host",
  network: 0,
  family: "ipv4",
  connection: "host IPv4",
  name,
  port: 443,
  way: "direct",
  towards: "internet",
  connected: true,
  reached: true,
  cause: "",
  ...more,
});

const whole = bundle({
  vantages: [vantage("outside"), vantage("allowed"), vantage("host", "inside")],
  target: { id: "office", names: [], addresses: ["203.0.113.5"], local: false },
  evidence: [
    look("outside", "tcp", observed([scan("203.0.113.5", [3306])])),
    look("outside", "http", observed([])),
    look("outside", "ssh", observed([])),
    look("allowed", "tcp", observed([scan("203.0.113.5", [22, 443])])),
    look("allowed", "http", observed([{ ...http, openclaw: true, status: 200 }])),
    look("allowed", "ssh", observed([])),
    look(
      "host",
      "firewall",
      observed({
        manager: "ufw",
        active: true,
        inputPolicyIpv4: "drop",
        inputPolicyIpv6: "drop",
        accepts: [accept(22, "198.51.100.0/24"), accept(443, "198.51.100.0/24")],
      }),
    ),
    look("host", "listeners", observed([listener(22, "sshd"), listener(443, "nginx"), listener(8080, "java")])),
    look("host", "addresses", observed([{ address: "203.0.113.5", family: "ipv4", interface: "eth0", public: true }])),
    look("host", "containers", observed([])),
    look(
      "host",
      "nginx",
      observed({ servers: [{ names: [], ports: [443], proxiesOpenclaw: true, allow: [], denyAll: true }] }),
    ),
    look(
      "host",
      "outbound",
      observed({
        asked: ["needed api.anthropic.com 443", "canary example.com 443"],
        needed: [tried("api.anthropic.com", {})],
        canaries: [tried("example.com", { connected: false, reached: false, cause: "refused" })],
        ai: [],
        resolvers: [],
      }),
    ),
  ],
});

const mapOf = (of: EvidenceBundle) => judge(of, { rules }).exposure ?? expect.fail("no map");

function doorAt(of: EvidenceBundle, port: number): Door {
  return mapOf(of).doors.find((door) => door.port === port) ?? expect.fail(`no door ${port}`);
}

function without(kind: string, from: string): EvidenceBundle {
  return { ...whole, evidence: whole.evidence.filter((one) => one.kind !== kind || one.vantage !== from) };
}

test("the map follows its schema", () => {
  expect(Value.Errors(Exposure, mapOf(whole))).toEqual([]);
  expect(mapOf(whole).sides.map(({ role, rest }) => [role, rest])).toEqual([
    ["outside", "closed"],
    ["allowed", "closed"],
  ]);
});

describe("a port", () => {
  test("that is shown closed from outside and answers the office is as required", () => {
    const door = doorAt(whole, 443);
    expect(door).toMatchObject({ standing: "required", leads: true, holder: "nginx", filter: "some" });
    expect(door.speaks).toEqual(["http", "openclaw"]);
    expect(door.approaches.map(({ state, standing }) => [state, standing])).toEqual([
      ["closed", "required"],
      ["open", "required"],
    ]);
  });

  test("that a rule fails on is against it, with the rule, from that side alone", () => {
    const door = doorAt(whole, 3306);
    expect(door.standing).toBe("against");
    expect(door.approaches[0]).toMatchObject({
      state: "open",
      standing: "against",
      findings: ["stray", "stray-anywhere"],
    });
    expect(door.approaches[1]).toMatchObject({ state: "closed", standing: "required", findings: [] });
  });

  test("that answers though nothing listens there shows that inside and outside disagree", () => {
    expect(doorAt(whole, 3306).approaches[0]?.conflict).toBe("unheard");
    expect(doorAt(without("listeners", "host"), 3306).approaches[0]?.conflict).toBe("filtered");
    expect(doorAt(without("firewall", "host"), 22).approaches[1]?.conflict).toBeUndefined();
  });

  test("that only listens is there, with the rule that fails on it", () => {
    expect(doorAt(whole, 8080)).toMatchObject({ standing: "against", filter: "nobody", findings: ["listener"] });
  });

  test("is not known from where nobody looked, nor where silence shows nothing", () => {
    expect(doorAt(without("tcp", "outside"), 443).approaches[0]).toMatchObject({
      state: "unknown",
      standing: "unproven",
    });
    const uncontrolled = {
      ...whole,
      evidence: whole.evidence.map((one) =>
        one.kind === "tcp" && one.vantage === "outside"
          ? look("outside", "tcp", observed([scan("203.0.113.5", [], { control: { established: false, how: "" } })]))
          : one,
      ),
    };
    expect(doorAt(uncontrolled, 443).approaches[0]).toMatchObject({ state: "unknown", standing: "unproven" });
    expect(mapOf(uncontrolled).sides[0]).toMatchObject({ rest: "unknown" });
  });

  test("of the admin UI that is closed to the office fails where its rule does", () => {
    const shut = {
      ...whole,
      evidence: whole.evidence.map((one) => {
        if (one.vantage !== "allowed") return one;
        return one.kind === "tcp"
          ? look("allowed", "tcp", observed([scan("203.0.113.5", [22])]))
          : look("allowed", one.kind, observed([]));
      }),
    };
    expect(doorAt(shut, 443).approaches[1]).toMatchObject({
      state: "closed",
      standing: "against",
      findings: ["office"],
    });
  });
});

test("what a rule only remarks on is not shown to be as required", () => {
  const advice = rule("advice", {
    requirement: "NET-8",
    level: "info",
    lines: [["allowed.tcp.all(t, t.open.all(p, p.port == 443))", "{{p.port}} is open"]],
  });
  const doors = judge(whole, { rules: [...rules, advice] }).exposure?.doors ?? [];
  const [ssh, ui] = [22, 443].map((port) => doors.find((door) => door.port === port)?.approaches[1]);
  expect(ssh).toMatchObject({ state: "open", standing: "unproven", findings: ["advice"] });
  expect(ui).toMatchObject({ state: "open", standing: "required" });
});

test("a destination is as required where every way to it came out as asked", () => {
  expect(mapOf(whole).exits.map(({ name, state, standing }) => [name, state, standing])).toEqual([
    ["api.anthropic.com", "reached", "required"],
    ["example.com", "blocked", "required"],
  ]);
});

test("nothing becomes as required by what was not seen", () => {
  const kinds = whole.evidence.map(({ kind, vantage: from }) => [kind, from] as const);
  for (const [kind, from] of kinds) {
    for (const door of mapOf(without(kind, from)).doors) {
      const before = doorAt(whole, door.port);
      for (const [index, { standing }] of door.approaches.entries()) {
        if (standing === "required")
          expect([kind, from, before.approaches[index]?.standing]).toEqual([kind, from, "required"]);
      }
    }
    for (const exit of mapOf(without(kind, from)).exits) {
      const before = mapOf(whole).exits.find(({ name }) => name === exit.name);
      if (exit.standing === "required") expect(before?.standing).toBe("required");
    }
  }
});
