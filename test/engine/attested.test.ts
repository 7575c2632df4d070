import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { loadCatalogue, loadProfile } from "#catalog/load.ts";
import { evaluateBundle } from "#engine/evaluate.ts";
import { absent, failed, notAttempted, observed } from "#model/attempt.ts";
import type { Attestation, Statement } from "#model/attestation.ts";
import type { Evidence, EvidenceBundle } from "#model/bundle.ts";
import type { Report } from "#model/report.ts";
import { signer } from "../attestation/signing.ts";
import { bundle, look, vantage } from "./bundles.ts";

const catalogue = loadCatalogue("rules");
const profile = loadProfile("rules");
const now = new Date("2026-11-22T06:00:00Z");
const hanako = signer("Hanako Sato");
const mallory = signer("Mallory");
const attested = vantage("attested");
const restore = catalogue.claims.find(({ kind }) => kind === "restoreTest");

function statement(parts: Partial<Statement> = {}): Statement {
  return {
    target: "office",
    requirement: "BKP-6",
    claim: restore?.claim ?? { en: "", ja: "" },
    holds: true,
    on: "2026-09-30",
    from: "2026-10-01",
    until: "2027-03-30",
    by: { name: "Hanako Sato", role: "operator" },
    ...parts,
  };
}

const signed = (parts: Partial<Statement> = {}) => hanako.sign(statement(parts));

function holding(evidence: readonly Evidence[], more: Partial<EvidenceBundle> = {}): EvidenceBundle {
  return bundle({ vantages: [attested], policy: { attestors: [hanako.attestor] }, evidence: [...evidence], ...more });
}

const given = (...attestations: readonly unknown[]) =>
  holding([look("attested", "restoreTest", observed(attestations))]);

/** What else the catalogue asks is of no matter to most of these tests. */
const alone: typeof catalogue = {
  ...catalogue,
  rules: catalogue.rules.filter(({ rule }) => rule.id === "restore-test"),
};

function judge(of: EvidenceBundle, at = now, by = alone): Report {
  return evaluateBundle({ bundle: of, catalogue: by, profile, now: at, toolVersion: "0" });
}

const finding = (of: EvidenceBundle, at = now) => judge(of, at).findings.find(({ rule }) => rule === "restore-test");
const outcome = (of: EvidenceBundle, at = now) => finding(of, at)?.outcome;

describe("a restore test", () => {
  test("that was stated and signed passes, and the report says who said so", () => {
    const report = judge(given(signed()));
    expect(report.findings.find(({ rule }) => rule === "restore-test")).toMatchObject({
      outcome: "pass",
      observed: { en: expect.stringContaining("true (Hanako Sato, operator; 2026-09-30 – 2027-03-30)") },
    });
    expect(report.requirements.find(({ id }) => id === "BKP-6")?.outcome).toBe("pass");
    expect(report.statements).toMatchObject([
      { requirement: "BKP-6", state: "counted", signature: "valid", holds: true },
    ]);
    expect(report.limits.some(({ en }) => en.startsWith("What people stated"))).toBe(true);
  });

  test("that was stated to have failed fails", () => {
    expect(finding(given(signed({ holds: false })))).toMatchObject({
      outcome: "fail",
      occurrences: [
        { subject: "office", message: { en: expect.stringContaining("Hanako Sato (operator) states that") } },
      ],
    });
  });

  test("of which nobody spoke is not checked, and the line that would change it is named", () => {
    for (const of of [bundle(), holding([]), given()]) {
      const [gap] = finding(of)?.gaps ?? [];
      expect(finding(of)?.outcome).toBe("notchecked");
      expect(gap?.reason.en).toContain("nobody has stated anything on BKP-6");
      expect(gap?.remedy?.en).toContain("`sekisho attest BKP-6 --target office --on YYYY-MM-DD");
      expect(gap?.remedy?.ja).toContain("`sekisho attest BKP-6 --target office --on YYYY-MM-DD");
    }
    expect(finding(bundle())?.gaps[0]?.remedy?.en).toContain("policy.attestors");
    expect(finding(holding([]))?.gaps[0]?.remedy?.en).not.toContain("policy.attestors");
  });

  test.each<[string, Attestation, string, string]>([
    [
      "has expired",
      signed({ until: "2026-11-21" }),
      "expired",
      "the statement by Hanako Sato of 2026-09-30 expired on 2026-11-21",
    ],
    ["was done too long ago", signed({ on: "2026-05-21", until: "2030-01-01" }), "expired", "expired on 2026-11-21"],
    ["lies ahead", signed({ from: "2026-11-23" }), "future", "counts only from 2026-11-23"],
    ["is not signed", { statement: statement() }, "refused", "is not signed"],
    ["has a broken signature", { statement: statement(), signature: "x" }, "refused", "does not hold"],
    ["is by an unknown key", mallory.sign(statement()), "refused", "policy.attestors does not list"],
    ["is of another server", signed({ target: "home" }), "refused", "about another server, home"],
    ["says something else", signed({ claim: { en: "x", ja: "x" } }), "refused", "word for word"],
  ])("of which the statement %s is not checked, and the report says why", (_what, attestation, state, reason) => {
    const report = judge(given(attestation));
    const found = report.findings.find(({ rule }) => rule === "restore-test");
    expect(found?.outcome).toBe("notchecked");
    expect(found?.gaps[0]?.reason.en).toContain(reason);
    expect(report.statements).toMatchObject([{ state, reason: { en: expect.stringContaining(reason) } }]);
    expect(report.limits.some(({ en }) => en.startsWith("What people stated"))).toBe(false);
  });
});

