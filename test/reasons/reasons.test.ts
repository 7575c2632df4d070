import { describe, expect, test } from "vitest";
import { entries } from "#reasons/entries.ts";
import { inJapanese } from "#reasons/japanese.ts";
import { filled, patternOf, slotsIn } from "#reasons/pattern.ts";
import { notReasons, unfollowed } from "./exceptions.ts";
import { type Said, sayings } from "./said.ts";

const { said, lost } = sayings();
const patterns = entries.map((entry) => ({ entry, pattern: patternOf(entry) }));
const byPieces = new Map(patterns.map((each) => [each.pattern.pieces.join("\0"), each] as const));

/** A text without the space at its ends, which belongs to what it stands in, and without words between two slots. */
function piecesOf({ pieces }: Said): string {
  const whole = pieces.filter((piece, index) => piece !== "" || index === 0 || index === pieces.length - 1);
  return whole.join("\0").trim();
}

/** The translation of a text: of the same pieces, or where it has no slot itself, with one word in the slot of the other. */
function translationOf(one: Said): (typeof patterns)[number] | undefined {
  const text = piecesOf(one);
  const isWhole = one.pieces.length === 1;
  return byPieces.get(text) ?? (isWhole ? patterns.find(({ pattern }) => isWord(slotsIn(text, pattern))) : undefined);
}

function isWord(slots: readonly string[] | undefined): boolean {
  return slots?.length === 1 && /^\S+$/.test(slots[0] ?? "");
}

/** Whether a text needs a translation: what stands in a slot does where it is more than one word. */
function isReason(one: Said): boolean {
  const text = piecesOf(one);
  if (notReasons.has(text)) return false;
  return one.inside ? /\p{L}{2}[^\p{L}\0]* [^\p{L}\0]*\p{L}{2}/u.test(text) : text.replaceAll("\0", "") !== "";
}

describe("every reason that the sources give", () => {
  test("is found in them", () => {
    expect(said.length).toBeGreaterThan(500);
    expect(said.map(piecesOf)).toContain("needs root, and sudo does not allow it without a password");
  });

  test("has a translation", () => {
    const missing = said.filter((one) => isReason(one) && translationOf(one) === undefined);
    expect(missing.map((one) => `${one.where} ${piecesOf(one).replaceAll("\0", "{}")}`)).toEqual([]);
  });

  test("could be followed to its words, but for what is listed", () => {
    const expressions = new Set(lost.map((each) => each.replace(/:\d+ /, " ")));
    expect([...expressions].toSorted()).toEqual(Object.keys(unfollowed).toSorted());
  });
});

describe("the translations", () => {
  test("are each of a text that the sources give", () => {
    const given = new Set(said.map(translationOf));
    const dead = patterns.filter((each) => !given.has(each));
    expect(dead.map(({ entry }) => entry[0])).toEqual([]);
  });

  test("stand there once", () => {
    expect(byPieces.size).toBe(entries.length);
  });

  test("have the same slots in both languages", () => {
    const slots = (text: string) => [...text.matchAll(/\{(.*?)\}/g)].map((match) => match[1]).toSorted();
    for (const [en, ja] of entries) expect(slots(ja), en).toEqual(slots(en));
  });

  test("are Japanese, but for those that are a name and a reason", () => {
    const not = entries.filter(([, ja]) => !/[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u.test(ja));
    expect(not.map(([en]) => en)).toEqual(["sshd -T: {why}", "OpenClaw: {why}"]);
  });

  test("end without a full stop where the English does", () => {
    for (const [en, ja] of entries) {
      if (!/[.}:]$/.test(en)) expect(ja.endsWith("。"), ja).toBe(false);
    }
  });

  test("are found by their own texts, whatever stands in the slots", () => {
    for (const { entry, pattern } of patterns) {
      const slots = pattern.pieces.slice(1).map((_, index) => `x${index}`);
      const text = pattern.pieces.map((piece, index) => piece + (slots[index] ?? "")).join("");
      expect(inJapanese(text), entry[0]).toBe(filled(pattern, slots));
    }
  });
});
