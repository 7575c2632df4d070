import { isUnknown } from "#model/unknown.ts";
import { isNeverEmpty } from "./never-empty.ts";
import { emptied, type GapsFound, marked, note } from "./why.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Whether a value is a record of named fields. */
export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * A value as expressions see it: unknown fields are left out, unknown elements become elements without any field. Undefined for the mark
 * itself, and for an empty list that cannot be empty in truth. Why each was not known is noted.
 */
export function strip(value: unknown, path: string, gaps: GapsFound): unknown {
  if (isUnknown(value)) {
    note(gaps, path, marked(value.$unknown));
    return undefined;
  }
  if (Array.isArray(value) && value.length === 0 && isNeverEmpty(path)) {
    note(gaps, path, emptied(path));
    return undefined;
  }
  if (Array.isArray(value)) return value.map((element) => strip(element, `${path}[]`, gaps) ?? {});
  if (!isFields(value)) return value;
  const fields = Object.entries(value).map(([name, field]) => [name, strip(field, `${path}.${name}`, gaps)] as const);
  return Object.fromEntries(fields.filter(([, field]) => field !== undefined));
}

/** Whether a stripped list may hold more than what stands in it; what is no list may. */
export function isOpen(list: unknown): boolean {
  return !Array.isArray(list) || list.some((element) => isFields(element) && Object.keys(element).length === 0);
}

/** A stripped list that may hold more than what stands in it. */
export function opened(list: readonly unknown[]): readonly unknown[] {
  return isOpen(list) ? list : [...list, {}];
}

/** The elements of a stripped list that are records and were really seen. */
export function records(list: unknown): readonly Fields[] {
  return Array.isArray(list) ? list.filter((element) => isFields(element) && Object.keys(element).length > 0) : [];
}
