import { loadCatalogue, loadProfile } from "#catalog/load.ts";
import { pickLocale } from "#cli/locale.ts";
import { product } from "#cli/product.ts";
import { print } from "#cli/terminal.ts";
import { ruleTexts } from "#cli/texts.ts";
import { exitCodes } from "#model/exit-codes.ts";
import { InputError } from "#model/input-error.ts";
import type { Requirement } from "#model/rule.ts";
import type { Locale } from "#model/text.ts";

/** Flags of rules list and rules explain. */
export interface RulesFlags {
  readonly profile?: string;
  readonly rules?: readonly string[];
  readonly lang?: string;
}

type Catalogue = ReturnType<typeof loadCatalogue>;
type CompiledRule = Catalogue["rules"][number];

/** Prints every requirement with its rules. Gives the exit code. */
export function listRules(flags: RulesFlags): number {
  const locale = pickLocale(flags.lang, process.env);
  const catalogue = loadCatalogue(product.rules, flags.rules);
  const profile = loadProfile(product.rules, flags.profile ?? "standard");
  for (const section of catalogue.sections) {
    print(`\n${section.letter}. ${section.title[locale]}`);
    for (const requirement of catalogue.requirements.filter((entry) => entry.section === section.id)) {
      const level = profile.levels.get(requirement.id) ?? requirement.level;
      print(`  ${requirement.id} [${level}] ${requirement.title[locale]}`);
      const rules = catalogue.rules.filter((entry) => entry.rule.requirement === requirement.id);
      for (const { rule } of rules) {
        const left = profile.excluded.has(rule.id) ? ` (${ruleTexts.excluded[locale]})` : "";
        print(`    ${rule.id}: ${rule.title[locale]}${left}`);
      }
      if (rules.length === 0) print(`    – ${whyNone(requirement, locale)}`);
    }
  }
  return exitCodes.passed;
}

function whyNone(requirement: Requirement, locale: Locale): string {
  return requirement.pending?.[locale] ?? ruleTexts.noRule[locale];
}

/** Prints all there is to know of a rule, or of a requirement's rules. Throws InputError for an id that does not exist. */
export function explainRule(id: string, flags: RulesFlags): number {
  const locale = pickLocale(flags.lang, process.env);
  const catalogue = loadCatalogue(product.rules, flags.rules);
  const requirement = catalogue.requirements.find((entry) => entry.id === id.toUpperCase());
  const rules = catalogue.rules.filter(({ rule }) => rule.id === id || rule.requirement === requirement?.id);
  if (requirement !== undefined) print(explainRequirement(requirement, rules.length, locale));
  for (const rule of rules) print(explain(rule, locale));
  if (requirement === undefined && rules.length === 0) {
    throw new InputError(`There is no rule or requirement "${id}".`, { hint: "sekisho rules list shows them all." });
  }
  return exitCodes.passed;
}

function explainRequirement(requirement: Requirement, rules: number, locale: Locale): string {
  const head = `${requirement.id} [${requirement.level}] ${requirement.title[locale]}`;
  return rules > 0 ? `${head}\n` : `${head}\n  ${whyNone(requirement, locale)}`;
}

function explain(compiled: CompiledRule, locale: Locale): string {
  const { rule } = compiled;
  const reads = [...new Set([...(compiled.when?.reads ?? []), ...compiled.expect.flatMap((line) => line.that.reads)])];
  const references = Object.entries(rule.references ?? {}).map(([edition, ids]) => `${edition}: ${ids.join(", ")}`);
  const lines = [
    `${rule.id} (${rule.requirement}, ${rule.level}, ${rule.severity})`,
    `  ${rule.title[locale]}`,
    "",
    `  ${ruleTexts.why[locale]}: ${rule.why[locale]}`,
    `  ${ruleTexts.expected[locale]}: ${rule.expected[locale]}`,
    ...(rule.when === undefined ? [] : [`  ${ruleTexts.when[locale]}: ${oneLine(rule.when)}`]),
    ...rule.expect.map((line) => `  ${ruleTexts.holds[locale]}: ${oneLine(line.that)}`),
    `  ${ruleTexts.reads[locale]}: ${reads.join(", ")}`,
    `  ${ruleTexts.fix[locale]}: ${rule.fix[locale]}`,
    ...(rule.fix.commands ?? []).map((command) => `      ${command}`),
    ...(references.length === 0 ? [] : [`  ${ruleTexts.references[locale]}: ${references.join("; ")}`]),
  ];
  return `${lines.join("\n")}\n`;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
