import { createHash } from "node:crypto";

/**
 * What would not be seen, or would steer a terminal or the direction of text: controls, format characters such as bidi marks, line and
 * paragraph separators, fillers, lone surrogates and noncharacters. Tab and line feed are kept apart: a caller decides about them.
 */
const hidden =
  /[^\P{Cc}\t\n]|[\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}\u115f\u1160\u3164\uffa0]|\u034f|\u17b4|\u17b5|[\u180b-\u180d]|\u180f/gu;

/** A stretch of text to show: either as it stands, or the name of a character that would not be seen. */
export interface Stretch {
  readonly text: string;
  readonly control: boolean;
}

/** How an unseen character is written, as evidence writes it too: its code point, \u{1b}. */
function nameOf(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}

/** Splits text into what can be shown and the names of what would not be seen. Tab and line feed stay as they are. */
export function stretches(text: string): Stretch[] {
  const result: Stretch[] = [];
  let end = 0;
  for (const match of text.matchAll(hidden)) {
    if (match.index > end) result.push({ text: text.slice(end, match.index), control: false });
    result.push({ text: nameOf(match[0]), control: true });
    end = match.index + match[0].length;
  }
  if (end < text.length) result.push({ text: text.slice(end), control: false });
  return result;
}

/** Text with every unseen character written out, on any number of lines. Tab becomes a space. */
export function visible(text: string): string {
  return text.replace(hidden, nameOf).replaceAll("\t", " ");
}

/** Text that may have been cut. */
export interface Cut {
  readonly text: string;
  /** Length in characters and sha256 of the whole, only where it was cut. */
  readonly whole: { readonly length: number; readonly digest: string } | null;
}

/** Cuts text to at most `limit` UTF-16 units and `lines` lines, never inside a surrogate pair. */
export function cut(text: string, limit: number, lines = Number.POSITIVE_INFINITY): Cut {
  const end = Math.min(limit, endOfLine(text, lines));
  if (text.length <= end) return { text, whole: null };
  const last = text.charCodeAt(end - 1);
  const whole = last >= 0xd800 && last <= 0xdbff ? end - 1 : end;
  const digest = createHash("sha256").update(text, "utf8").digest("hex");
  return { text: text.slice(0, whole), whole: { length: text.length, digest } };
}

/** Index of the end of the `lines`-th line, or the length of the text. */
function endOfLine(text: string, lines: number): number {
  if (lines === Number.POSITIVE_INFINITY) return text.length;
  let end = -1;
  for (let line = 0; line < lines; line += 1) {
    end = text.indexOf("\n", end + 1);
    if (end === -1) return text.length;
  }
  return end;
}
