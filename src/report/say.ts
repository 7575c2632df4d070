import type { Locale, Text } from "#model/text.ts";
import { type DiffKey, diffTexts } from "./diff-texts.ts";
import { type FormatKey, formatTexts } from "./format-texts.ts";
import { type MapKey, mapTexts } from "./map-texts.ts";
import { type MethodKey, methodTexts } from "./method-texts.ts";
import { type StatementKey, statementTexts } from "./statement-texts.ts";
import { type SummaryKey, summaryTexts } from "./summary-texts.ts";
import { type PageKey, texts } from "./texts.ts";
import { type WaiverKey, waiverTexts } from "./waiver-texts.ts";

/** Name of a text of the page or of the summary. */
export type TextKey = PageKey | DiffKey | FormatKey | MapKey | MethodKey | StatementKey | SummaryKey | WaiverKey;

/** What is filled into a text. */
export type Values = Readonly<Record<string, string | number>>;

const all: ReadonlyMap<string, Text> = new Map(
  Object.entries({
    ...texts,
    ...diffTexts,
    ...formatTexts,
    ...mapTexts,
    ...methodTexts,
    ...statementTexts,
    ...summaryTexts,
    ...waiverTexts,
  }),
);

/** Every text, by key. */
export function allTexts(): ReadonlyMap<string, Text> {
  return all;
}

/** The text `key` in both languages, filled in. Throws on a key that is not there, and on a value that is not given: both are our own faults. */
export function say(key: TextKey, values: Values = {}): Text {
  return sayNamed(key, values);
}

/** Like `say`, for a key that comes from a template. */
export function sayNamed(key: string, values: Values = {}): Text {
  const text = all.get(key);
  if (text === undefined) throw new Error(`no text named ${key}`);
  return { en: fill(text.en, values), ja: fill(text.ja, values) };
}

/** The text `key` in one language, filled in. */
export function sayIn(locale: Locale, key: TextKey, values: Values = {}): string {
  return say(key, values)[locale];
}

const slot = /\{(\w+)(?:\|([^|}]*)\|([^|}]*))?\}/g;

function fill(text: string, values: Values): string {
  return text.replace(slot, (_, name: string, one?: string, many?: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined) throw new Error(`no value for {${name}} in "${text}"`);
    if (one === undefined) return String(value);
    return `${value} ${value === 1 ? one : many}`;
  });
}
