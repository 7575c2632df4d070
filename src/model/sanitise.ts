/**
 * What must never reach a terminal or a page as it is: control characters, line and paragraph separators, bidirectional
 * controls, zero-width and other invisible characters, tag characters, noncharacters, halves of surrogate pairs.
 */
const hidden =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}]|\u034f|[\u115f\u1160\u3164\uffa0]|[\u17b4\u17b5]|[\u180b-\u180f]/gu;

/**
 * Makes text that came from a target safe to show: what is invisible or steers a terminal is written as `\u{..}` with its code point.
 * The result has at most `maxLength` UTF-16 units; when cut, an ellipsis is the last of them.
 */
export function visible(text: string, maxLength: number): string {
  const head = text.slice(0, maxLength + 2);
  const shown = head.replace(hidden, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
  if (head.length === text.length && shown.length <= maxLength) return shown;
  return maxLength < 1 ? "" : `${wholeCharacters(shown, maxLength - 1)}…`;
}

/** The first `length` units, without half a surrogate pair or half an escape at the end. */
function wholeCharacters(text: string, length: number): string {
  const cut = text.slice(0, length);
  return cut.replace(/[\ud800-\udbff]$/, "").replace(/\\(?:u(?:\{[0-9a-f]{0,6})?)?$/, "");
}
