import fc from "fast-check";
import stringWidth from "string-width";
import { describe, expect, test } from "vitest";
import type { Change, Comparison } from "#model/comparison.ts";
import { renderDiff, renderDiffMarkdown } from "#report/diff.ts";
import { changeOrder } from "#report/diff-texts.ts";
import { poisons } from "./hostile.ts";
import { hidden } from "./rendered.ts";

const side = {
  report: "6973dddd3ef9cb6a",
  evaluatedAt: "2026-11-22T05:05:31.000Z",
  tool: "0.1.0",
  profile: "standard",
};

function change(kind: Change["kind"], parts: Partial<Change> = {}): Change {
  return {
    kind,
    cause: "server",
    rule: "ports-others-closed",
    requirement: "NET-9",
    level: "must",
    title: { en: "Other ports are closed", ja: "ほかのポートは閉じている" },
    subject: "203.0.113.5 3306/tcp",
    before: { en: "Closed.", ja: "閉じています。" },
    after: { en: "Open from outside.", ja: "社外から開いています。" },
    outcomes: { before: "pass", after: "fail" },
    waived: { before: false, after: false },
    fingerprint: "0".repeat(32),
    ...parts,
  };
}

function comparison(changes: readonly Change[], parts: Partial<Comparison> = {}): Comparison {
  return {
    target: "claw-01",
    before: { ...side, collectedAt: "2026-10-22T05:03:02.000Z", verdict: "passed" },
    after: { ...side, collectedAt: "2026-11-22T05:03:02.000Z", verdict: "blocked" },
    same: { rules: true, profile: true, policy: true, tool: true },
    rules: { added: [], removed: [] },
    changes,
    ...parts,
  };
}

const everything = comparison(
  [
    ...changeOrder.map((kind) => change(kind)),
    change("still", { waived: { before: true, after: false }, cause: "policy" }),
    change("still", { waived: { before: false, after: true }, subject: "203.0.113.5 6379/tcp" }),
  ],
  {
    same: { rules: false, profile: false, policy: false, tool: false },
    rules: { added: ["one"], removed: ["two"] },
  },
);

describe.each(["ja", "en"] as const)("in %s", (locale) => {
  test("the comparison is the one expected", async () => {
    const text = `${renderDiff(everything, { locale, columns: 80 })}\n${renderDiffMarkdown(everything, locale)}`;
    await expect(text).toMatchFileSnapshot(`../goldens/report/diff.${locale}.txt`);
  });

  test("without changes it says so", () => {
    for (const text of [
      renderDiff(comparison([]), { locale, columns: 80 }),
      renderDiffMarkdown(comparison([]), locale),
    ]) {
      expect(text).toMatch(/Nothing fails|不適合・解消・変化はありません/);
    }
  });
});

test("keeps within the columns and shows no unseen character, whatever the reports hold", () => {
  const text = fc.oneof(fc.string({ unit: "binary", maxLength: 100 }), fc.constantFrom(...poisons));
  fc.assert(
    fc.property(text, text, fc.integer({ min: 20, max: 140 }), (one, two, columns) => {
      const parts = {
        rule: one,
        subject: two,
        requirement: one,
        before: { en: one, ja: two },
        after: { en: two, ja: one },
      };
      const all = comparison(
        changeOrder.map((kind) => change(kind, parts)),
        { rules: { added: [one], removed: [two] } },
      );
      const terminal = renderDiff(all, { locale: "ja", columns });
      expect(terminal).not.toMatch(hidden);
      expect(renderDiffMarkdown(all, "ja")).not.toMatch(hidden);
      for (const line of terminal.split("\n")) expect(stringWidth(line)).toBeLessThanOrEqual(columns);
    }),
    { numRuns: 60 },
  );
});
