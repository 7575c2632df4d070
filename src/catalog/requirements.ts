import { basename, join } from "node:path";
import { InputError } from "#model/input-error.ts";
import { readDocument } from "./read-document.ts";
import { isYaml, namesIn, readText } from "./read-file.ts";
import { type Catalogue, RequirementsFile, Standard } from "./types.ts";

/**
 * Reads a requirements.yaml.
 * @param others Sections that stand already, which requirements may belong to.
 * @throws InputError with file, line, column and a hint.
 */
export function loadRequirements(file: string, others: Catalogue["sections"] = []) {
  const document = readDocument(readText(file), file, RequirementsFile);
  const { sections, requirements } = document.value;
  const known = new Set([...others, ...sections].map((section) => section.id));
  for (const [index, section] of sections.entries()) {
    const same = others.find(({ id, letter }) => id === section.id || letter === section.letter);
    if (same === undefined) continue;
    const message = `section ${section.letter} "${section.id}" is there already: ${same.letter} "${same.id}"`;
    throw new InputError(message, {
      place: document.placeOf(["sections", index]),
      hint: "give it an id and a letter of its own",
    });
  }
  refuseRepeats(sections, (index) => document.placeOf(["sections", index, "id"]));
  refuseRepeats(requirements, (index) => document.placeOf(["requirements", index, "id"]));
  for (const [index, requirement] of requirements.entries()) {
    if (!known.has(requirement.section)) {
      throw new InputError(
        `requirement ${requirement.id} names the section "${requirement.section}", which there is not`,
        {
          place: document.placeOf(["requirements", index, "section"]),
          hint: `sections: ${[...known].join(", ")}`,
        },
      );
    }
  }
  return document.value;
}

function refuseRepeats(
  items: readonly { readonly id: string }[],
  placeOf: (index: number) => InputError["place"],
): void {
  const seen = new Set<string>();
  for (const [index, { id }] of items.entries()) {
    if (seen.has(id)) throw new InputError(`"${id}" stands twice`, { place: placeOf(index) });
    seen.add(id);
  }
}

/** Ids one may cite, by standard; the files of `standards`. */
export function loadStandards(directory: string): ReadonlyMap<string, ReadonlySet<string>> {
  const folder = join(directory, "standards");
  const standards = new Map<string, ReadonlySet<string>>();
  for (const name of namesIn(folder, "files").filter(isYaml)) {
    const file = join(folder, name);
    const document = readDocument(readText(file), file, Standard);
    const { id, ids } = document.value;
    if (id !== basename(name, ".yaml")) {
      throw new InputError(`id "${id}" differs from the file's name`, { place: document.placeOf(["id"]) });
    }
    standards.set(id, new Set(ids));
  }
  return standards;
}

/** Refuses requirements whose ids stand already. */
export function refuseTaken(
  before: readonly { readonly id: string }[],
  items: readonly { readonly id: string }[],
  file: string,
): void {
  const taken = new Set(before.map(({ id }) => id));
  const twice = items.find(({ id }) => taken.has(id));
  if (twice === undefined) return;
  throw new InputError(`requirement ${twice.id} is there already`, {
    place: { file },
    hint: "give it an id of your own",
  });
}
