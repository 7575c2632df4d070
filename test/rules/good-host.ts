import { readFileSync } from "node:fs";
import { expect } from "vitest";
import { parse } from "yaml";
import { loadCatalogue } from "#catalog/load.ts";
import { judgeRule } from "#engine/judge.ts";
import { type Facts, validateFacts } from "#expression/facts.ts";

export const { rules } = loadCatalogue("rules");
/** Facts of a host that follows the guide. */
export const good = parse(readFileSync("test/rules/good-host.yaml", "utf8")) as Facts;

/** What is broken on the good host: values by path, or an element put at the end of a list (path ending in +). */
export type Change = Readonly<Record<string, unknown>>;

/** Ids of the rules that fail once the good host is changed. */
export function failing(change: Change): readonly string[] {
  const facts = changed(change);
  return rules
    .filter((rule) => judgeRule(rule, facts).outcome === "fail")
    .map(({ rule }) => rule.id)
    .toSorted();
}

/** Ids of the rules of level info that find something which is not as they describe it, once the good host is changed. */
export function remarking(change: Change): readonly string[] {
  const facts = changed(change);
  return rules
    .filter((rule) => judgeRule(rule, facts).remarks.length > 0)
    .map(({ rule }) => rule.id)
    .toSorted();
}

function changed(change: Change): Facts {
  const facts = structuredClone(good);
  for (const [path, value] of Object.entries(change)) apply(facts, path, value);
  expect(validateFacts(facts)).toEqual([]);
  return facts;
}

function apply(facts: Facts, path: string, value: unknown): void {
  const steps = path.replace(/\+$/, "").split(".");
  const last = steps.pop() ?? "";
  let at: unknown = facts;
  for (const step of steps) at = Reflect.get(at as object, step);
  const list: unknown = Reflect.get(at as object, last);
  if (path.endsWith("+") && Array.isArray(list)) list.push(value);
  else Reflect.set(at as object, last, value);
}
