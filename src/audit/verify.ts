import type { KeyObject } from "node:crypto";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { keyIdOf, openEnvelope } from "#attestation/dsse.ts";
import { loadCatalogue } from "#catalog/load.ts";
import { digestOf } from "#engine/digest.ts";
import { InputError } from "#model/input-error.ts";
import type { Report } from "#model/report.ts";
import { Envelope, Seal, type SealedAudit, sealPayloadType } from "#model/seal.ts";
import { readBundle, readReport } from "./bundle-file.ts";
import { departures } from "./check-schema.ts";
import { parseNamedJson, readNamedFile } from "./json-file.ts";
import { openJudge } from "./judge.ts";
import { claimsOf, sha256 } from "./seal.ts";

/** A file that was signed, and what is there under its name. */
interface SubjectState {
  readonly name: string;
  readonly state: "same" | "changed" | "missing";
}

/** What came of judging the evidence again. bytes: the same report. verdict: the same outcomes, other words. other-rules: the rules here are not those. */
type Reproduction = "bytes" | "verdict" | "differs" | "other-rules" | "no-evidence";

/** What verification came to. */
export type Verification =
  | { readonly signed: false; readonly keyId: string }
  | {
      readonly signed: true;
      readonly keyId: string;
      readonly audit: SealedAudit;
      readonly subjects: readonly SubjectState[];
      /** Where the report does not say what was signed of it. */
      readonly consistent: boolean;
      readonly reproduction: Reproduction | undefined;
    };

/** What verification works with. */
export interface VerifyOptions {
  readonly key: KeyObject;
  readonly rules: string;
  readonly added: readonly string[];
  /** Version of this program. */
  readonly version: string;
}

/**
 * Verifies an envelope by one key, the signed files beside it, and the verdict by judging the evidence again. Throws InputError for a file that is
 * no envelope of ours; whatever else is wrong is in the answer.
 */
export function verifySealed(file: string, options: VerifyOptions): Verification {
  const keyId = keyIdOf(options.key);
  const opened = openEnvelope(readEnvelope(file), options.key);
  if (opened === undefined) return { signed: false, keyId };
  const { subject, predicate } = readSeal(file, opened);
  const place = (name: string) => join(dirname(file), name);
  const subjects = subject.map(({ name, digest }) => ({ name, state: stateOf(place(name), digest.sha256) }));
  const isSame = (name: string) => subjects.some((each) => each.name === name && each.state === "same");
  const base = { signed: true, keyId, audit: predicate, subjects } as const;
  if (!isSame(predicate.report)) return { ...base, consistent: false, reproduction: undefined };
  const report = readReport(place(predicate.report));
  const { report: _report, evidence: _evidence, ...claimed } = predicate;
  const consistent = isDeepStrictEqual(claimed, claimsOf(report));
  const evidence = isSame(predicate.evidence) ? place(predicate.evidence) : undefined;
  return { ...base, consistent, reproduction: reproduce(report, evidence, options) };
}

function readEnvelope(file: string): Envelope {
  const value = parseNamedJson(file, readNamedFile(file).toString("utf8"));
  const wrong = departures(Envelope, value);
  if (wrong.length > 0) {
    throw new InputError(`${file} is no DSSE envelope: ${wrong.join("; ")}.`, {
      hint: "Give the file that --sign wrote, report.intoto.json.",
    });
  }
  // The check above is what makes this type true.
  return value as Envelope;
}

function readSeal(file: string, { type, payload }: { readonly type: string; readonly payload: Buffer }): Seal {
  const value = type === sealPayloadType ? parseNamedJson(file, payload.toString("utf8")) : undefined;
  const wrong = value === undefined ? [`its payload is of type ${type.slice(0, 80)}`] : departures(Seal, value);
  if (wrong.length > 0) {
    throw new InputError(`${file} is signed, but not about an audit: ${wrong.join("; ")}.`, {
      hint: "Verify it with the version of sekisho that signed it.",
    });
  }
  // The check above is what makes this type true.
  const seal = value as Seal;
  const names = seal.subject.map(({ name }) => name);
  if (names.every((name) => /^[^/\\\0]+$/.test(name) && name !== "." && name !== "..")) return seal;
  throw new InputError(`${file} names files outside its folder.`, { hint: "Only files beside it are verified." });
}

function stateOf(file: string, digest: string): SubjectState["state"] {
  if (!existsSync(file)) return "missing";
  return sha256(readNamedFile(file)) === digest ? "same" : "changed";
}

function reproduce(report: Report, evidence: string | undefined, options: VerifyOptions): Reproduction {
  if (evidence === undefined) return "no-evidence";
  if (loadCatalogue(options.rules, options.added).digest !== report.rulesDigest) return "other-rules";
  const bundle = readBundle(evidence);
  if (digestOf(bundle) !== report.collection.bundleDigest) return "differs";
  const judge = openJudge({ ...options, profile: report.profile.id, toolVersion: report.tool.version });
  const again = written(judge(bundle, new Date(report.evaluatedAt)));
  if (again.profile.digest !== report.profile.digest) return "other-rules";
  if (isDeepStrictEqual(again, report)) return "bytes";
  // The same version writes the same words: what differs then was changed.
  if (report.tool.version === options.version) return "differs";
  return isDeepStrictEqual(withoutProse(again), withoutProse(report)) ? "verdict" : "differs";
}

/** A report as it is read back from its file. */
function written(report: Report): Report {
  // Writing and reading back changes nothing but fields without a value.
  return JSON.parse(JSON.stringify(report)) as Report;
}

/** Fields that are sentences for people, which another version may word in another way. */
const prose: ReadonlySet<string> = new Set(["en", "ja", "shown", "limits"]);

/** A report without its sentences. What an operator is to run, and all that the verdict and the gate are made of, stays. */
function withoutProse(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutProse);
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value).filter(([name]) => !prose.has(name));
  return Object.fromEntries(kept.map(([name, field]) => [name, withoutProse(field)]));
}
