import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { failed, observed } from "#model/attempt.ts";
import type { Waiver } from "#model/policy.ts";
import { bundle, look, scan, vantage } from "./bundles.ts";
import { judge } from "./judged.ts";
import { requirement, rule } from "./rules.ts";

const rules = [
  rule("ports", {
    requirement: "NET-9",
    lines: [["outside.tcp.all(t, t.open.all(p, p.port in [22, 443]))", "{{p.port}}"]],
  }),
  rule("cores", { requirement: "NET-9", lines: [["host.cpu.cores == 4", "cores"]] }),
  rule("system", { requirement: "PAT-3", lines: [["host.os.id == 'ubuntu'", "another"]] }),
];
const requirements = [requirement("NET-9"), requirement("PAT-3")];

const whole = { reason: "Replaced in March.", by: "Hanako Sato (CISO)", from: "2026-11-01", until: "2027-03-31" };

function judged(
  waivers: readonly Waiver[],
  { cores = 4, ports = [22, 3306, 6379], os = observed({ id: "ubuntu" }) } = {},
) {
  const evidence = [
    look("outside", "tcp", observed([scan("203.0.113.5", ports)])),
    look("host", "cpu", observed({ cores })),
    look("host", "addresses", observed([{ interface: "eth0", address: "203.0.113.5", family: "ipv4", public: true }])),
    look("host", "os", os),
  ];
  const vantages = [vantage("outside"), vantage("host", "inside")];
  const policy = waivers.length === 0 ? {} : { waivers: [...waivers] };
  return judge(bundle({ vantages, policy, evidence }), { rules, requirements });
}

const subjects = () =>
  judged([])
    .findings.find((each) => each.rule === "ports")
    ?.occurrences.map((each) => each.subject);

describe("a waiver in force", () => {
  test("keeps what it accepts from blocking, and leaves it a failure", () => {
    const { findings, requirements: results, verdict, summary, waivers } = judged([{ rule: "ports", ...whole }]);
    expect(findings[0]).toMatchObject({ rule: "ports", outcome: "fail", waived: true });
    expect(results[0]).toMatchObject({ id: "NET-9", outcome: "fail", waived: true });
    expect(results[0]?.note?.en).toContain("ports");
    expect(summary.must).toMatchObject({ pass: 1, fail: 0, waived: 1 });
    expect(verdict.status).toBe("passed");
    expect(verdict.reason.en).toContain("1 more fails and is accepted by waiver");
    expect(waivers).toEqual([{ rule: "ports", ...whole, state: "applied", accepts: subjects()?.length }]);
  });

  test("that covers some of what fails lets the rest block", () => {
    const [first = "", ...others] = subjects() ?? [];
    expect(others.length).toBeGreaterThan(0);
    const report = judged([{ rule: "ports", subjects: [first], ...whole }]);
    expect(report.findings[0]?.waived).toBeUndefined();
    expect(report.findings[0]?.occurrences.filter(({ waived }) => waived).map(({ subject }) => subject)).toEqual([
      first,
    ]);
    expect(report.verdict.status).toBe("blocked");
    expect(
      judged([
        { rule: "ports", subjects: [first], ...whole },
        { rule: "ports", subjects: others, ...whole },
      ]).verdict.status,
    ).toBe("passed");
  });

  test("does not cover what another rule of the requirement finds", () => {
    const report = judged([{ rule: "ports", ...whole }], { cores: 2 });
    expect(report.requirements[0]).toMatchObject({ outcome: "fail" });
    expect(report.requirements[0]?.waived).toBeUndefined();
    expect(report.verdict.status).toBe("blocked");
  });

  test("does not cover what another rule of the requirement could not see", () => {
    const other = [rules[0], rule("lost", { requirement: "NET-9", lines: [["host.memory.totalBytes > 1", "m"]] })];
    const seen = bundle({
      vantages: [vantage("outside"), vantage("host", "inside")],
      policy: { waivers: [{ rule: "ports", ...whole }] },
      evidence: [
        look("outside", "tcp", observed([scan("203.0.113.5", [3306])])),
        look("host", "memory", failed("timeout", "slow")),
        look(
          "host",
          "addresses",
          observed([{ interface: "eth0", address: "203.0.113.5", family: "ipv4", public: true }]),
        ),
      ],
    });
    const report = judge(seen, {
      rules: other.filter((each) => each !== undefined),
      requirements: [requirement("NET-9")],
    });
    expect(report.requirements[0]).toMatchObject({ outcome: "unknown" });
    expect(report.verdict.status).toBe("undecided");
  });

  test("does not cover what the same rule could not see", () => {
    const seen = (more: Record<string, unknown>) =>
      judge(
        bundle({
          vantages: [vantage("outside")],
          policy: { waivers: [{ rule: "ports", ...whole }] },
          evidence: [look("outside", "tcp", observed([scan("203.0.113.5", [3306], more)]))],
        }),
        { rules: rules.slice(0, 1), requirements: [requirement("NET-9")] },
      );
    expect(seen({}).verdict.status).toBe("passed");
    const open = seen({ probedPorts: 1000, filteredPorts: 999 });
    expect(open.findings[0]).toMatchObject({ outcome: "fail", occurrences: [{ waived: true }] });
    expect(open.findings[0]?.waived).toBeUndefined();
    expect(open.verdict.status).toBe("blocked");
  });

  test("accepts nothing that is not known", () => {
    const report = judged([{ rule: "system", ...whole }], { ports: [22], os: failed("timeout", "slow") as never });
    expect(report.requirements[1]).toMatchObject({ id: "PAT-3", outcome: "unknown" });
    expect(report.waivers).toMatchObject([{ state: "unused", accepts: 0 }]);
  });
});

