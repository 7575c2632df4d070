import { basename, join } from "node:path";
import type { Claim } from "#model/attestation.ts";
import { InputError } from "#model/input-error.ts";
import { loadClaims } from "./claims.ts";
import { digestOf } from "./digest.ts";
import { loadRule } from "./load-rule.ts";
import { resolveProfile } from "./profile.ts";
import { readDocument } from "./read-document.ts";
import { namesIn, readText } from "./read-file.ts";
import {
  type Catalogue,
  type CompiledRule,
  RequirementsFile,
  type ResolvedProfile,
  RetiredFile,
  Standard,
} from "./types.ts";

/** Folders of the catalogue that hold no rules. */
const otherFolders: readonly string[] = ["profiles", "standards"];

/**
 * Loads the catalogue: `requirements.yaml`, `claims.yaml`, `standards/*.yaml` and `<section>/<id>.yaml`. Every expression is parsed and type-checked.
 * @throws InputError with file, line, column and a hint.
 */
export function loadCatalogue(directory: string): Catalogue {
  const { sections, requirements } = loadRequirements(join(directory, "requirements.yaml"));
  const context = {
    requirements: new Map(requirements.map((item) => [item.id, item])),
    standards: loadStandards(directory),
  };
  const claims = loadClaims(directory, requirements);
  const retired = loadRetired(directory);
  refuseOtherFolders(directory, [...sections.map((section) => section.id), ...otherFolders]);
  const rules: CompiledRule[] = [];
  const files = new Map<string, string>();
  for (const section of sections) {
    for (const file of rulesOf(directory, section.id)) {
      const rule = loadRule(file, section.id, context);
      if (retired.has(rule.rule.id)) {
        const hint = "give the rule another id: an id that was in force is not used again";
        throw new InputError(`the id "${rule.rule.id}" is retired`, { place: { file }, hint });
      }
      const other = files.get(rule.rule.id);
      if (other !== undefined) {
        throw new InputError(`rule "${rule.rule.id}" is also in ${other}`, {
          place: { file },
          hint: "each id may stand only once in the whole catalogue",
        });
      }
      files.set(rule.rule.id, file);
      rules.push(rule);
    }
  }
  return {
    rules,
    requirements,
    sections,
    claims,
    digest: digestOf({ sections, requirements, claims, rules: rules.map((item) => item.rule) }),
  };
}

/**
 * Loads a profile, `standard` unless another is named, with all it extends.
 * @throws InputError for a name that is not there, with the list of those that are.
 */
export function loadProfile(directory: string, name = "standard"): ResolvedProfile {
  const { sections, requirements } = loadRequirements(join(directory, "requirements.yaml"));
  const rules = sections.flatMap((section) => rulesOf(directory, section.id)).map((file) => basename(file, ".yaml"));
  return resolveProfile(directory, name, {
    rules: new Set(rules),
    requirements: new Set(requirements.map((requirement) => requirement.id)),
  });
}

/**
 * What people may state, without the rules that ask for it.
 * @throws InputError as loadCatalogue does.
 */
export function loadStatable(directory: string): readonly Claim[] {
  return loadClaims(directory, loadRequirements(join(directory, "requirements.yaml")).requirements);
}

function loadRequirements(file: string) {
  const document = readDocument(readText(file), file, RequirementsFile);
  const { sections, requirements } = document.value;
  const known = new Set(sections.map((section) => section.id));
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

function loadStandards(directory: string): ReadonlyMap<string, ReadonlySet<string>> {
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

/** Ids in retired.yaml, which a catalogue need not have. */
function loadRetired(directory: string): ReadonlySet<string> {
  if (!namesIn(directory, "files").includes("retired.yaml")) return new Set();
  const file = join(directory, "retired.yaml");
  return new Set(readDocument(readText(file), file, RetiredFile).value.retired.map(({ id }) => id));
}

function rulesOf(directory: string, section: string): string[] {
  const folders = namesIn(directory, "directories");
  if (!folders.includes(section)) return [];
  const names = namesIn(join(directory, section), "files");
  const other = names.find((name) => !isYaml(name));
  if (other !== undefined) {
    const place = { file: join(directory, section, other) };
    throw new InputError("is not a rule", { place, hint: "the name of a rule's file ends in .yaml" });
  }
  return names.map((name) => join(directory, section, name));
}

function refuseOtherFolders(directory: string, known: readonly string[]): void {
  const other = namesIn(directory, "directories").find((name) => !known.includes(name));
  if (other === undefined) return;
  throw new InputError(`"${other}" is no section of requirements.yaml`, {
    place: { file: join(directory, other) },
    hint: `folders: ${known.join(", ")}`,
  });
}

function isYaml(name: string): boolean {
  return name.endsWith(".yaml");
}
