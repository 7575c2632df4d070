import { join } from "node:path";
import type { AdvisoryList } from "#model/advisory.ts";
import { AdvisoryList as schema } from "#model/advisory.ts";
import { InputError } from "#model/input-error.ts";
import { compareReleases } from "#model/release.ts";
import { readDocument } from "./read-document.ts";
import { namesIn, readText } from "./read-file.ts";

const name = "openclaw-advisories.yaml";

/**
 * The advisories on OpenClaw, from `openclaw-advisories.yaml`, which a catalogue need not have.
 * @throws InputError with file, line and column for an id that stands twice and a range that holds no release.
 */
export function loadAdvisories(directory: string): AdvisoryList | undefined {
  if (!namesIn(directory, "files").includes(name)) return undefined;
  const file = join(directory, name);
  const document = readDocument(readText(file), file, schema);
  const seen = new Set<string>();
  for (const [index, { id, from, fixedIn }] of document.value.advisories.entries()) {
    if (seen.has(id))
      throw new InputError(`"${id}" stands twice`, { place: document.placeOf(["advisories", index, "id"]) });
    seen.add(id);
    if (from === undefined || (compareReleases(from, fixedIn) ?? 0) < 0) continue;
    throw new InputError(`${from} is not older than ${fixedIn}`, {
      place: document.placeOf(["advisories", index, "from"]),
      hint: "from is the first release that has it, fixedIn the first that does not have it any more",
    });
  }
  return document.value;
}
