import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import type { TSchema } from "typebox";

/** Where a value departs from a schema: path as in a JSON pointer, and what is wrong; empty when nothing is. */
export function departures(schema: TSchema, value: unknown): readonly string[] {
  const check = compiled(schema);
  if (check(value)) return [];
  return (check.errors ?? []).slice(0, 5).map((error) => `${error.instancePath || "/"} ${error.message ?? "is wrong"}`);
}

const ajv = new Ajv2020({ allErrors: false, strict: false });
formats.default(ajv);
const cache = new WeakMap<object, ReturnType<typeof ajv.compile>>();

function compiled(schema: TSchema) {
  const known = cache.get(schema);
  if (known !== undefined) return known;
  const made = ajv.compile(schema);
  cache.set(schema, made);
  return made;
}
