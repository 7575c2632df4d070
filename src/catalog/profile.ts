import { basename, join } from "node:path";
import { hintFor, nearest } from "#expression/suggest.ts";
import { InputError } from "#model/input-error.ts";
import type { Level } from "#model/outcome.ts";
import { Profile } from "#model/rule.ts";
import { digestOf } from "./digest.ts";
import { readDocument, type TypedDocument } from "./read-document.ts";
import { namesIn, readText } from "./read-file.ts";
import type { ResolvedProfile } from "./types.ts";
import type { Path } from "./yaml-document.ts";

/** What a profile may name. */
export interface ProfileContext {
  readonly rules: ReadonlySet<string>;
  readonly requirements: ReadonlySet<string>;
}

/**
 * Resolves a profile of `<directory>/profiles`: what it extends comes first, its own words win.
 * @throws InputError for a name that is not there (with the list), a circle, or a rule or requirement that does not exist.
 */
export function resolveProfile(directory: string, name: string, context: ProfileContext): ResolvedProfile {
  const chain = chainOf(join(directory, "profiles"), name);
  const excluded = new Set<string>();
  const levels = new Map<string, Level>();
  for (const document of chain) {
    checkNames(document, context);
    for (const id of document.value.exclude ?? []) excluded.add(id);
    for (const [id, level] of Object.entries(document.value.levels ?? {})) levels.set(id, level);
  }
  const { id, title } = chainEnd(chain);
  const digest = digestOf({ id, title, excluded: [...excluded].sort(), levels: Object.fromEntries(levels) });
  return { id, title, digest, excluded, levels };
}

type Document = TypedDocument<Profile>;

/** The profile and all it extends, the root first. */
function chainOf(folder: string, name: string): Document[] {
  const names = namesIn(folder, "files")
    .filter((file) => file.endsWith(".yaml"))
    .map((file) => basename(file, ".yaml"));
  const chain: Document[] = [];
  let next: string | undefined = name;
  let place: InputError["place"];
  while (next !== undefined) {
    if (!names.includes(next)) {
      const near = nearest(next.slice(0, 64), names);
      const hint = `${near === undefined ? "" : `did you mean "${near}"? `}profiles: ${names.join(", ")}`;
      throw new InputError(`there is no profile "${next}"`, { place, hint });
    }
    const file = join(folder, `${next}.yaml`);
    if (chain.some((document) => document.file === file)) {
      throw new InputError(`profile "${next}" extends itself`, { place });
    }
    const document = readDocument(readText(file), file, Profile);
    if (document.value.id !== next) {
      const message = `id "${document.value.id}" differs from the file's name "${next}"`;
      throw new InputError(message, { place: document.placeOf(["id"]) });
    }
    chain.unshift(document);
    place = document.placeOf(["extends"]);
    next = document.value.extends;
  }
  return chain;
}

function chainEnd(chain: readonly Document[]): Profile {
  const last = chain.at(-1);
  if (last === undefined) throw new Error("a profile is a chain of at least itself");
  return last.value;
}

function checkNames(document: Document, context: ProfileContext): void {
  const wrong = (path: Path, message: string, hint: string) =>
    new InputError(message, { place: document.placeOfKey(path), hint });
  for (const [index, id] of (document.value.exclude ?? []).entries()) {
    if (!context.rules.has(id)) throw wrong(["exclude", index], `there is no rule "${id}"`, hintFor(id, context.rules));
  }
  for (const id of Object.keys(document.value.levels ?? {})) {
    if (!context.requirements.has(id)) {
      throw wrong(["levels", id], `there is no requirement "${id}"`, hintFor(id, context.requirements));
    }
  }
}
