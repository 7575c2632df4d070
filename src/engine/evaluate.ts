import type { AdvisoryList } from "#model/advisory.ts";
import type { Claim } from "#model/attestation.ts";
import type { EvidenceBundle } from "#model/bundle.ts";
import type { Level } from "#model/outcome.ts";
import { type Report, type ReportedAttempt, type RequirementResult, reportSchema } from "#model/report.ts";
import type { Requirement, Section } from "#model/rule.ts";
import type { AlgorithmList } from "#model/ssh-algorithms.ts";
import type { Text } from "#model/text.ts";
import { digestOf, sha256 } from "./digest.ts";
import { exposureOf } from "./exposure.ts";
import { project } from "./facts.ts";
import { findingOf } from "./finding.ts";
import type { CompiledRule } from "./judge.ts";
import { limitsOf } from "./limits.ts";
import { attemptIds } from "./looks.ts";
import { loweredBy } from "./lowered.ts";
import { countsOf, coverageOf, requirementResult } from "./requirements.ts";
import { verdictOf } from "./verdict.ts";
import { waive } from "./waivers.ts";

/** Rules with what they serve. */
export interface Catalogue {
  readonly rules: readonly CompiledRule[];
  readonly requirements: readonly Requirement[];
  readonly sections: readonly Section[];
  readonly claims: readonly Claim[];
  /** What is known of weaknesses of OpenClaw. */
  readonly advisories?: AdvisoryList | undefined;
  /** How algorithms of SSH stand. */
  readonly algorithms?: AlgorithmList | undefined;
  /** Ids of the rules that folders of the user's brought. */
  readonly added: readonly string[];
  /** sha256 over all of it, hex. */
  readonly digest: string;
}

/** A profile with those it extends put together. */
export interface ResolvedProfile {
  readonly id: string;
  readonly title: Text;
  readonly digest: string;
  /** Ids of rules that are left out. */
  readonly excluded: ReadonlySet<string>;
  /** Levels that differ from the guide's, by requirement. */
  readonly levels: ReadonlyMap<string, Level>;
}

/** All that an evaluation depends on. Equal input gives equal bytes. */
export interface EvaluationInput {
  readonly bundle: EvidenceBundle;
  readonly catalogue: Catalogue;
  readonly profile: ResolvedProfile;
  readonly now: Date;
  readonly toolVersion: string;
}

/** Judges a bundle by a catalogue and a profile. Throws for nothing that stands in the bundle. */
export function evaluateBundle(input: EvaluationInput): Report {
  const { bundle, catalogue, profile, now } = input;
  const { claims, advisories, algorithms } = catalogue;
  const projection = project(bundle, { claims, advisories, algorithms, now });
  const excluded = catalogue.rules.filter(({ rule }) => profile.excluded.has(rule.id));
  const found = inSectionOrder(catalogue)
    .filter((compiled) => !excluded.includes(compiled))
    .map((compiled) => findingOf(compiled, { bundle, projection, levels: profile.levels }));
  const { findings, waivers } = waive(found, bundle.policy.waivers ?? [], now);
  const unmet = new Set(found.flatMap((each) => (each.unmet ? [each.finding.rule] : [])));
  const requirements = catalogue.requirements.map((requirement) =>
    requirementResult(requirement, {
      findings: findings.filter((finding) => finding.requirement === requirement.id),
      unmet,
      excluded: excluded.filter(({ rule }) => rule.requirement === requirement.id),
      level: profile.levels.get(requirement.id) ?? requirement.level,
    }),
  );
  const lowered = loweredBy(profile.levels, catalogue.requirements);
  const summary = summaryOf(requirements);
  const digests = { bundleDigest: digestOf(bundle), policyDigest: digestOf(bundle.policy) };
  const evaluatedAt = now.toISOString();
  const ingredients = [digests.bundleDigest, catalogue.digest, profile.digest, digests.policyDigest, evaluatedAt];
  return {
    schema: reportSchema,
    id: sha256(ingredients.join("\n")).slice(0, 16),
    tool: { name: "sekisho", version: input.toolVersion },
    evaluatedAt,
    ...collected(bundle, digests.bundleDigest),
    profile: { id: profile.id, title: profile.title, digest: profile.digest },
    rulesDigest: catalogue.digest,
    ...(catalogue.added.length > 0 ? { addedRules: [...catalogue.added] } : {}),
    policyDigest: digests.policyDigest,
    verdict: verdictOf(summary),
    summary,
    sections: [...catalogue.sections],
    requirements,
    findings: [...findings],
    statements: [...projection.statements],
    ...(waivers.length > 0 ? { waivers: [...waivers] } : {}),
    exposure: exposureOf({ bundle, projection, found }),
    attempts: attemptsOf(bundle),
    limits: [...limitsOf(bundle, { projection, excluded, lowered })],
  };
}

function inSectionOrder({ rules, sections }: Catalogue): readonly CompiledRule[] {
  const order = new Map(sections.map(({ id }, index) => [id, index]));
  const place = (compiled: CompiledRule) => order.get(compiled.section) ?? order.size;
  return rules.toSorted((a, b) => place(a) - place(b));
}

function summaryOf(requirements: readonly RequirementResult[]): Report["summary"] {
  return {
    must: countsOf(requirements, "must"),
    should: countsOf(requirements, "should"),
    info: countsOf(requirements, "info"),
    coverage: coverageOf(requirements),
  };
}

/** What a report repeats of its bundle, so that it can be read by itself. */
function collected(bundle: EvidenceBundle, bundleDigest: string) {
  const { target, policy, authorisation, scope, identity, clocks, vantages, connections } = bundle;
  const { runId, startedAt, finishedAt, interrupted, tool, scriptDigest } = bundle;
  return {
    target,
    policy,
    authorisation,
    scope,
    identity,
    clocks,
    vantages,
    connections,
    collection: { runId, startedAt, finishedAt, interrupted, tool, scriptDigest, bundleDigest },
  };
}

function attemptsOf(bundle: EvidenceBundle): ReportedAttempt[] {
  const ids = attemptIds(bundle);
  return bundle.evidence.map((evidence, index) => {
    const { kind, vantage, attempt, method, startedAt, durationMs, digest, excerpt } = evidence;
    return {
      id: ids[index] ?? "",
      kind,
      vantage,
      status: attempt.status,
      ...(attempt.status === "failed" ? { reason: attempt.reason } : {}),
      ...(attempt.status === "observed" ? {} : { detail: attempt.detail }),
      method,
      startedAt,
      durationMs,
      ...(digest === undefined ? {} : { digest }),
      ...(excerpt === undefined ? {} : { excerpt }),
    };
  });
}
