import { join } from "node:path";
import { evidenceKinds } from "#evidence/registry.ts";
import { hintFor } from "#expression/suggest.ts";
import type { Claim } from "#model/attestation.ts";
import { InputError } from "#model/input-error.ts";
import { readDocument } from "./read-document.ts";
import { namesIn, readText } from "./read-file.ts";
import { ClaimsFile } from "./types.ts";

const kinds: readonly string[] = Object.values(evidenceKinds)
  .filter(({ place }) => place === "attested")
  .map(({ id }) => id);

/**
 * What people may state, from `claims.yaml`, which a catalogue need not have.
 * @throws InputError for a kind or a requirement that does not exist or has two claims.
 */
export function loadClaims(directory: string, requirements: readonly { readonly id: string }[]): readonly Claim[] {
  if (!namesIn(directory, "files").includes("claims.yaml")) return [];
  const file = join(directory, "claims.yaml");
  const document = readDocument(readText(file), file, ClaimsFile);
  const ids = requirements.map(({ id }) => id);
  const seen = new Set<string>();
  for (const [index, { kind, requirement }] of document.value.claims.entries()) {
    const wrong = (field: string, message: string, hint?: string) =>
      new InputError(message, { place: document.placeOf(["claims", index, field]), hint });
    if (!kinds.includes(kind)) throw wrong("kind", `nothing is stated as "${kind}"`, hintFor(kind, kinds));
    if (!ids.includes(requirement)) {
      throw wrong("requirement", `there is no requirement ${requirement}`, hintFor(requirement, ids));
    }
    const hint = "each kind and each requirement has one claim";
    if (seen.has(kind)) throw wrong("kind", `"${kind}" stands twice`, hint);
    if (seen.has(requirement)) throw wrong("requirement", `${requirement} stands twice`, hint);
    seen.add(kind).add(requirement);
  }
  return document.value.claims;
}
