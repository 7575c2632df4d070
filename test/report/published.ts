import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const folder = process.env["SEKISHO_SCHEMAS"] ?? join(import.meta.dirname, "..", "..", "..", "shared", "schemas");

/** Tells whether a published schema lies beside the project; the project holds none of them. */
export function hasSchema(name: string): boolean {
  return existsSync(join(folder, name));
}

/** A published schema as text. */
export function schemaText(name: string): string {
  return readFileSync(join(folder, name), "utf8");
}
