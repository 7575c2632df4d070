import type { Wording } from "#expression/template.ts";
import type { Locale } from "#model/text.ts";

const longest = 200;

/** A text of the target's fit to stand in a sentence: on one line, without control and format characters, cut when long. */
export function printable(text: string): string {
  const clean = text.toWellFormed().replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, "\uFFFD");
  if (clean.length <= longest) return clean;
  return `${clean
    .slice(0, longest)
    .toWellFormed()
    .replace(/\uFFFD$/, "")}…`;
}

/** How values stand in sentences, by language. */
export const wordings: Readonly<Record<Locale, Wording>> = {
  en: { unknown: "unknown", separator: ", ", printable },
  ja: { unknown: "不明", separator: "、", printable },
};
