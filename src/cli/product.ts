import { readFileSync } from "node:fs";
import { join } from "node:path";
import { loadCatalogue } from "#catalog/load.ts";

const root = join(import.meta.dirname, "..", "..");

/** Folders and files that belong to the product. */
export const product = {
  root,
  rules: join(root, "rules"),
  templates: join(root, "reports"),
} as const;

/** Ids of all rules: the product's, and those of the folders added to them. */
export function ruleIds(added: readonly string[] = []): ReadonlySet<string> {
  return new Set(loadCatalogue(product.rules, added).rules.map(({ rule }) => rule.id));
}

/** This program's name and version, and the Node it runs on. */
export function toolOf(): { readonly name: string; readonly version: string; readonly node: string } {
  const text: unknown = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const version = typeof text === "object" && text !== null && "version" in text ? String(text.version) : "unknown";
  return { name: "sekisho", version, node: process.versions.node };
}
