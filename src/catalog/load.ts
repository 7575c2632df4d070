import { basename, join } from "node:path";
import type { Claim } from "#model/attestation.ts";
import { InputError } from "#model/input-error.ts";
import { loadAdvisories } from "./advisories.ts";
import { loadClaims } from "./claims.ts";
import { digestOf } from "./digest.ts";
import { loadRule } from "./load-rule.ts";
import { resolveProfile } from "./profile.ts";
import { readDocument } from "./read-document.ts";
import { isYaml, namesIn, readText } from "./read-file.ts";
import { loadRequirements, loadStandards, refuseTaken } from "./requirements.ts";
import { loadSshAlgorithms } from "./ssh-algorithms.ts";
import { type Catalogue, type CompiledRule, type ResolvedProfile, RetiredFile } from "./types.ts";

/** Folders of the catalogue that hold no rules. */
const otherFolders: readonly string[] = ["profiles", "standards"];
/** Folders of a folder of added rules that hold none. */
const addedOtherFolders: readonly string[] = ["standards", "fixtures"];

/**
 * Loads the catalogue: `requirements.yaml`, `claims.yaml`, `openclaw-advisories.yaml`, `ssh-algorithms.yaml`, `standards/*.yaml` and `<section>/<id>.yaml`. Every expression is parsed and type-checked.
 * Each folder of `added` brings further rules, laid out in the same way, which serve the guide's requirements or those of its own
 * requirements.yaml. It can take nothing away: a requirement comes out as the worst of its rules.
 * @throws InputError with file, line, column and a hint.
 */
export function loadCatalogue(directory: string, added: readonly string[] = []): Catalogue {
  const { sections, requirements } = loadRequirements(join(directory, "requirements.yaml"));
  const claims = loadClaims(directory, requirements);
  const advisories = loadAdvisories(directory);
  const algorithms = loadSshAlgorithms(directory);
  const retired = loadRetired(directory);
  const start: Gathered = {
    sections,
    requirements,
    standards: loadStandards(directory),
    retired,
    files: new Map(),
    rules: [],
  };
  const own = withRules(start, directory, otherFolders);
  const all = added.reduce((before, folder) => withRules(withNames(before, folder), folder, addedOtherFolders), own);
  const { rules } = all;
  const found = { sections: all.sections, requirements: all.requirements };
  return {
    rules,
    ...found,
    claims,
    advisories,
    algorithms,
    added: rules.slice(own.rules.length).map((item) => item.rule.id),
    digest: digestOf({ ...found, claims, advisories, algorithms, rules: rules.map((item) => item.rule) }),
  };
}

/** What was read so far. */
interface Gathered {
  readonly sections: Catalogue["sections"];
  readonly requirements: Catalogue["requirements"];
  readonly standards: ReadonlyMap<string, ReadonlySet<string>>;
  readonly retired: ReadonlySet<string>;
  /** File of each rule, by id. */
  readonly files: ReadonlyMap<string, string>;
  readonly rules: readonly CompiledRule[];
}

/** With the sections, requirements and standards that a folder of added rules brings. */
function withNames(before: Gathered, folder: string): Gathered {
  const standards = namesIn(folder, "directories").includes("standards") ? loadStandards(folder) : new Map();
  const file = join(folder, "requirements.yaml");
  const { sections, requirements } = namesIn(folder, "files").includes("requirements.yaml")
    ? loadRequirements(file, before.sections)
    : { sections: [], requirements: [] };
  refuseTaken(before.requirements, requirements, file);
  for (const id of standards.keys()) {
    if (before.standards.has(id))
      throw new InputError(`the standard "${id}" is there already`, {
        place: { file: join(folder, "standards", `${id}.yaml`) },
      });
  }
  return {
    ...before,
    sections: [...before.sections, ...sections],
    requirements: [...before.requirements, ...requirements],
    standards: new Map([...before.standards, ...standards]),
  };
}

/** With the rules of a folder. */
function withRules(before: Gathered, directory: string, others: readonly string[]): Gathered {
  const { sections, retired } = before;
  const context = {
    requirements: new Map(before.requirements.map((item) => [item.id, item])),
    standards: before.standards,
  };
  refuseOtherFolders(directory, [...sections.map((section) => section.id), ...others]);
  const rules: CompiledRule[] = [];
  const files = new Map(before.files);
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
  return { ...before, files, rules: [...before.rules, ...rules] };
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
