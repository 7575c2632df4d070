import type { Attestation } from "#model/attestation.ts";
import { isFields } from "./strip.ts";

/** An attestation out of a bundle's value; undefined for the mark of the unknown and for anything else that is none. */
export function asAttestation(value: unknown): Attestation | undefined {
  if (!isFields(value) || !isFields(value["statement"])) return undefined;
  const { statement, signature } = value;
  if (signature !== undefined && typeof signature !== "string") return undefined;
  const { target, requirement, claim, holds, on, from, until, by, evidence } = statement;
  const texts = [target, requirement, on, from, until];
  if (!texts.every((text) => typeof text === "string") || typeof holds !== "boolean") return undefined;
  if (!areTexts(claim, ["en", "ja"]) || !areTexts(by, ["name", "role"])) return undefined;
  if (evidence !== undefined && !isEvidence(evidence)) return undefined;
  // Every field was just looked at; what stands beside them is signed with them and thus changes nothing.
  return value as Attestation;
}

function areTexts(value: unknown, names: readonly string[]): boolean {
  return isFields(value) && names.every((name) => typeof value[name] === "string");
}

function isEvidence(value: unknown): boolean {
  return areTexts(value, ["name", "sha256"]) && isFields(value) && Number.isSafeInteger(value["bytes"]);
}
