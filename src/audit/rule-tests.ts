import type { CompiledRule } from "#catalog/types.ts";
import { type Judgement, judgeRule } from "#engine/judge.ts";
import { type Facts, validateFacts } from "#expression/facts.ts";
import { templateReads } from "#expression/template.ts";
import { type Fixture, outcomesFor, pathsIn } from "./rule-fixtures.ts";
import { weakenings } from "./weaken.ts";

/** One test of a rule. */
export interface RuleTest {
  readonly rule: string;
  readonly name: string;
  /** What is wrong, and what to do; undefined where it passed. */
  readonly problem: string | undefined;
}

/**
 * Holds a rule to its fixtures: one for each outcome it can have, each of facts that there are and that the rule reads, judged as it says;
 * and whatever less is known than a fixture says, the rule answers the same or does not know.
 */
export function testRule(compiled: CompiledRule, fixtures: readonly Fixture[]): readonly RuleTest[] {
  const { id } = compiled.rule;
  const tests: readonly (readonly [string, string | undefined])[] = [
    ["fixtures", missingFixtures(compiled, fixtures)],
    ...fixtures.flatMap((fixture) => [
      [fixture.name, factProblem(compiled, fixture) ?? outcomeProblem(compiled, fixture)] as const,
      [`${fixture.name}, knowing less`, weakerProblem(compiled, fixture)] as const,
    ]),
  ];
  return tests.map(([name, problem]) => ({ rule: id, name, problem }));
}

/** Every path that the rule reads, in its messages too. */
export function readsOf({ when, expect: lines }: CompiledRule): readonly string[] {
  const texts = lines.flatMap(({ that, else: text }) => [
    ...that.reads,
    ...templateReads(text.en, that),
    ...templateReads(text.ja, that),
  ]);
  return [...(when?.reads ?? []), ...texts].map((path) => path.replace(/\[\]$/, ""));
}

function missingFixtures({ rule }: CompiledRule, fixtures: readonly Fixture[]): string | undefined {
  const names = new Set(fixtures.map(({ name }) => name));
  const needed = [
    "pass",
    "missing",
    ...(rule.level === "info" ? [] : ["fail"]),
    ...(rule.when === undefined ? [] : ["not-applicable"]),
  ];
  const lacking = needed.filter((name) => !names.has(name)).map((name) => `${name}.yaml`);
  if (lacking.length > 0) return `there is no ${lacking.join(", no ")}`;
  if (rule.when === undefined && names.has("not-applicable")) return "not-applicable.yaml is of no use without when";
  const wrong = fixtures.find(({ name, expect }) => !outcomesFor(name, rule.level).includes(expect));
  if (wrong === undefined) return undefined;
  const allowed = outcomesFor(wrong.name, rule.level);
  if (allowed.length === 0)
    return `the name of ${wrong.name}.yaml begins with none of pass, fail, missing, not-applicable`;
  return `${wrong.name}.yaml expects ${wrong.expect}; by its name it is one for ${allowed.join(" or ")}`;
}

function factProblem(compiled: CompiledRule, { facts }: Fixture): string | undefined {
  const problem = validateFacts(facts as Facts)[0];
  if (problem !== undefined) {
    const { path, message, hint } = problem;
    return `${path}: ${message}${hint === undefined ? "" : ` (${hint})`}`;
  }
  const reads = readsOf(compiled);
  const isRead = (path: string) =>
    reads.some((read) => read === path || read.startsWith(`${path}.`) || read.startsWith(`${path}[]`));
  const unread = pathsIn(facts).find((path) => !isRead(path));
  return unread === undefined ? undefined : `the rule does not read ${unread}`;
}

function outcomeProblem(compiled: CompiledRule, fixture: Fixture): string | undefined {
  const { name, facts, expect, subjects = [] } = fixture;
  const { level } = compiled.rule;
  const { outcome, occurrences, remarks } = judgeRule(compiled, facts as Facts);
  if (outcome !== expect) return `comes out as ${outcome}, not ${expect}`;
  const said = [...occurrences, ...remarks];
  const found = said.map(({ subject }) => subject);
  if (level === "info" && /^fail(-|$)/.test(name) && remarks.length === 0)
    return "finds nothing that is not as described";
  if (found.join("\n") !== subjects.join("\n")) return `finds [${found.join(", ")}], not [${subjects.join(", ")}]`;
  const open = said
    .map(({ message }) => `${message.en} ${message.ja}`)
    .find((text) => /\{\{|\}\}|undefined|not known|不明/.test(text));
  return open === undefined ? undefined : `a message is not whole: ${open}`;
}

function weakerProblem(compiled: CompiledRule, { facts }: Fixture): string | undefined {
  const answer = (given: unknown) => answerOf(judgeRule(compiled, given as Facts));
  const allowed = new Set([answer(facts), "unknown", "notchecked"]);
  for (const weaker of weakenings(facts)) {
    const got = answer(weaker);
    if (!allowed.has(got)) return `knowing less makes it ${got}: ${JSON.stringify(weaker)}`;
  }
  return undefined;
}

/** At level info the outcome is the same whether something is not as described or not. */
function answerOf({ outcome, remarks }: Judgement): string {
  return remarks.length > 0 ? `${outcome} with remarks` : outcome;
}
