import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import Type, { type Static } from "typebox";
import { readDocument } from "#catalog/read-document.ts";
import { isYaml, namesIn, readText } from "#catalog/read-file.ts";
import { type Level, Outcome } from "#model/outcome.ts";

/** The file of one fixture: facts, and what the rule says to them. */
const FixtureFile = Type.Object(
  {
    expect: Outcome,
    subjects: Type.Optional(
      Type.Array(Type.String(), { description: "What fails, in order, as findings name it; none when left out" }),
    ),
    facts: Type.Record(Type.String(), Type.Unknown(), { description: "All that is known, as rules read it" }),
  },
  { additionalProperties: false, title: "Fixture" },
);

/** One fixture of a rule; its name says which outcome it is for. */
export interface Fixture extends Readonly<Static<typeof FixtureFile>> {
  readonly name: string;
}

/**
 * Fixtures of a rule by name, in the files' order; none where it has no folder.
 * @throws InputError with file and place for a file that is none.
 */
export function fixturesOf(folder: string, rule: string): readonly Fixture[] {
  const own = join(folder, rule);
  if (!existsSync(own)) return [];
  return namesIn(own, "files")
    .filter(isYaml)
    .map((name) => {
      const file = join(own, name);
      return { name: basename(name, ".yaml"), ...readDocument(readText(file), file, FixtureFile).value };
    });
}

/** The outcomes a fixture of this name may have. At level info what is not as described is told, and fails nothing. */
export function outcomesFor(name: string, level: Level): readonly Outcome[] {
  const is = (kind: string) => name === kind || name.startsWith(`${kind}-`);
  if (is("pass")) return ["pass", "informational"];
  if (is("fail")) return [level === "info" ? "informational" : "fail"];
  if (is("not-applicable")) return ["notapplicable"];
  return is("missing") ? ["unknown", "notchecked"] : [];
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
