import { loadCatalogue, loadProfile } from "#catalog/load.ts";
import { evaluateBundle } from "#engine/evaluate.ts";
import type { EvidenceBundle } from "#model/bundle.ts";
import type { Report } from "#model/report.ts";

/** A judge with the rules of a folder and one profile. Throws InputError for a broken rule or an unknown profile. */
export function openJudge(options: {
  readonly rules: string;
  /** Folders of further rules. */
  readonly added: readonly string[];
  readonly profile: string;
  readonly toolVersion: string;
}): (bundle: EvidenceBundle, now: Date) => Report {
  const catalogue = loadCatalogue(options.rules, options.added);
  const profile = loadProfile(options.rules, options.profile);
  return (bundle, now) => evaluateBundle({ bundle, catalogue, profile, now, toolVersion: options.toolVersion });
}
