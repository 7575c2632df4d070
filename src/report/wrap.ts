import stringWidth from "string-width";

const graphemes = new Intl.Segmenter("ja", { granularity: "grapheme" });

/** Characters that must not begin a line (JIS X 4051, line-start prohibition), and that must not end one. */
const noStart = /^[\p{Pe}\p{Pf}、。,.・:;?!‐゠–〜ー々〻ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ,.:;?!%‰°℃/]/u;
const noEnd = /[\p{Ps}\p{Pi}]$/u;

/** Letters of scripts that are written without spaces: a line may break between them. */
const unspaced = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303f\uff00-\uffef]/u;

/**
 * Columns that text takes in a terminal. Characters whose width is ambiguous (UAX #11) count as two, as Japanese terminals may
 * draw them, so that a line never comes out longer than counted.
 */
export function widthOf(text: string): number {
  return stringWidth(text, { ambiguousIsNarrow: false });
}

/** Breaks text into lines of at most `columns` columns (at least 2). Line feeds in the text stay. The text must hold no control characters else. */
export function wrap(text: string, columns: number): string[] {
  return text.split("\n").flatMap((line) => wrapLine(line, Math.max(2, columns)));
}

function wrapLine(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = "";
  let width = 0;
  const flush = () => {
    lines.push(line.trimEnd());
    line = "";
    width = 0;
  };
  for (const piece of pieces(text)) {
    const full = widthOf(piece.trimEnd());
    if (width > 0 && width + full > columns) flush();
    if (full <= columns) {
      line += piece;
      width += widthOf(piece);
      continue;
    }
    for (const { segment } of graphemes.segment(piece)) {
      const one = widthOf(segment);
      if (width > 0 && width + one > columns) flush();
      line += segment;
      width += one;
    }
  }
  flush();
  return lines;
}

/** Cuts a line into the pieces between which it may break; blanks belong to the piece before them. */
function pieces(text: string): string[] {
  const result: string[] = [];
  let piece = "";
  let last = "";
  for (const { segment } of graphemes.segment(text)) {
    if (piece !== "" && mayBreak(last, segment)) {
      result.push(piece);
      piece = "";
    }
    piece += segment;
    last = segment;
  }
  if (piece !== "") result.push(piece);
  return result;
}

function mayBreak(before: string, after: string): boolean {
  if (after === " ") return false;
  if (before === " ") return true;
  if (noStart.test(after) || noEnd.test(before)) return false;
  return unspaced.test(before) || unspaced.test(after);
}
