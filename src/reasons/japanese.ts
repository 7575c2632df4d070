import type { Text } from "#model/text.ts";
import { entries } from "./entries.ts";
import { filled, patternOf, slotsIn, weightOf } from "./pattern.ts";

/** Texts stand in slots of texts; deeper than this none is looked for. */
const deepest = 5;
/** Longer texts, which hold what a host printed, are not taken apart at the joints between several reasons. */
const longestApart = 2000;
const mostJoints = 8;

const whole = new Map(entries.filter(([en]) => !en.includes("{")));
const patterns = entries
  .filter(([en]) => !whole.has(en))
  .map(patternOf)
  .toSorted((a, b) => weightOf(b) - weightOf(a));

/** How texts are put together, and how that is done in Japanese. What stands before a joint keeps its full stop. */
const joints = [
  { en: ". ", kept: 1, ja: "" },
  { en: "; ", kept: 0, ja: "。" },
] as const;

/** A reason in both languages. */
export function reasonText(text: string): Text {
  return { en: text, ja: inJapanese(text) };
}

/** A reason in Japanese; as it is where it is none that is known. What is filled in stays as it is, unless it is itself a known reason. */
export function inJapanese(text: string): string {
  return known(text, deepest, new Map()) ?? text;
}

/** What was found of each part of a text, by how deep it was looked for, so that no part is looked at over and over. */
type Found = Map<string, string | undefined>;

function known(text: string, depth: number, found: Found): string | undefined {
  if (depth === 0) return undefined;
  if (text.length > longestApart) return matched(text, depth, found);
  const key = `${depth} ${text}`;
  if (found.has(key)) return found.get(key);
  const japanese = joined(text, depth, found) ?? matched(text, depth, found) ?? named(text, depth, found);
  found.set(key, japanese);
  return japanese;
}

function matched(text: string, depth: number, found: Found): string | undefined {
  const japanese = whole.get(text);
  if (japanese !== undefined) return japanese;
  for (const pattern of patterns) {
    const slots = slotsIn(text, pattern);
    if (slots !== undefined) {
      const inside = slots.map((slot) => known(slot.trimStart(), depth - 1, found) ?? slot);
      return filled(pattern, inside);
    }
  }
  return undefined;
}

/** Two reasons one after another, both of them known. */
function joined(text: string, depth: number, found: Found): string | undefined {
  for (const { en, kept, ja } of joints) {
    for (const at of placesOf(en, text)) {
      const before = matched(text.slice(0, at + kept), depth, found);
      const after = before === undefined ? undefined : known(text.slice(at + en.length), depth - 1, found);
      if (before !== undefined && after !== undefined) return `${before}${ja}${after}`;
    }
  }
  return undefined;
}

/** A known reason behind the name of what it is about. */
function named(text: string, depth: number, found: Found): string | undefined {
  for (const at of placesOf(": ", text)) {
    const reason = known(text.slice(at + 2), depth - 1, found);
    const name = text.slice(0, at);
    if (reason !== undefined) return `${known(name, depth - 1, found) ?? name}: ${reason}`;
  }
  return undefined;
}

function placesOf(joint: string, text: string): readonly number[] {
  const places: number[] = [];
  for (let at = text.indexOf(joint); at >= 0 && places.length < mostJoints; at = text.indexOf(joint, at + 1)) {
    places.push(at);
  }
  return places;
}