test.each([
  ["2026-11-21", "expired"],
  ["2026-11-22", "applied"],
])("a waiver until %s is %s on the 22nd", (until, state) => {
  const report = judged([{ rule: "ports", ...whole, until }]);
  expect(report.waivers).toMatchObject([{ state }]);
  expect(report.verdict.status).toBe(state === "applied" ? "passed" : "blocked");
});

test("a waiver that is not in force yet accepts nothing", () => {
  const report = judged([{ rule: "ports", ...whole, from: "2026-11-23" }]);
  expect(report.waivers).toMatchObject([{ state: "future", accepts: 0 }]);
  expect(report.verdict.status).toBe("blocked");
});

test("a waiver that accepts nothing is told", () => {
  expect(judged([{ rule: "cores", ...whole }]).waivers).toMatchObject([{ state: "unused" }]);
  expect(judged([{ rule: "ports", subjects: ["elsewhere"], ...whole }]).waivers).toMatchObject([{ state: "unused" }]);
});

test("no waiver changes an outcome of a rule, and none makes a requirement pass", () => {
  const waiver = fc.record({
    rule: fc.constantFrom("ports", "cores", "system", "other"),
    from: fc.constantFrom("2026-01-01", "2026-11-22", "2026-12-01"),
    until: fc.constantFrom("2026-01-31", "2026-11-22", "2026-12-31"),
    reason: fc.constant("r"),
    by: fc.constant("b"),
  });
  const seen = fc.record({
    cores: fc.constantFrom(2, 4),
    ports: fc.constantFrom([22], [22, 3306]),
    os: fc.constantFrom(observed({ id: "ubuntu" }), observed({ id: "debian" }), failed("timeout", "slow")),
  });
  fc.assert(
    fc.property(fc.array(waiver, { maxLength: 4 }), seen, (waivers, facts) => {
      const [before, after] = [judged([], facts as never), judged(waivers, facts as never)];
      expect(after.findings.map(({ outcome }) => outcome)).toEqual(before.findings.map(({ outcome }) => outcome));
      expect(after.summary.must.pass).toBe(before.summary.must.pass);
      for (const [index, result] of after.requirements.entries()) {
        if (result.outcome === "pass") expect(before.requirements[index]?.outcome).toBe("pass");
      }
    }),
  );
});
