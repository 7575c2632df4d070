import Type, { type Static } from "typebox";
import { FailureReason } from "./attempt.ts";
import { EvidenceBundle } from "./bundle.ts";
import { Exposure } from "./exposure.ts";
import { Level, Outcome, Severity, Verdict } from "./outcome.ts";
import { Waiver } from "./policy.ts";
import { Section } from "./rule.ts";
import { Text } from "./text.ts";

const strict = { additionalProperties: false } as const;

/** Version of the report's format; a reader refuses any other. */
export const reportSchema = "sekisho.report/1";

/** Points into the evidence that a finding rests on. */
export const EvidencePointer = Type.Object(
  {
    attempt: Type.String({ description: "Id of the attempt in the report's list" }),
    path: Type.String({ description: "What the rule reads there, such as network.ssh[].users[].methods" }),
    shown: Type.String({ description: "The values found there, as text, cut when long" }),
  },
  { ...strict, title: "EvidencePointer" },
);
export type EvidencePointer = Readonly<Static<typeof EvidencePointer>>;

/** One thing that fails a rule, such as one port of one address. */
export const Occurrence = Type.Object(
  {
    subject: Type.String({
      description: "What it is about; stable between runs; the target's id when it is the whole target",
    }),
    message: Text,
    fingerprint: Type.String({ description: "sha256 of rule, target and subject, hex, first 32 digits" }),
    waived: Type.Optional(Type.Literal(true, { description: "A waiver in force accepts it" })),
  },
  { ...strict, title: "Occurrence" },
);
export type Occurrence = Readonly<Static<typeof Occurrence>>;

/** One thing that is not as a rule of level info describes it. */
const Remark = Type.Object({ subject: Occurrence.properties.subject, message: Text }, { ...strict, title: "Remark" });

/** Something the rule needed and did not get. */
export const Gap = Type.Object(
  {
    path: Type.String({ description: "Kind, or path within a kind, that is not known" }),
    reason: Text,
    remedy: Type.Optional(Text),
  },
  { ...strict, title: "Gap" },
);
export type Gap = Readonly<Static<typeof Gap>>;

/** Outcome of one rule on the target. */
export const Finding = Type.Object(
  {
    rule: Type.String(),
    requirement: Type.String(),
    section: Type.String(),
    level: Level,
    severity: Severity,
    outcome: Outcome,
    title: Text,
    why: Text,
    expected: Text,
    observed: Text,
    occurrences: Type.Array(Occurrence, { description: "What fails; empty unless the outcome is fail" }),
    remarks: Type.Optional(
      Type.Array(Remark, {
        minItems: 1,
        description: "What is not as described, at level info: the outcome is informational, and nothing fails by it",
      }),
    ),
    gaps: Type.Array(Gap, { description: "What was not known; empty unless the outcome is unknown or notchecked" }),
    fix: Type.Object({ ...Text.properties, commands: Type.Array(Type.String()) }, strict),
    references: Type.Record(Type.String(), Type.Array(Type.String())),
    evidence: Type.Array(EvidencePointer),
    fingerprint: Type.String({ description: "sha256 of rule and target, hex, first 32 digits" }),
    ruleDigest: Type.Optional(
      Type.String({ description: "sha256 of the rule itself, hex, first 32 digits; left out by earlier versions" }),
    ),
    open: Type.Optional(
      Type.Literal(true, {
        description: "Of a failure: part of what the rule reads is not known, so more may fail than is listed",
      }),
    ),
    waived: Type.Optional(
      Type.Literal(true, { description: "All that fails is accepted by waivers in force; the outcome stays fail" }),
    ),
  },
  { ...strict, title: "Finding" },
);
export type Finding = Readonly<Static<typeof Finding>>;

/** How one requirement of the guide came out, over all its rules. */
export const RequirementResult = Type.Object(
  {
    id: Type.String(),
    section: Type.String(),
    level: Level,
    title: Text,
    outcome: Outcome,
    rules: Type.Array(Type.String()),
    waived: Type.Optional(
      Type.Literal(true, {
        description: "It fails, and nothing but what waivers in force accept keeps it from passing",
      }),
    ),
    note: Type.Optional(Text),
  },
  { ...strict, title: "RequirementResult" },
);
export type RequirementResult = Readonly<Static<typeof RequirementResult>>;

/** One attempt to look, as the report lists it. */
export const ReportedAttempt = Type.Object(
  {
    id: Type.String({ description: "vantage/kind" }),
    kind: Type.String(),
    vantage: Type.String(),
    status: Type.Enum(["observed", "absent", "failed", "not_attempted"]),
    reason: Type.Optional(FailureReason),
    detail: Type.Optional(Type.String()),
    method: Type.String(),
    startedAt: Type.String({ format: "date-time" }),
    durationMs: Type.Integer({ minimum: 0 }),
    digest: Type.Optional(Type.String()),
    excerpt: Type.Optional(Type.String()),
  },
  { ...strict, title: "ReportedAttempt" },
);
export type ReportedAttempt = Readonly<Static<typeof ReportedAttempt>>;

