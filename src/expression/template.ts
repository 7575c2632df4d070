import type { Expression, Problem } from "./compile.ts";
import { variablesOf, type Witness } from "./evaluate.ts";
import { pathOf } from "./node.ts";
import { raw } from "./result.ts";
import { hintFor } from "./suggest.ts";
import { nameOf, roots, type ValueType } from "./types.ts";

const placeholder = /\{\{\s*([^{}|]*?)\s*(?:\|\s*([^{}]*?)\s*)?\}\}/g;
const filters = ["gib"] as const;

interface Start {
  readonly type: ValueType;
  readonly path: string;
}

/** What is wrong with the placeholders of a message that belongs to an expression; offsets count in the message. */
export function templateProblems(template: string, expression: Expression): readonly Problem[] {
  const problems: Problem[] = [];
  for (const match of template.matchAll(placeholder)) {
    const found = resolve(match[1] ?? "", expression);
    const at = { offset: match.index, length: match[0].length };
    if ("message" in found) problems.push({ ...found, ...at });
    else problems.push(...filterProblems(found.type, match[2]).map((problem) => ({ ...problem, ...at })));
  }
  return problems;
}

/** What the placeholders of a message read, in the notation of an expression's `reads`. */
export function templateReads(template: string, expression: Expression): readonly string[] {
  const found = [...template.matchAll(placeholder)].map((match) => resolve(match[1] ?? "", expression));
  return found.filter((place) => "path" in place).map((place) => place.path);
}

type Fault = Pick<Problem, "message" | "hint">;

function filterProblems(type: ValueType, filter: string | undefined): Fault[] {
  if (filter === undefined) return [];
  if (!(filters as readonly string[]).includes(filter)) {
    return [{ message: `unknown filter "${filter}"`, hint: hintFor(filter, filters) }];
  }
  return type.kind === "int" ? [] : [{ message: `${filter} is for integers, found ${nameOf(type)}` }];
}

function resolve(source: string, expression: Expression): Start | Fault {
  const [name = "", ...fields] = source.split(".");
  const starts = startsOf(expression);
  let at = starts.get(name);
  if (at === undefined) return { message: `unknown name "${name}"`, hint: hintFor(name, starts.keys()) };
  for (const field of fields) {
    if (at.type.kind !== "record") return { message: `a ${nameOf(at.type)} has no field "${field}"` };
    const type: ValueType | undefined = at.type.fields.get(field);
    if (type === undefined) {
      return { message: `${at.path} has no field "${field}"`, hint: hintFor(field, at.type.fields.keys()) };
    }
    at = { type, path: `${at.path}.${field}` };
  }
  const printed = at.type.kind === "list" ? at.type.element : at.type;
  if (printed.kind === "record" || printed.kind === "list") return { message: `${source} has no text of its own` };
  return at;
}

/** Where a placeholder may begin: at a root, or at a variable that every failing element binds. */
function startsOf(expression: Expression): ReadonlyMap<string, Start> {
  const starts = new Map<string, Start>([...roots.fields].map(([name, type]) => [name, { type, path: name }]));
  for (const [variable, list] of variablesOf(expression.node)) {
    if (list.type.kind !== "list") continue;
    starts.set(variable, { type: list.type.element, path: `${pathOf(list) ?? variable}[]` });
  }
  return starts;
}

/** How values are put into words. */
export interface Wording {
  /** What stands for a value that is not known. */
  readonly unknown: string;
  readonly separator: string;
  /** Makes a text of the target's fit to print. */
  readonly printable: (text: string) => string;
}

/** A message with its placeholders filled in from the facts and the elements a witness names. */
export function fillTemplate(
  template: string,
  { facts, witness }: { readonly facts: unknown; readonly witness: Witness },
  wording: Wording,
): string {
  const starts: Record<string, unknown> = {};
  for (const name of roots.fields.keys()) starts[name] = raw(facts, name);
  for (const { variable, element } of witness.bindings) starts[variable] = element;
  return template.replace(placeholder, (_match, path: string, filter: string | undefined) => {
    let value: unknown = starts;
    for (const field of path.split(".")) value = raw(value, field);
    return filter === "gib" && typeof value === "number" ? gib(value) : wordsFor(value, wording);
  });
}

function gib(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GiB`;
}

function wordsFor(value: unknown, wording: Wording): string {
  if (Array.isArray(value)) return value.map((item) => wordsFor(item, wording)).join(wording.separator);
  if (typeof value === "string") return wording.printable(value);
  return typeof value === "number" || typeof value === "boolean" ? String(value) : wording.unknown;
}
