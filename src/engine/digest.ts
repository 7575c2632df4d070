import { createHash } from "node:crypto";

/** JSON with the keys of every object sorted, so that equal values give equal bytes. */
function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : Number(a > b)));
  return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${canonicalJson(field)}`).join(",")}}`;
}

/** sha256 of a text's UTF-8 bytes, hex. */
export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** sha256 of a value's canonical JSON, hex. */
export function digestOf(value: unknown): string {
  return sha256(canonicalJson(value));
}

/** Name of a finding or an occurrence that stays the same from run to run: the first 32 hex digits of a sha256. */
export function fingerprint(...parts: readonly string[]): string {
  return sha256(parts.join("\n")).slice(0, 32);
}