test("time alone takes a pass away: the same bundle at another time", () => {
  const of = given(signed());
  expect(outcome(of, new Date("2026-09-30T15:00:00Z"))).toBe("pass");
  expect(outcome(of, new Date("2026-09-30T14:59:59Z"))).toBe("notchecked");
  expect(outcome(of, new Date("2027-03-30T14:59:59Z"))).toBe("pass");
  expect(outcome(of, new Date("2027-03-30T15:00:00Z"))).toBe("notchecked");
});

describe("of several statements the latest counts", () => {
  const early = signed({ on: "2026-09-01" });
  const denial = signed({ on: "2026-09-15", holds: false });
  test.each<[string, readonly unknown[], string]>([
    ["one that denies", [early, denial], "fail"],
    ["one that denies, in any order", [denial, early], "fail"],
    ["one after the denial", [early, denial, signed()], "pass"],
    [
      "one that denies and is over: nothing before it comes back",
      [early, hanako.sign({ ...denial.statement, until: "2026-10-31" })],
      "notchecked",
    ],
    ["a stranger's denial is not heard", [early, mallory.sign(denial.statement)], "pass"],
    ["the same one twice", [early, early], "pass"],
    ["one that could not be read may be the latest", [early, { $unknown: "cut off" }], "notchecked"],
    ["so may one of another shape", [early, { statement: { holds: true } }], "notchecked"],
  ])("%s", (_what, attestations, expected) => expect(outcome(given(...attestations))).toBe(expected));

  test("and over several files too", () => {
    const two = [
      look("attested", "restoreTest", observed([early])),
      look("attested-2", "restoreTest", observed([denial])),
    ];
    const more = { vantages: [attested, vantage("attested-2", "attested")] };
    expect(outcome(holding(two, more))).toBe("fail");
    const lost = [
      look("attested", "restoreTest", observed([early])),
      look("attested-2", "restoreTest", failed("malformed", "cut")),
    ];
    expect(outcome(holding(lost, more))).toBe("notchecked");
    expect(judge(holding(two, more)).statements?.map(({ state }) => state)).toEqual(["superseded", "counted"]);
  });
});

test.each([
  ["failed", failed("malformed", "no YAML")],
  ["not attempted", notAttempted("no file")],
  ["absent", absent("no file")],
  ["no list", observed({ holds: true })],
  ["facts of its own", observed([{ holds: true, by: "x", role: "y", on: "2026-09-30", until: "2027-03-30" }])],
])("an attempt that is %s lets nothing pass", (_what, attempt) => {
  expect(outcome(holding([look("attested", "restoreTest", attempt)]))).toBe("notchecked");
});

test("only what stands at a vantage of role attested is heard", () => {
  for (const role of ["inside", "outside", "allowed", "unplaced", "container"] as const) {
    const of = holding([look("x", "restoreTest", observed([signed()]))], { vantages: [vantage("x", role)] });
    expect([role, outcome(of)]).toEqual([role, "notchecked"]);
  }
});

test("what is said of the host or the network at the vantage attested is not heard", () => {
  const of = holding([look("attested", "cpu", observed({ cores: 64 })), look("attested", "ssh", observed([]))]);
  for (const { rule, outcome: got } of judge(of, now, catalogue).findings)
    expect([rule, got]).not.toEqual([rule, "pass"]);
});

test("a catalogue without claims hears nobody", () => {
  const report = evaluateBundle({
    bundle: given(signed()),
    catalogue: { ...catalogue, claims: [] },
    profile,
    now,
    toolVersion: "0",
  });
  expect(report.findings.find(({ rule }) => rule === "restore-test")?.outcome).toBe("notchecked");
  expect(report.statements).toEqual([]);
});

test("hostile words are made fit to print", () => {
  const nasty = "Eve\u001b[2J\u202e\n<b>";
  const report = judge(given({ statement: statement({ by: { name: nasty, role: nasty }, target: nasty }) }));
  const said = JSON.stringify([
    report.findings.map(({ gaps, observed: seen }) => [gaps, seen]),
    report.statements?.map(({ reason }) => reason),
  ]);
  expect(said).not.toMatch(/\\u001b|\u202e|\\n/);
});

test("whatever stands in the evidence, only the signed word passes", () => {
  const anything = fc.anything({ maxDepth: 3, withNullPrototype: true });
  const near = fc.record({
    statement: fc.record({
      ...Object.fromEntries(
        Object.entries(statement()).map(([name, value]) => [name, fc.oneof(fc.constant(value), anything)]),
      ),
    }),
    signature: fc.oneof(fc.constant(signed({ on: "2026-10-01" }).signature), anything),
  });
  fc.assert(
    fc.property(fc.array(fc.oneof(anything, near), { maxLength: 3 }), (values) => {
      expect(outcome(given(...values))).not.toBe("pass");
    }),
    { numRuns: 60 },
  );
});
