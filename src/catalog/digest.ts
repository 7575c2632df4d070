import { createHash } from "node:crypto";

/** sha256 of the canonical JSON of a value: keys sorted, no blanks. Hex. */
export function digestOf(value: unknown): string {
  return createHash("sha256")
    .update(JSON.stringify(value, (_key, part) => sorted(part)))
    .digest("hex");
}

function sorted(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : Number(a > b))));
}
