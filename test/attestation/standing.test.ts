import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { signedBytes } from "#attestation/canonical.ts";
import { byPrecedence, isProper, type Objection, standingOf } from "#attestation/standing.ts";
import type { Attestation, Statement } from "#model/attestation.ts";
import { claim, signer, statement } from "./signing.ts";

const hanako = signer("Hanako Sato");
const taro = signer("Taro Ito", "CISO");
const mallory = signer("Mallory");
const attestors = [hanako.attestor, taro.attestor];

function stand(attestation: Attestation, today = "2026-11-22") {
  return standingOf(attestation, { claim, targetId: "office", attestors, today });
}

const signed = (parts: Partial<Statement> = {}) => hanako.sign(statement(hanako, parts));

describe("a statement", () => {
  it("that is signed by the one it names counts on the days it is for", () => {
    expect(stand(signed())).toMatchObject({ signature: "valid", countsUntil: "2027-03-30", objection: undefined });
    expect(stand(signed()).key).toMatch(/^SHA256:/);
  });

  it.each<[string, string | undefined]>([
    ["2026-10-01", "future"],
    ["2026-10-02", undefined],
    ["2027-03-30", undefined],
    ["2027-03-31", "expired"],
  ])("on %s: %s", (today, code) => expect(stand(signed(), today).objection?.code).toBe(code));

  it("never counts longer than its requirement allows, whatever it says", () => {
    const long = signed({ until: "2099-12-31" });
    expect(stand(long, "2027-03-30")).toMatchObject({ countsUntil: "2027-03-30", objection: undefined });
    expect(stand(long, "2027-03-31").objection).toEqual({ code: "expired", detail: "2027-03-30" });
  });

  it.each<[string, Attestation, Objection["code"], string]>([
    ["without a signature", { statement: statement(hanako) }, "unsigned", "absent"],
    ["with an empty signature", { statement: statement(hanako), signature: "" }, "broken-signature", "invalid"],
    ["signed for another purpose", hanako.sign(statement(hanako), "file"), "broken-signature", "invalid"],
    [
      "with another's signature",
      { ...signed(), statement: statement(hanako, { on: "2026-10-01" }) },
      "broken-signature",
      "invalid",
    ],
    ["by a key that is not listed", mallory.sign(statement(hanako)), "unknown-key", "unknown-key"],
    ["in another's name", taro.sign(statement(hanako)), "other-signer", "other-signer"],
    [
      "in a role the signer does not have",
      signed({ by: { name: "Hanako Sato", role: "CISO" } }),
      "other-signer",
      "other-signer",
    ],
    ["about another server", signed({ target: "home" }), "other-target", "valid"],
    ["of another requirement", signed({ requirement: "BKP-5" }), "other-claim", "valid"],
    ["in other words", signed({ claim: { ...claim.claim, en: "It was tried." } }), "other-claim", "valid"],
    ["that ends before it begins", signed({ until: "2026-10-01" }), "dates", "valid"],
    ["that begins before it was done", signed({ from: "2026-09-29" }), "dates", "valid"],
    ["on a day that does not exist", signed({ on: "2026-09-31" }), "dates", "valid"],
    ["of what has not been done yet", signed({ on: "2026-12-01", from: "2026-12-01" }), "future", "valid"],
  ])("%s does not count", (_what, attestation, code, signature) => {
    const standing = stand(attestation);
    expect([standing.objection?.code, standing.signature]).toEqual([code, signature]);
  });

  it("does not count once anything in it was changed", () => {
    const whole = signed({ evidence: { name: "a.log", sha256: "0".repeat(64), bytes: 7 } });
    const changes: readonly Partial<Statement>[] = [
      { holds: false },
      { on: "2026-10-01" },
      { from: "2026-10-03" },
      { until: "2027-03-29" },
      { evidence: { name: "a.log", sha256: "1".repeat(64), bytes: 7 } },
    ];
    for (const change of changes) {
      const changed = { ...whole, statement: { ...whole.statement, ...change } };
      expect(stand(changed).objection?.code).toBe("broken-signature");
    }
    const { evidence: _gone, ...less } = whole.statement;
    expect(stand({ ...whole, statement: less }).objection?.code).toBe("broken-signature");
  });

  it("has the same bytes in whatever order its fields stand", () => {
    const one = statement(hanako);
    const turned = Object.fromEntries(Object.entries(one).toReversed()) as Statement;
    expect(signedBytes(turned)).toEqual(signedBytes(one));
    expect(signedBytes(one).toString()).toBe(
      '{"by":{"name":"Hanako Sato","role":"operator"},"claim":{"en":"It was restored.","ja":"復旧しました。"},"from":"2026-10-02","holds":true,"on":"2026-09-30","requirement":"BKP-6","schema":"sekisho.attestation/1","target":"office","until":"2027-03-30"}',
    );
  });
});

test("nobody listed means that nobody's statement counts", () => {
  const alone = standingOf(signed(), { claim, targetId: "office", attestors: [], today: "2026-11-22" });
  expect(alone.objection?.code).toBe("unknown-key");
});

test("whatever its fields and signature hold, a statement nobody signed never counts, and nothing throws", () => {
  const text = fc.oneof(
    fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes).toString("utf8")),
    fc.constantFrom("office", "BKP-6", "2026-10-01"),
  );
  const made = fc.record({
    target: text,
    requirement: text,
    claim: fc.oneof(fc.constant(claim.claim), fc.record({ en: text, ja: text })),
    holds: fc.boolean(),
    on: text,
    from: text,
    until: text,
    by: fc.oneof(fc.constant({ name: "Hanako Sato", role: "operator" }), fc.record({ name: text, role: text })),
  });
  const borrowed = signed().signature ?? "";
  fc.assert(
    fc.property(made, fc.option(fc.oneof(text, fc.constant(borrowed)), { nil: undefined }), (statement, signature) => {
      const attestation = { statement, ...(signature === undefined ? {} : { signature }) };
      expect(stand(attestation).objection).toBeDefined();
    }),
    { numRuns: 150 },
  );
});

test("the latest counts before the others, and on one day what is denied before what is stated", () => {
  const list = [
    statement(hanako, { on: "2026-09-01" }),
    statement(hanako, { on: "2026-09-30" }),
    statement(hanako, { on: "2026-09-30", from: "2026-10-05" }),
    statement(hanako, { on: "2026-09-30", holds: false }),
  ];
  expect(list.toSorted(byPrecedence).map(({ on, from, holds }) => [on, from, holds])).toEqual([
    ["2026-09-30", "2026-10-02", false],
    ["2026-09-30", "2026-10-05", true],
    ["2026-09-30", "2026-10-02", true],
    ["2026-09-01", "2026-10-02", true],
  ]);
});

test("only one that is over or in force is as it should be", () => {
  expect(isProper(stand(signed(), "2028-01-01"))).toBe(true);
  expect(isProper(stand(signed(), "2026-01-01"))).toBe(false);
  expect(isProper(stand({ statement: statement(hanako) }))).toBe(false);
});
