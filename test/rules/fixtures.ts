import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { Facts } from "#expression/facts.ts";

/** One fixture of a rule: facts, and what the rule says to them. */
export interface Fixture {
  readonly name: string;
  readonly expect: string;
  readonly subjects?: readonly string[];
  readonly facts: Facts;
}

/** Folder of all rules' fixtures. */
export const fixturesFolder = "fixtures/rules";

/** Fixtures of a rule, none when it has no folder. */
export function fixturesOf(rule: string): readonly Fixture[] {
  if (!readdirSync(fixturesFolder).includes(rule)) return [];
  const folder = join(fixturesFolder, rule);
  return readdirSync(folder)
    .sort()
    .map((file) => ({ name: file.replace(/\.yaml$/, ""), ...parse(readFileSync(join(folder, file), "utf8")) }));
}

/** The outcomes a fixture of this name may have. */
export function outcomesFor(name: string): readonly string[] {
  if (name === "pass" || name.startsWith("pass-")) return ["pass", "informational"];
  if (name === "fail" || name.startsWith("fail-")) return ["fail"];
  if (name === "not-applicable" || name.startsWith("not-applicable-")) return ["notapplicable"];
  if (name === "missing" || name.startsWith("missing-")) return ["unknown", "notchecked"];
  return [];
}

/** Every path at which facts end, in the notation of what expressions read: values, marks for the unknown, empty lists and records. */
export function pathsIn(value: unknown, path = ""): readonly string[] {
  const inner = Array.isArray(value) ? value.map((item) => [`${path}[]`, item] as const) : fieldsOf(value, path);
  if (inner.length === 0) return path === "" ? [] : [path.replace(/(\[\])+$/, "")];
  return inner.flatMap(([innerPath, item]) => pathsIn(item, innerPath));
}

function fieldsOf(value: unknown, path: string): readonly (readonly [string, unknown])[] {
  if (typeof value !== "object" || value === null || "$unknown" in value) return [];
  return Object.entries(value).map(([name, field]) => [path === "" ? name : `${path}.${name}`, field] as const);
}
