import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { evaluateBundle } from "#engine/evaluate.ts";
import { failed, notAttempted, observed } from "#model/attempt.ts";
import type { EvidenceBundle } from "#model/bundle.ts";
import type { Policy } from "#model/policy.ts";
import { isUnknown } from "#model/unknown.ts";
import { bundle, look, scan, sshServer, vantage } from "./bundles.ts";
import { catalogue, profile, requirement, samples } from "./rules.ts";

const rules = Object.values(samples);
const requirements = [...new Set(rules.map(({ rule }) => rule.requirement))].map((id) => requirement(id));
const now = new Date("2026-11-22T06:00:00Z");

/** Outcomes by rule and by requirement. */
function outcomes(of: EvidenceBundle): ReadonlyMap<string, string> {
  const report = evaluateBundle({
    bundle: of,
    catalogue: catalogue(requirements, rules),
    profile: profile(),
    now,
    toolVersion: "0.1.0",
  });
  return new Map([
    ...report.findings.map(({ rule, outcome }) => [rule, outcome] as const),
    ...report.requirements.map(({ id, outcome }) => [id, outcome] as const),
  ]);
}

const ports = fc.uniqueArray(fc.constantFrom(22, 443, 8080), { maxLength: 3 });
const methods = fc.uniqueArray(fc.constantFrom("publickey", "password"), { maxLength: 2 });
const listener = fc.record({
  protocol: fc.constantFrom("tcp", "udp"),
  address: fc.constantFrom("0.0.0.0", "::", "203.0.113.5"),
  port: fc.constantFrom(22, 2222),
  scope: fc.constantFrom("all", "loopback"),
});
const accept = fc.record({
  family: fc.constant("ipv4"),
  protocol: fc.constant("tcp"),
  firstPort: fc.constantFrom(22, 443),
  lastPort: fc.constant(443),
  source: fc.constantFrom("any", "192.0.2.0/24"),
  rule: fc.constant("a rule"),
});
const container = fc.record({
  name: fc.constant("openclaw"),
  image: fc.constant("openclaw"),
  openclaw: fc.constant(true),
  ports: fc.array(
    fc.record({
      hostAddress: fc.constantFrom("0.0.0.0", "127.0.0.1"),
      hostPort: fc.constantFrom(22, 8080),
      containerPort: fc.constant(80),
      protocol: fc.constantFrom("tcp", "udp"),
    }),
    { maxLength: 1 },
  ),
});
const scans = (openPorts: fc.Arbitrary<number[]>) =>
  fc
    .tuple(openPorts, fc.nat({ max: 1 }), fc.nat({ max: 1 }))
    .map(([open, filteredPorts, rejectedPorts]) => [scan("203.0.113.5", open, { filteredPorts, rejectedPorts })]);

/** Complete bundles: every attempt was made and observed everything. */
const complete: fc.Arbitrary<EvidenceBundle> = fc
  .record({
    outsideScans: scans(ports),
    allowedScans: scans(ports),
    ssh: fc.array(fc.tuple(fc.constantFrom(22, 2222), methods), { maxLength: 2 }),
    accepts: fc.array(accept, { maxLength: 2 }),
    listeners: fc.array(listener, { maxLength: 2 }),
    containers: fc.array(container, { maxLength: 1 }),
    own: fc.constantFrom("203.0.113.5", "203.0.113.6"),
    active: fc.boolean(),
    suffices: fc.boolean(),
    memory: fc.constantFrom(2e9, 4e9, 8e9),
    workloads: fc.constantFrom(1, 3),
    bind: fc.constantFrom("loopback", "lan"),
    openPorts: fc.constantFrom<NonNullable<Policy["openPorts"]>[]>(
      [],
      [{ port: 8080, protocol: "tcp", reason: "VPN" }],
    ),
  })
  .map((parts) => {
    const ssh = observed(parts.ssh.map(([port, offered]) => sshServer(port, offered)));
    return bundle({
      vantages: [vantage("outside"), vantage("allowed"), vantage("host", "inside")],
      policy: { workloads: parts.workloads, openPorts: parts.openPorts },
      target: { id: "office", names: [], addresses: ["203.0.113.5"], local: false, pattern: "vps" },
      evidence: [
        look("outside", "tcp", observed(parts.outsideScans)),
        look("outside", "ssh", ssh),
        look("allowed", "tcp", observed(parts.allowedScans)),
        look("allowed", "ssh", ssh),
        look("host", "listeners", observed(parts.listeners)),
        look("host", "containers", observed(parts.containers)),
        look("host", "addresses", observed([{ address: parts.own, family: "ipv4", interface: "eth0", public: true }])),
        look("host", "firewall", observed({ manager: "ufw", active: parts.active, accepts: parts.accepts })),
        look("host", "sshd", observed({ effective: [{ connection: "", passwordSuffices: parts.suffices }] })),
        look("host", "memory", observed({ totalBytes: parts.memory })),
        look("host", "openclaw", observed({ install: "systemd", bind: parts.bind })),
      ],
    });
  });

