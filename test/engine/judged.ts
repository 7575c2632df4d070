import { evaluateBundle } from "#engine/evaluate.ts";
import type { CompiledRule } from "#engine/judge.ts";
import type { EvidenceBundle } from "#model/bundle.ts";
import type { Report } from "#model/report.ts";
import type { Requirement } from "#model/rule.ts";
import { catalogue, profile, requirement, samples } from "./rules.ts";

/** The time of every evaluation here. */
export const now = new Date("2026-11-22T06:00:00Z");

/** A report over a bundle by rules and requirements. */
export function judge(
  of: EvidenceBundle,
  parts: {
    rules?: readonly CompiledRule[];
    requirements?: readonly Requirement[];
    profile?: Parameters<typeof profile>[0];
  } = {},
): Report {
  const rules = parts.rules ?? Object.values(samples);
  const requirements =
    parts.requirements ?? [...new Set(rules.map((each) => each.rule.requirement))].map((id) => requirement(id));
  return evaluateBundle({
    bundle: of,
    catalogue: catalogue(requirements, rules),
    profile: profile(parts.profile),
    now,
    toolVersion: "0.1.0",
  });
}
