/** What JSON.parse can give. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** The value of a JSON text, or undefined when it is not JSON. */
export function parseJson(text: string): Json | undefined {
  try {
    // JSON.parse is typed any; what it gives is exactly Json.
    return JSON.parse(text) as Json;
  } catch {
    return undefined; // text of a host that is not JSON is a value of the world
  }
}

/** Tells an object from everything else. */
export function isRecord(value: Json | undefined): value is Readonly<Record<string, Json>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
