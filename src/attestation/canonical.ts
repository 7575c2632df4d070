import { attestationSchema, type Statement } from "#model/attestation.ts";

/**
 * The bytes of a statement that are signed: its JSON with the version of the format, keys sorted, no blanks, in UTF-8. Two files that say the
 * same have the same bytes, however they are laid out.
 */
export function signedBytes(statement: Statement): Buffer {
  return Buffer.from(canonicalJson({ ...statement, schema: attestationSchema }), "utf8");
}

function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => sorted(part));
}

function sorted(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : Number(a > b))));
}
