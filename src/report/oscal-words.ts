import type { Report } from "#model/report.ts";
import { oneLine } from "./one-line.ts";
import type { Result } from "./results.ts";
import { uuidOf } from "./uuid.ts";

/** Namespace of properties that are ours. */
const propertyNamespace = "urn:sekisho:oscal";

/** A property of ours; OSCAL allows no empty value. */
export function property(name: string, value: string) {
  return { name, ns: propertyNamespace, value: oneLine(value) || "-" };
}

/** A text as OSCAL's token: begins with a letter or `_`, then letters, digits, `.`, `-` and `_`. */
export function token(text: string): string {
  const word = oneLine(text, 100).replace(/[^\p{L}\p{N}._-]/gu, "_");
  return /^[\p{L}_]/u.test(word) ? word : `_${word}`;
}

/** The UUIDs of a report's parts. What stays from run to run keeps its own; the document's and the result's change with the report. */
export function ids(report: Report) {
  const { target } = report;
  return {
    document: uuidOf("document", report.id, target.id),
    result: uuidOf("result", report.id, target.id),
    plan: uuidOf("plan", report.id, target.id),
    target: uuidOf("target", target.id),
    finding: (requirement: string) => uuidOf("finding", target.id, requirement),
    observation: ({ requirement, rule }: Result) => uuidOf("observation", target.id, requirement, rule),
    risk: ({ requirement, rule, fingerprint }: Result) => uuidOf("risk", target.id, requirement, rule, fingerprint),
    remediation: ({ requirement, rule, fingerprint }: Result) =>
      uuidOf("remediation", target.id, requirement, rule, fingerprint),
  };
}
