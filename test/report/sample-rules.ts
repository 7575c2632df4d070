import type { Level, Severity } from "#model/outcome.ts";
import type { EvidencePointer, Gap, Occurrence } from "#model/report.ts";
import type { Text } from "#model/text.ts";
import list from "./sample-rules.json" with { type: "json" };

/** A rule with what its finding says for each outcome. */
export interface SampleRule {
  readonly rule: string;
  readonly requirement: string;
  readonly level: Level;
  readonly severity: Severity;
  readonly title: Text;
  readonly why: Text;
  readonly expected: Text;
  readonly fix: Text & { readonly commands: readonly string[] };
  readonly references: Readonly<Record<string, readonly string[]>>;
  readonly passes: Text;
  readonly fails: Text;
  readonly occurrences: readonly Omit<Occurrence, "fingerprint">[];
  readonly evidence: readonly EvidencePointer[];
  readonly gap: Gap;
}

/** The rules that the sample reports speak of. */
// The file is typed as JSON, where levels are strings; a test validates every sample against the report's schema.
export const rules = list as readonly SampleRule[];