/** What a person stated, as the report lists it. */
export const ReportedStatement = Type.Object(
  {
    requirement: Type.String(),
    claim: Type.Object(Text.properties, { ...strict, description: "What is stated, word for word" }),
    target: Type.String(),
    holds: Type.Boolean({ description: "false: the statement says that it is not so" }),
    by: Type.Object({ name: Type.String(), role: Type.String() }, strict),
    on: Type.String({ description: "Day on which it was done or seen" }),
    from: Type.String({ description: "First day on which it counts" }),
    until: Type.String({ description: "Last day on which it counts, by its own word" }),
    countsUntil: Type.String({ description: "Last day on which it can count: until, or what the requirement allows" }),
    evidence: Type.Optional(
      Type.Object({ name: Type.String(), sha256: Type.String(), bytes: Type.Integer({ minimum: 0 }) }, strict),
    ),
    signature: Type.Enum(["valid", "absent", "invalid", "unknown-key", "other-signer"], {
      description:
        "valid: by a key the policy lists for this person and role. absent: none. invalid: not one over this statement. unknown-key: by a key the policy does not list. other-signer: by a key the policy lists for someone else",
    }),
    key: Type.Optional(
      Type.String({ description: "SHA256: fingerprint of the key that signed, as OpenSSH prints it" }),
    ),
    state: Type.Enum(["counted", "superseded", "expired", "future", "refused"], {
      description:
        "counted: a rule rests on it. superseded: a later statement counts. The others never let a rule pass",
    }),
    reason: Type.Optional(Type.Object(Text.properties, { ...strict, description: "Why it does not count" })),
    attempt: Type.String({ description: "Id of the attempt it was read by" }),
  },
  { ...strict, title: "ReportedStatement" },
);
export type ReportedStatement = Readonly<Static<typeof ReportedStatement>>;

/** A waiver of the policy, and what it does in this report. */
export const ReportedWaiver = Type.Object(
  {
    ...Waiver.properties,
    state: Type.Enum(["applied", "unused", "expired", "future"], {
      description:
        "applied: it accepts something that fails. unused: nothing that it names fails. expired and future: not in force on the day of this evaluation",
    }),
    accepts: Type.Integer({ minimum: 0, description: "How many occurrences it accepts" }),
  },
  { ...strict, title: "ReportedWaiver" },
);
export type ReportedWaiver = Readonly<Static<typeof ReportedWaiver>>;

/** Numbers of requirements by outcome. */
export const Counts = Type.Object(
  {
    pass: Type.Integer(),
    fail: Type.Integer({ description: "Without those that are waived" }),
    waived: Type.Optional(Type.Integer({ minimum: 1, description: "Those that fail and are waived" })),
    unknown: Type.Integer(),
    notchecked: Type.Integer(),
    notapplicable: Type.Integer(),
    informational: Type.Integer(),
    error: Type.Integer(),
  },
  { ...strict, title: "Counts" },
);
export type Counts = Readonly<Static<typeof Counts>>;

const bundle = EvidenceBundle.properties;

/** The report: the product. Every other format is a rendering of it. */
export const Report = Type.Object(
  {
    schema: Type.Literal(reportSchema),
    id: Type.String({ description: "First 16 hex digits of the sha256 of bundle, rules, profile, policy and time" }),
    tool: Type.Object({ name: Type.String(), version: Type.String() }, strict),
    evaluatedAt: Type.String({ format: "date-time", description: "The now of this evaluation, UTC" }),
    target: bundle.target,
    policy: bundle.policy,
    authorisation: bundle.authorisation,
    scope: bundle.scope,
    identity: bundle.identity,
    clocks: bundle.clocks,
    vantages: bundle.vantages,
    connections: bundle.connections,
    collection: Type.Object(
      {
        runId: bundle.runId,
        startedAt: bundle.startedAt,
        finishedAt: bundle.finishedAt,
        interrupted: bundle.interrupted,
        tool: bundle.tool,
        scriptDigest: bundle.scriptDigest,
        bundleDigest: Type.String({ description: "sha256 of the bundle's canonical JSON, hex" }),
      },
      strict,
    ),
    profile: Type.Object({ id: Type.String(), title: Text, digest: Type.String() }, strict),
    rulesDigest: Type.String({ description: "sha256 over all rules and requirements in force, hex" }),
    addedRules: Type.Optional(
      Type.Array(Type.String(), { description: "Ids of rules beside the product's; left out where there are none" }),
    ),
    policyDigest: Type.String(),
    verdict: Type.Object({ status: Verdict, exitCode: Type.Integer(), reason: Text }, strict),
    summary: Type.Object(
      {
        must: Counts,
        should: Counts,
        info: Counts,
        coverage: Type.Object(
          {
            decided: Type.Integer({ description: "Requirements in scope with pass or fail" }),
            inScope: Type.Integer({
              description: "Requirements of level must and should, without those not applicable",
            }),
          },
          strict,
        ),
      },
      strict,
    ),
    sections: Type.Array(Section),
    requirements: Type.Array(RequirementResult),
    findings: Type.Array(Finding),
    statements: Type.Optional(
      Type.Array(ReportedStatement, {
        description: "What people stated; left out by versions that read no statements",
      }),
    ),
    waivers: Type.Optional(Type.Array(ReportedWaiver, { description: "Left out where the policy has none" })),
    exposure: Type.Optional(Exposure),
    attempts: Type.Array(ReportedAttempt),
    limits: Type.Array(Text, { description: "What this report cannot say, one sentence each" }),
  },
  { ...strict, title: "Report" },
);
export type Report = Readonly<Static<typeof Report>>;
