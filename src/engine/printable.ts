import type { Wording } from "#expression/template.ts";
import type { Locale, Text } from "#model/text.ts";
import { reasonText } from "#reasons/japanese.ts";

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

/** A reason that stands in the evidence, in both languages and fit to stand in a sentence. */
export function printableReason(reason: string): Text {
  const { en, ja } = reasonText(reason);
  return { en: printable(en), ja: printable(ja) };
}

/** How values stand in sentences, by language. */
export const wordings: Readonly<Record<Locale, Wording>> = {
  en: { unknown: "unknown", separator: ", ", printable },
  ja: { unknown: "不明", separator: "、", printable },
};
