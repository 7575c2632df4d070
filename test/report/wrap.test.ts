import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { widthOf, wrap } from "#report/wrap.ts";

describe("wrap", () => {
  const cases: readonly (readonly [string, string, number, readonly string[]])[] = [
    ["keeps what fits", "22/tcp is open", 20, ["22/tcp is open"]],
    ["breaks between words", "22/tcp is open from outside", 14, ["22/tcp is open", "from outside"]],
    ["breaks Japanese anywhere", "必須要件が不適合です", 10, ["必須要件が", "不適合です"]],
    ["lets no full stop begin a line", "必須要件不適合。以上", 14, ["必須要件不適", "合。以上"]],
    ["lets no opening bracket end a line", "対象の要件「必須」", 12, ["対象の要件", "「必須」"]],
    ["lets no small kana begin a line", "ネットワークチェック", 16, ["ネットワーク", "チェック"]],
    ["breaks between Japanese and Latin", "確認はsshdで行う", 10, ["確認はsshd", "で行う"]],
    ["splits a word that is too long", "aaaaaaaaaaaa", 5, ["aaaaa", "aaaaa", "aa"]],
    ["keeps line feeds", "one\ntwo", 20, ["one", "two"]],
    ["gives one empty line for no text", "", 20, [""]],
    ["keeps an emoji whole", "👩‍👩‍👧👩‍👩‍👧", 3, ["👩‍👩‍👧", "👩‍👩‍👧"]],
  ];
  for (const [name, text, columns, lines] of cases) {
    it(name, () => expect(wrap(text, columns)).toEqual(lines));
  }

  it("gives no line that is too wide and loses nothing but blanks", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "漢", "。", "「", " ", "—", "ｶ", "é", "가", "1") });
    fc.assert(
      fc.property(text, fc.integer({ min: 2, max: 40 }), (value, columns) => {
        const lines = wrap(value, columns);
        for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(columns);
        expect(lines.join("").replaceAll(" ", "")).toBe(value.replaceAll(" ", ""));
      }),
    );
  });
});
