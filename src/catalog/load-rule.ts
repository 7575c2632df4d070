import { basename } from "node:path";
import { compile, type Expression } from "#expression/compile.ts";
import { hintFor } from "#expression/suggest.ts";
import { templateProblems } from "#expression/template.ts";
import { InputError } from "#model/input-error.ts";
import { type Requirement, Rule } from "#model/rule.ts";
import { readDocument, type TypedDocument } from "./read-document.ts";
import { readText } from "./read-file.ts";
import type { CompiledRule } from "./types.ts";
import type { Path } from "./yaml-document.ts";

/** What a rule may refer to. */
export interface RuleContext {
  readonly requirements: ReadonlyMap<string, Requirement>;
  /** Ids one may cite, by standard. */
  readonly standards: ReadonlyMap<string, ReadonlySet<string>>;
}

/**
 * Loads one rule of a section's folder.
 * @throws InputError at the very character that is wrong, in expressions too.
 */
export function loadRule(file: string, section: string, context: RuleContext): CompiledRule {
  return parseRule(readText(file), file, { ...context, section });
}

/** As `loadRule`, for text that was read already. */
function parseRule(text: string, file: string, context: RuleContext & { readonly section: string }): CompiledRule {
  const document = readDocument(text, file, Rule);
  const rule = document.value;
  const wrong = (path: Path, message: string, hint?: string) =>
    new InputError(message, { place: document.placeOf(path), hint });
  const name = basename(file, ".yaml");
  if (rule.id !== name) throw wrong(["id"], `id "${rule.id}" differs from the file's name "${name}"`);
  const requirement = context.requirements.get(rule.requirement);
  if (requirement === undefined) {
    const hint = hintFor(rule.requirement, context.requirements.keys());
    throw wrong(["requirement"], `there is no requirement ${rule.requirement}`, hint);
  }
  if (requirement.section !== context.section) {
    const message = `${rule.requirement} belongs to the section "${requirement.section}", the file lies in "${context.section}"`;
    throw wrong(["requirement"], message, `move the file to ${requirement.section}/`);
  }
  if ((rule.when === undefined) !== (rule.otherwise === undefined)) {
    const [has, lacks] = rule.when === undefined ? (["otherwise", "when"] as const) : (["when", "otherwise"] as const);
    const hint = "when says where the rule applies, otherwise why it does not";
    throw new InputError(`"${has}" stands without "${lacks}"`, { place: document.placeOfKey([has]), hint });
  }
  checkReferences(document, context.standards);
  const expect = rule.expect.map((line, index) => {
    const that = compileAt(document, ["expect", index, "that"], line.that);
    for (const locale of ["en", "ja"] as const) checkMessage(document, ["expect", index, "else", locale], that);
    return { that, else: line.else };
  });
  const when = rule.when === undefined ? {} : { when: compileAt(document, ["when"], rule.when) };
  return { rule, ...when, expect, section: context.section };
}

function compileAt(document: TypedDocument<Rule>, path: Path, source: string): Expression {
  const compiled = compile(source);
  if (compiled.ok) return compiled.expression;
  const problem = compiled.problems[0];
  throw new InputError(problem?.message ?? "not an expression", {
    place: document.placeInText(path, problem?.offset ?? 0),
    hint: problem?.hint,
  });
}

/** Placeholders of a message must name a variable of its expression or a fact. */
function checkMessage(document: TypedDocument<Rule>, path: Path, expression: Expression): void {
  const [, index, , locale] = path;
  const message = document.value.expect[Number(index)]?.else[locale === "ja" ? "ja" : "en"] ?? "";
  const problem = templateProblems(message, expression)[0];
  if (problem === undefined) return;
  throw new InputError(problem.message, { place: document.placeInText(path, problem.offset), hint: problem.hint });
}

function checkReferences(document: TypedDocument<Rule>, standards: RuleContext["standards"]): void {
  for (const [standard, ids] of Object.entries(document.value.references ?? {})) {
    const known = standards.get(standard);
    if (known === undefined) {
      throw new InputError(`there is no standard "${standard}"`, {
        place: document.placeOfKey(["references", standard]),
        hint: hintFor(standard, standards.keys()),
      });
    }
    const index = ids.findIndex((id) => !known.has(id));
    if (index >= 0) {
      throw new InputError(`${standard} has no "${ids[index]}"`, {
        place: document.placeOf(["references", standard, index]),
      });
    }
  }
}
