import { isUnknown } from "#model/unknown.ts";
import { isOpenEnd, isRecord } from "./result.ts";
import { hintFor } from "./suggest.ts";
import { nameOf, type RecordType, roots, type ValueType } from "./types.ts";

/** What a bundle says, as expressions see it: plain data under the roots. What is not known is left out; an element without fields is an open end. */
export interface Facts {
  readonly outside?: Readonly<Record<string, unknown>>;
  readonly allowed?: Readonly<Record<string, unknown>>;
  readonly network?: Readonly<Record<string, unknown>>;
  readonly host?: Readonly<Record<string, unknown>>;
  readonly attested?: Readonly<Record<string, unknown>>;
  readonly target?: Readonly<Record<string, unknown>>;
  readonly policy?: Readonly<Record<string, unknown>>;
}

/** Something in facts that their schema does not know; the path names elements by their number, such as `network.ssh[0].port`. */
export interface FactProblem {
  readonly path: string;
  readonly message: string;
  readonly hint?: string;
}

/** What is wrong with facts written by hand, such as a fixture's. Any field may be left out. */
export function validateFacts(facts: unknown): readonly FactProblem[] {
  const problems: FactProblem[] = [];
  validate(facts, { type: roots, path: "" }, problems);
  return problems;
}

interface Expected {
  readonly type: ValueType;
  readonly path: string;
}

function validate(value: unknown, { type, path }: Expected, problems: FactProblem[]): void {
  if (isUnknown(value)) return;
  if (type.kind === "record" && isRecord(value)) validateFields(value, { type, path }, problems);
  else if (type.kind === "list" && Array.isArray(value)) {
    for (const [index, element] of value.entries()) {
      if (!isOpenEnd(element)) validate(element, { type: type.element, path: `${path}[${index}]` }, problems);
    }
  } else if (type.kind === "string" && typeof value === "string") {
    if (type.values?.includes(value) === false) {
      problems.push({ path, message: `"${value}" is never the value here`, hint: hintFor(value, type.values) });
    }
  } else if (!isScalarOf(type, value)) problems.push({ path, message: `expected ${nameOf(type)}` });
}

function isScalarOf(type: ValueType, value: unknown): boolean {
  if (type.kind === "int") return Number.isSafeInteger(value);
  return type.kind === "bool" && typeof value === "boolean";
}

function validateFields(
  value: Readonly<Record<string, unknown>>,
  { type, path }: { type: RecordType; path: string },
  problems: FactProblem[],
): void {
  for (const [name, field] of Object.entries(value)) {
    const fieldType = type.fields.get(name);
    const fieldPath = path === "" ? name : `${path}.${name}`;
    if (fieldType !== undefined) validate(field, { type: fieldType, path: fieldPath }, problems);
    else problems.push({ path: fieldPath, message: `no field "${name}"`, hint: hintFor(name, type.fields.keys()) });
  }
}

/** The paths at which facts say something, in the notation of `reads`; an empty or scalar list is its own path. */
export function factPaths(facts: unknown): readonly string[] {
  const found = new Set<string>();
  collect(facts, "", found);
  return [...found];
}

function collect(value: unknown, path: string, found: Set<string>): void {
  const parts = partsOf(value, path);
  if (parts.length === 0 && path !== "") found.add(path);
  for (const [partPath, part] of parts) collect(part, partPath, found);
}

function partsOf(value: unknown, path: string): readonly (readonly [string, unknown])[] {
  if (Array.isArray(value)) {
    return value.filter((element) => isRecord(element) && !isOpenEnd(element)).map((element) => [`${path}[]`, element]);
  }
  if (!isRecord(value) || isUnknown(value)) return [];
  return Object.entries(value).map(([name, field]) => [path === "" ? name : `${path}.${name}`, field]);
}

/** Whether an expression that reads `reads` can see what stands at `path`, itself or as a part of what is read. */
export function isRead(path: string, reads: readonly string[]): boolean {
  return reads.some(
    (read) =>
      path === read ||
      path.startsWith(`${read}.`) ||
      path.startsWith(`${read}[]`) ||
      read.startsWith(`${path}.`) ||
      read.startsWith(`${path}[]`),
  );
}

/** Calls `visit` with every value that stands at a path in the notation of `reads`, until it answers false. */
export function visitValues(facts: unknown, path: string, visit: (value: unknown) => boolean): void {
  const steps = path.split(/\.|(?=\[\])/);
  walk(facts, steps, visit);
}

function walk(value: unknown, [step, ...rest]: readonly string[], visit: (value: unknown) => boolean): boolean {
  if (step === undefined) return visit(value);
  if (step === "[]") {
    if (!Array.isArray(value)) return true;
    return value.every((element) => walk(element, rest, visit));
  }
  if (!isRecord(value) || !Object.hasOwn(value, step)) return true;
  return walk(value[step], rest, visit);
}
