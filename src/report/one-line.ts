import { cut, visible } from "./visible.ts";

/**
 * Text in one line, for a cell, an attribute or a field: unseen characters written out, blanks as single spaces, none at either end.
 * Longer text is cut at `limit` UTF-16 units, and says so with its length.
 */
export function oneLine(text: string, limit = 2000): string {
  const { text: head, whole } = cut(text, limit);
  const line = visible(head).replace(/\s+/gu, " ").trim();
  return whole === null ? line : `${line} … (${whole.length})`;
}
