import { join } from "node:path";
import { fixturesOf } from "#audit/rule-fixtures.ts";
import { testRule } from "#audit/rule-tests.ts";
import { loadCatalogue } from "#catalog/load.ts";
import { product } from "#cli/product.ts";
import { note, print } from "#cli/terminal.ts";
import { exitCodes } from "#model/exit-codes.ts";
import { InputError } from "#model/input-error.ts";

/**
 * Holds each rule of a folder to its fixtures and prints what is wrong, one line each. Gives the exit code: 0 where all holds, else 1.
 * @throws InputError for a folder whose rules cannot be read, or that has none.
 */
export function testRules(folder: string): number {
  const catalogue = loadCatalogue(product.rules, [folder]);
  const added = catalogue.rules.filter(({ rule }) => catalogue.added.includes(rule.id));
  if (added.length === 0) {
    const hint =
      "A rule is a file SECTION/ID.yaml; sekisho rules list shows the sections, docs/rules-of-your-own.md an example.";
    throw new InputError(`There is no rule in ${folder}.`, { hint });
  }
  const tests = added.flatMap((rule) => testRule(rule, fixturesOf(join(folder, "fixtures"), rule.rule.id)));
  const failed = tests.filter(({ problem }) => problem !== undefined);
  for (const { rule, name, problem = "" } of failed) note(`${rule}: ${name}: ${problem}`);
  print(`${added.length} rules: ${tests.length - failed.length} tests passed, ${failed.length} failed`);
  return failed.length === 0 ? exitCodes.passed : exitCodes.blocked;
}
