import { oneLine } from "./one-line.ts";

/** What Markdown (CommonMark with GitHub's extensions) may read as markup, anywhere in a line. */
const marks = /[\\`*_{}[\]()<>#+\-.!|~&=$^]/g;

/**
 * Someone's text in one line of Markdown, with nothing in it that is read as markup, as a link, or as the mention of a person or an
 * issue. Such words are parted by an empty comment, which no page shows: an escape alone does not keep GitHub from linking them.
 */
export function markdownText(text: string, limit = 500): string {
  return oneLine(text, limit)
    .replace(marks, "\\$&")
    .replace(/@/g, "@<!-- -->")
    .replace(/\\#/g, "\\#<!-- -->")
    .replace(/(https?|ftp|mailto|xmpp)(:)/gi, "$1<!-- -->$2")
    .replace(/\b(www)(\\\.)/gi, "$1<!-- -->$2")
    .replace(/\b(GH)(\\-)/gi, "$1<!-- -->$2");
}

/** Lines as a block of code, each cut where it is long. The fence is longer than any run of backticks within. */
export function codeBlock(lines: readonly string[]): string {
  const shown = lines.map((line) => oneLine(line, 1000));
  const runs = [...shown.join("\n").matchAll(/`+/g)].map(([run]) => run.length);
  const fence = "`".repeat(Math.max(3, ...runs.map((length) => length + 1)));
  return [`${fence}sh`, ...shown, fence].join("\n");
}
