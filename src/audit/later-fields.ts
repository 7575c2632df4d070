import type { TSchema } from "typebox";
import { Unknown, unknown } from "#model/unknown.ts";
import { departures } from "./check-schema.ts";

const why = "the version of sekisho that gathered this does not record it";

/**
 * A value with the fields that a later version of its schema asks for and that may be unknown, as unknown; lists are open. Whatever else is
 * missing stays so. Evidence is kept for years and judged again: what was not looked at then is not known, and nothing else about it is wrong.
 */
export function withLaterFields(schema: TSchema, value: unknown): unknown {
  const { properties, items } = known(schema);
  if (Array.isArray(value)) return isSchema(items) ? value.map((item) => element(items, item)) : value;
  if (typeof value !== "object" || value === null || "$unknown" in value || !isFields(properties)) return value;
  const fields = new Map(Object.entries(value));
  for (const [name, field] of Object.entries(properties)) {
    const before = fields.get(name);
    const after = before === undefined ? standIn(field) : withLaterFields(field, before);
    if (after !== undefined) fields.set(name, after);
  }
  return Object.fromEntries(fields);
}

/** An element that lacks what cannot be left open is one of which nothing is known; one with something wrong stays wrong. */
function element(schema: TSchema, item: unknown): unknown {
  const filled = withLaterFields(schema, item);
  const { properties } = known(schema);
  if (!alternatives(schema).includes(Unknown) || !isFields(properties) || !isFields(filled)) return filled;
  if ("$unknown" in filled) return filled;
  const fields = Object.entries(properties);
  const lacks = fields.some(([name, field]) => !("~optional" in field) && !(name in filled));
  const wrong = fields.some(([name, field]) => name in filled && departures(field, filled[name]).length > 0);
  return lacks && !wrong ? unknown(why) : filled;
}

function standIn(schema: TSchema): unknown {
  if (mayBeUnknown(schema)) return unknown(why);
  const { items } = parts(schema);
  return isSchema(items) && mayBeUnknown(items) ? [unknown(why)] : undefined;
}

function mayBeUnknown(schema: TSchema): boolean {
  return alternatives(schema).includes(Unknown) && !("~optional" in schema);
}

/** The schema of what was observed. */
function known(schema: TSchema): Parts {
  const [only, ...others] = alternatives(schema).filter((each) => each !== Unknown);
  // Of several kinds of value, which one it is meant to be shows only where it is whole.
  return others.length > 0 ? {} : parts(only ?? schema);
}

interface Parts {
  readonly properties?: unknown;
  readonly items?: unknown;
}

function parts(schema: TSchema): Parts {
  return schema as Parts;
}

function alternatives(schema: TSchema): readonly TSchema[] {
  const { anyOf } = schema as { readonly anyOf?: readonly TSchema[] };
  return anyOf ?? [];
}

function isSchema(value: unknown): value is TSchema {
  return typeof value === "object" && value !== null;
}

function isFields(value: unknown): value is Readonly<Record<string, TSchema>> {
  return typeof value === "object" && value !== null;
}
