import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { between, duration, jst, utc } from "#report/times.ts";
import { cut, stretches, visible } from "#report/visible.ts";

describe("visible", () => {
  it.each([
    ["\u001b[31m", "\\u{1b}[31m"],
    ["a\u202eb", "a\\u{202e}b"],
    ["\ud800", "\\u{d800}"],
    ["\u{e0041}", "\\u{e0041}"],
    ["tab\tfeed\n", "tab feed\n"],
    ["漢字 ok é", "漢字 ok é"],
  ])("%j becomes %j", (text, shown) => expect(visible(text)).toBe(shown));

  it("loses nothing: the stretches put together are the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const back = stretches(text)
          .map(({ text: part, control }) =>
            control ? String.fromCodePoint(Number.parseInt(part.slice(3, -1), 16)) : part,
          )
          .join("");
        expect(back).toBe(text);
      }),
    );
  });
});

describe("cut", () => {
  it.each([
    ["abc", 3, 9, "abc"],
    ["abcd", 3, 9, "abc"],
    ["a😀b", 2, 9, "a"],
    ["1\n2\n3", 99, 2, "1\n2"],
    ["1\n2", 99, 2, "1\n2"],
  ])("%j to %i characters and %i lines is %j", (text, limit, lines, result) => {
    expect(cut(text, limit, lines).text).toBe(result);
  });

  it("says length and digest of the whole", () => {
    const whole = "x".repeat(10);
    expect(cut(whole, 4).whole).toEqual({ length: 10, digest: createHash("sha256").update(whole).digest("hex") });
    expect(cut(whole, 10).whole).toBeNull();
  });
});

describe("times", () => {
  it.each([
    ["2026-11-22T05:05:31.000Z", "2026-11-22 14:05 JST", "2026-11-22 05:05:31 UTC"],
    ["2026-12-31T15:00:00Z", "2027-01-01 00:00 JST", "2026-12-31 15:00:00 UTC"],
    ["2026-11-22T14:05:31+09:00", "2026-11-22 14:05 JST", "2026-11-22 05:05:31 UTC"],
    ["never\u001b", "never\\u{1b}", "never\\u{1b}"],
  ])("%s", (instant, local, universal) => {
    expect(jst(instant)).toBe(local);
    expect(utc(instant)).toBe(universal);
  });

  it.each([
    [0, "0 ms"],
    [999, "999 ms"],
    [1500, "1.5 秒"],
    [59_960, "59.9 秒"],
    [92_400, "1 分 32 秒"],
  ])("%i ms are %s", (ms, text) => expect(duration(ms).ja).toBe(text));

  it("between two instants", () => {
    expect(between("2026-11-22T05:00:00Z", "2026-11-22T05:00:02Z")).toEqual({ en: "2.0 s", ja: "2.0 秒" });
    expect(between("x", "2026-11-22T05:00:02Z")).toBeNull();
  });
});
