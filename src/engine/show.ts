import { visitValues } from "#expression/facts.ts";
import { isUnknown } from "#model/unknown.ts";
import { printable } from "./printable.ts";
import { isFields } from "./strip.ts";
import { describe } from "./subject.ts";

const mostValues = 8;
const longest = 160;

/** The different values that stand at a path, as text, cut when there are many; empty when there are none. */
export function shownValues(facts: unknown, path: string): string {
  const shown = new Set<string>();
  let more = false;
  visitValues(facts, path, (value) => {
    for (const text of texts(value)) {
      more = shown.size >= mostValues && !shown.has(text);
      if (more) return false;
      shown.add(text);
    }
    return true;
  });
  const joined = [...shown].join(", ");
  if (joined.length > longest) return `${joined.slice(0, longest).toWellFormed()}…`;
  return more ? `${joined}, …` : joined;
}

function texts(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.length === 0 ? ["[]"] : value.flatMap(texts);
  if (isUnknown(value)) return ["?"];
  if (isFields(value)) return [Object.keys(value).length === 0 ? "?" : describe(value)];
  return [typeof value === "string" ? quoted(value) : String(value)];
}

function quoted(text: string): string {
  return text === "" ? '""' : printable(text);
}
