import type { Entry } from "./entry.ts";

/** An entry made ready to be found in a text. */
export interface Pattern {
  /** The English without its slots: what stands before the first, between two, and behind the last. */
  readonly pieces: readonly string[];
  /** The Japanese in the same way, and which slot stands between two pieces. */
  readonly japanese: readonly string[];
  readonly order: readonly number[];
}

/** Takes an entry apart at its slots. Slots of the Japanese that the English lacks are refused. */
export function patternOf([en, ja]: Entry): Pattern {
  const english = apart(en);
  const japanese = apart(ja);
  const order = japanese.slots.map((slot) => english.slots.indexOf(slot));
  if (order.includes(-1)) throw new Error(`"${ja}" has a slot that "${en}" lacks.`);
  return { pieces: english.pieces, japanese: japanese.pieces, order };
}

/** How much of a text a pattern stands for by itself: of two that fit, the one that says more is meant. */
export function weightOf({ pieces }: Pattern): number {
  return pieces.join("").length;
}

/**
 * What stands in the slots of a text that fits a pattern; undefined for one that does not fit. The pieces are looked for one after
 * another, each at its first place behind the one before, so a text is read once, whatever stands in it.
 */
export function slotsIn(text: string, { pieces }: Pattern): readonly string[] | undefined {
  const [first = "", ...rest] = pieces;
  const last = rest.pop();
  if (last === undefined) return text === first ? [] : undefined;
  const end = text.length - last.length;
  if (end < first.length || !text.startsWith(first) || !text.endsWith(last)) return undefined;
  const slots: string[] = [];
  let from = first.length;
  for (const piece of rest) {
    const at = text.indexOf(piece, from);
    if (at < 0 || at + piece.length > end) return undefined;
    slots.push(text.slice(from, at));
    from = at + piece.length;
  }
  return [...slots, text.slice(from, end)];
}

/** The Japanese of a pattern with its slots filled. Between Japanese and Japanese stands no space. */
export function filled({ japanese, order }: Pattern, slots: readonly string[]): string {
  const [first = "", ...rest] = japanese;
  return rest.reduce((before, after, index) => {
    const slot = slots[order[index] ?? -1] ?? "";
    const close = before.endsWith(" ") && endsJapanese(before.slice(0, -1)) && startsJapanese.test(slot);
    const text = `${close ? before.slice(0, -1) : before}${slot}`;
    return after.startsWith(" ") && endsJapanese(text) && startsJapanese.test(after.slice(1))
      ? text + after.slice(1)
      : text + after;
  }, first);
}

const startsJapanese = /^[\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Han}]/u;

function endsJapanese(text: string): boolean {
  return startsJapanese.test(text.slice(-1));
}

function apart(text: string): { readonly pieces: readonly string[]; readonly slots: readonly string[] } {
  const parts = text.split(/\{([a-zA-Z]+)\}/);
  return { pieces: parts.filter((_, index) => index % 2 === 0), slots: parts.filter((_, index) => index % 2 === 1) };
}
