import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { basename } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { parseDocument } from "yaml";
import { readDocument } from "#catalog/read-document.ts";
import { readText } from "#catalog/read-file.ts";
import { observed } from "#model/attempt.ts";
import { type Attestation, AttestationsFile, attestationsSchema, type Claim } from "#model/attestation.ts";
import type { Evidence, EvidenceBundle } from "#model/bundle.ts";
import { InputError } from "#model/input-error.ts";
import type { Vantage } from "#model/vantage.ts";

/** What a file of attestations holds, and the digest of its bytes. */
export interface ReadAttestations {
  readonly file: string;
  readonly digest: string;
  readonly attestations: readonly Attestation[];
}

const vantageId = "attested";
const hint = "name another file with --attestations, or write one with sekisho attest";

/**
 * Reads a file of attestations. Whether they are signed, by whom and until when is for the engine to judge.
 * @throws InputError with file, line, column and a hint.
 */
export function readAttestations(file: string): ReadAttestations {
  const text = readText(file, hint);
  const { attestations } = readDocument(text, file, AttestationsFile).value;
  return { file, digest: createHash("sha256").update(text).digest("hex"), attestations };
}

/** What of a file bears on one target: all but what is about the configuration's other targets. */
export interface AttestedParts {
  readonly read: ReadAttestations;
  readonly claims: readonly Claim[];
  /** Ids of other targets that the same file serves. */
  readonly otherTargets: readonly string[];
  readonly at: Date;
}

/**
 * Puts attestations into a bundle as evidence of role `attested`, one attempt for each claim.
 * Throws InputError for a requirement on which nothing can be stated.
 */
export function withAttestations(bundle: EvidenceBundle, parts: AttestedParts): EvidenceBundle {
  const { read, claims, otherTargets } = parts;
  demandClaims(read, claims);
  const own = read.attestations.filter(({ statement }) => !otherTargets.includes(statement.target));
  const vantage: Vantage = { id: freeId(bundle), role: "attested", via: "file", addresses: [], notes: [] };
  const evidence = claims.flatMap((claim): Evidence[] => {
    const value = own.filter(({ statement }) => statement.requirement === claim.requirement);
    if (value.length === 0 || isThere(bundle, claim, value)) return [];
    return [
      {
        kind: claim.kind,
        vantage: vantage.id,
        attempt: observed(value),
        startedAt: parts.at.toISOString(),
        durationMs: 0,
        method: `read ${basename(read.file)}`,
        digest: read.digest,
      },
    ];
  });
  if (evidence.length === 0) return bundle;
  return { ...bundle, vantages: [...bundle.vantages, vantage], evidence: [...bundle.evidence, ...evidence] };
}

function demandClaims({ file, attestations }: ReadAttestations, claims: readonly Claim[]): void {
  const known = claims.map(({ requirement }) => requirement);
  const other = attestations.find(({ statement }) => !known.includes(statement.requirement));
  if (other === undefined) return;
  throw new InputError(`nothing can be stated on ${other.statement.requirement}`, {
    place: { file },
    hint: `statements are taken on ${known.join(", ")}; take this one out of the file`,
  });
}

/** Whether the bundle was gathered with the same statements already. */
function isThere(bundle: EvidenceBundle, claim: Claim, value: readonly Attestation[]): boolean {
  return bundle.evidence.some(
    ({ kind, attempt }) =>
      kind === claim.kind && attempt.status === "observed" && isDeepStrictEqual(attempt.value, value),
  );
}

function freeId({ vantages }: EvidenceBundle): string {
  const taken = new Set(vantages.map(({ id }) => id));
  let id = vantageId;
  for (let count = 2; taken.has(id); count += 1) id = `${vantageId}-${count}`;
  return id;
}

const head = ` Statements by people, each signed over its canonical bytes: written by sekisho attest, read by audit, collect and evaluate.
 A change to a statement breaks its signature.`;

/**
 * Text of a file of attestations with one more, comments kept; a new one where there is no file.
 * @throws InputError for a file that is none, or is full.
 */
export function textWith(file: string, attestation: Attestation): string {
  const old = existsSync(file) ? readText(file) : undefined;
  if (old !== undefined) readDocument(old, file, AttestationsFile);
  const document = parseDocument(old ?? `schema: ${attestationsSchema}\nattestations: []\n`, { schema: "core" });
  if (old === undefined) document.commentBefore = head;
  const list = document.get("attestations");
  // An empty list is written on one line: what is put into it should not be.
  if (typeof list === "object" && list !== null && "flow" in list) list.flow = false;
  document.addIn(["attestations"], document.createNode(attestation));
  const text = document.toString({ lineWidth: 0 });
  readDocument(text, file, AttestationsFile);
  return text;
}