type Decide = () => number;

/** A value of which some became unknown: marks instead of fields and elements, and marks at the end of lists. */
function forget(value: unknown, decide: Decide): unknown {
  const mark = { $unknown: "not seen" };
  if (isUnknown(value)) return value;
  if (decide() === 0) return mark;
  if (Array.isArray(value)) {
    const kept = value.map((element) => forget(element, decide));
    return decide() === 0 && !value.every((element) => typeof element === "string") ? [...kept, mark] : kept;
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, forget(field, decide)]));
}

/** A bundle that knows less: attempts dropped, failed, not made, or their values unknown in part. */
function lesser(of: EvidenceBundle, decide: Decide): EvidenceBundle {
  const evidence = of.evidence.flatMap((entry) => {
    const { attempt } = entry;
    // That nobody asked for the host's addresses is no reason to doubt the scans; only asking and failing is.
    const mayBeDropped = entry.kind !== "addresses";
    switch (decide()) {
      case 0:
        return mayBeDropped ? [] : [entry];
      case 1:
        return [{ ...entry, attempt: failed("timeout", "slow") }];
      case 2:
        return !mayBeDropped ? [entry] : [{ ...entry, attempt: notAttempted("no login") }];
      default:
        return attempt.status === "observed"
          ? [{ ...entry, attempt: observed(forget(attempt.value, decide)) }]
          : [entry];
    }
  });
  const policy = Object.fromEntries(Object.entries(of.policy).filter(() => decide() !== 0));
  return { ...of, evidence, policy };
}

const unknowing = ["unknown", "notchecked"];

describe("knowing less", () => {
  test("never gives another answer, only none", () => {
    const decisions = fc.infiniteStream(fc.nat({ max: 40 }));
    fc.assert(
      fc.property(complete, decisions, (whole, stream) => {
        const decide = () => stream.next().value ?? 9;
        const half = lesser(whole, decide);
        const less = lesser(half, decide);
        const [a, b, c] = [outcomes(whole), outcomes(half), outcomes(less)];
        for (const [name, before] of a) expect([before, ...unknowing], `${name} first`).toContain(b.get(name));
        for (const [name, before] of b) {
          // A requirement that fails by one rule may, with that rule unknown, be left with another that is not.
          const allowed = unknowing.includes(before) ? unknowing : [before, ...unknowing];
          expect(allowed, `${name} then`).toContain(c.get(name));
        }
      }),
      { numRuns: 300 },
    );
  });

  test("about control, ports asked or further addresses opens what was closed", () => {
    const losses: readonly Record<string, unknown>[] = [
      { control: { established: false, how: "" } },
      { probedPorts: 100 },
      { control: { $unknown: "x" } },
      { probedPorts: { $unknown: "x" } },
      { open: { $unknown: "x" } },
    ];
    for (const loss of losses) {
      const vantages = [vantage("outside")];
      const of = (more: Record<string, unknown>) =>
        outcomes(
          bundle({
            vantages,
            evidence: [look("outside", "tcp", observed([scan("203.0.113.5", [22], more)]))],
            policy: { openPorts: [] },
          }),
        );
      expect(of({}).get("open-ports")).toBe("pass");
      expect(of(loss).get("open-ports")).toBe("unknown");
    }
  });
});

test("nothing that stands in evidence makes it throw, and what is broken is never a pass", () => {
  const broken = fc.anything({ withNullPrototype: true, maxDepth: 3 });
  fc.assert(
    fc.property(fc.array(broken, { minLength: 9, maxLength: 9 }), (values) => {
      const kinds = ["tcp", "ssh", "listeners", "firewall", "sshd", "memory", "openclaw", "addresses", "resolution"];
      const vantages = [vantage("outside"), vantage("host", "inside")];
      const evidence = kinds.flatMap((kind, index) =>
        vantages.map(({ id }) => look(id, kind, observed(values[index]))),
      );
      const found = outcomes(bundle({ vantages, evidence }));
      expect(found.get("firewall")).not.toBe("pass");
      expect(found.get("memory")).not.toBe("pass");
      expect(found.get("open-ports")).not.toBe("pass");
    }),
    { numRuns: 500 },
  );
});
