import { join } from "node:path";
import { hintFor } from "#expression/suggest.ts";
import { InputError } from "#model/input-error.ts";
import { type AlgorithmList, AlgorithmList as schema } from "#model/ssh-algorithms.ts";
import { readDocument } from "./read-document.ts";
import { namesIn, readText } from "./read-file.ts";

const name = "ssh-algorithms.yaml";

/**
 * How algorithms of SSH stand, from `ssh-algorithms.yaml`, which a catalogue need not have.
 * @throws InputError with file, line and column for a name that stands twice for one use and a source that is not named.
 */
export function loadSshAlgorithms(directory: string): AlgorithmList | undefined {
  if (!namesIn(directory, "files").includes(name)) return undefined;
  const file = join(directory, name);
  const document = readDocument(readText(file), file, schema);
  const { algorithms, sources } = document.value;
  const seen = new Set<string>();
  for (const [index, group] of algorithms.entries()) {
    for (const [at, source] of group.sources.entries()) {
      if (Object.hasOwn(sources, source)) continue;
      const place = document.placeOf(["algorithms", index, "sources", at]);
      throw new InputError(`there is no source "${source}"`, { place, hint: hintFor(source, Object.keys(sources)) });
    }
    for (const [at, algorithm] of group.names.entries()) {
      const key = `${group.use} ${algorithm}`;
      const place = document.placeOf(["algorithms", index, "names", at]);
      if (seen.has(key)) throw new InputError(`"${algorithm}" stands twice for ${group.use}`, { place });
      seen.add(key);
    }
  }
  return document.value;
}
