import { expect, test } from "vitest";
import { pickLocale } from "#cli/locale.ts";

test.each([
  ["ja", {}, "ja"],
  ["en", { LANG: "ja_JP.UTF-8" }, "en"],
  [undefined, { LANG: "ja_JP.UTF-8" }, "ja"],
  [undefined, { LANG: "ja_JP.UTF-8", LC_ALL: "C" }, "en"],
  [undefined, { LC_ALL: "", LANG: "ja_JP.UTF-8" }, "ja"],
  [undefined, {}, "en"],
])("--lang %s in %j is %s", (asked, environment, locale) => {
  expect(pickLocale(asked, environment)).toBe(locale);
});
