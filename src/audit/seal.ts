import { createHash, type KeyObject } from "node:crypto";
import { basename } from "node:path";
import { sealPayload } from "#attestation/dsse.ts";
import { digestOf } from "#engine/digest.ts";
import { InputError } from "#model/input-error.ts";
import type { Report } from "#model/report.ts";
import { type Envelope, inTotoStatement, type Seal, sealPayloadType, sealPredicate } from "#model/seal.ts";
import { readBundle, readReport } from "./bundle-file.ts";
import { readNamedFile } from "./json-file.ts";

/** Files that are signed together. */
export interface SealedFiles {
  readonly report: string;
  readonly evidence: string;
  /** Renderings that are handed on beside them. */
  readonly others: readonly string[];
}

/** Signs what was written of an audit. Throws InputError where the evidence is not what the report was judged from. */
export function sealFiles(files: SealedFiles, key: KeyObject): Envelope {
  const report = readReport(files.report);
  const { bundleDigest } = report.collection;
  if (digestOf(readBundle(files.evidence)) !== bundleDigest) {
    throw new InputError(`${files.evidence} is not the evidence that ${files.report} was judged from.`, {
      hint: "Sign the report with the evidence.json that was written with it; after sekisho evaluate, with --sign there.",
    });
  }
  const all = [files.report, files.evidence, ...files.others];
  if (new Set(all.map((file) => basename(file))).size < all.length) {
    throw new InputError("Two of the files to sign have the same name.", { hint: "Give each a name of its own." });
  }
  const seal: Seal = {
    _type: inTotoStatement,
    subject: all.map((file) => ({ name: basename(file), digest: { sha256: sha256(readNamedFile(file)) } })),
    predicateType: sealPredicate,
    predicate: { report: basename(files.report), evidence: basename(files.evidence), ...claimsOf(report) },
  };
  return sealPayload(sealPayloadType, Buffer.from(JSON.stringify(seal), "utf8"), key);
}

/** What a seal says of a report. */
export function claimsOf(report: Report): Omit<Seal["predicate"], "report" | "evidence"> {
  const { id, digest } = report.profile;
  return {
    reportId: report.id,
    target: report.target.id,
    evaluatedAt: report.evaluatedAt,
    verdict: report.verdict.status,
    bundleDigest: report.collection.bundleDigest,
    rulesDigest: report.rulesDigest,
    policyDigest: report.policyDigest,
    profile: { id, digest },
    tool: { name: report.tool.name, version: report.tool.version },
  };
}

/** sha256 of bytes, hex. */
export function sha256(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}
