import fc from "fast-check";
import { expect, test } from "vitest";
import { visible } from "#model/sanitise.ts";

test.each([
  ["plain text", 20, "plain text"],
  ["日本語 – é 🦞", 20, "日本語 – é 🦞"],
  ["\u001b[31mred", 20, "\\u{1b}[31mred"],
  ["a\r\nb\tc\0", 40, "a\\u{d}\\u{a}b\\u{9}c\\u{0}"],
  ["\u009bc1", 20, "\\u{9b}c1"],
  ["abc\u202egnp.exe", 30, "abc\\u{202e}gnp.exe"],
  ["zero\u200bwidth\ufeff", 40, "zero\\u{200b}width\\u{feff}"],
  ["tag\u{e0041}", 20, "tag\\u{e0041}"],
  ["half \ud800 pair", 30, "half \\u{d800} pair"],
  ["\u2066isolate\u2069", 40, "\\u{2066}isolate\\u{2069}"],
  ["abcdef", 4, "abc…"],
  ["ab🦞cd", 4, "ab…"],
  ["ab\u001bcdef", 6, "ab…"],
  ["abc", 3, "abc"],
  ["abc", 0, ""],
])("%j within %d is shown as %j", (text, length, shown) => {
  expect(visible(text, length)).toBe(shown);
});

test("nothing invisible is left, nothing is longer than allowed, nothing is half", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.integer({ min: 1, max: 60 }), (text, length) => {
      const shown = visible(text, length);
      expect(shown.length).toBeLessThanOrEqual(length);
      expect(shown).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
      expect(shown.isWellFormed()).toBe(true);
    }),
  );
});
