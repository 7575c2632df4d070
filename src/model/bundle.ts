import Type, { type Static } from "typebox";
import { FailureReason } from "./attempt.ts";
import { Authorisation, Policy } from "./policy.ts";
import { Target } from "./target.ts";
import { Vantage } from "./vantage.ts";

const strict = { additionalProperties: false } as const;

/** Version of the bundle's format; a reader refuses any other. */
export const bundleSchema = "sekisho.evidence/1";

/** One attempt of one kind at one vantage, with what it took and what came of it. */
export const Evidence = Type.Object(
  {
    kind: Type.String({ description: "Kind of evidence, as listed in docs/evidence.md" }),
    vantage: Type.String({ description: "Id of the vantage" }),
    attempt: Type.Union([
      Type.Object({ status: Type.Literal("observed"), value: Type.Unknown() }, strict),
      Type.Object({ status: Type.Literal("absent"), detail: Type.String() }, strict),
      Type.Object({ status: Type.Literal("failed"), reason: FailureReason, detail: Type.String() }, strict),
      Type.Object({ status: Type.Literal("not_attempted"), detail: Type.String() }, strict),
    ]),
    startedAt: Type.String({ format: "date-time", description: "Scanner's clock, UTC" }),
    durationMs: Type.Integer({ minimum: 0 }),
    method: Type.String({ description: "Command or request that was made" }),
    digest: Type.Optional(Type.String({ description: "sha256 of the raw bytes the value was read from, hex" })),
    excerpt: Type.Optional(
      Type.String({ description: "Head of the raw output, for a person; control characters removed" }),
    ),
  },
  { ...strict, title: "Evidence" },
);
export type Evidence = Readonly<Static<typeof Evidence>>;

/** What makes sure that two reports speak of the same machine. */
export const Identity = Type.Object(
  {
    sshHostKeys: Type.Array(Type.String(), { description: "SHA256: fingerprints as OpenSSH prints them" }),
    tlsKeys: Type.Array(Type.String(), { description: "sha256 of the leaf certificates' SubjectPublicKeyInfo, hex" }),
    machineIdHash: Type.Optional(Type.String({ description: "sha256 of sekisho: followed by /etc/machine-id, hex" })),
  },
  { ...strict, title: "Identity" },
);
export type Identity = Readonly<Static<typeof Identity>>;

/** Everything one run saw. Judging it needs nothing else but rules, profile, policy and a time. */
export const EvidenceBundle = Type.Object(
  {
    schema: Type.Literal(bundleSchema),
    runId: Type.String(),
    tool: Type.Object({ name: Type.String(), version: Type.String(), node: Type.String() }, strict),
    scriptDigest: Type.String({ description: "sha256 of the host script that was sent, hex; empty when none was" }),
    startedAt: Type.String({ format: "date-time" }),
    finishedAt: Type.String({ format: "date-time" }),
    interrupted: Type.Boolean({ description: "The run was stopped before its end" }),
    target: Target,
    policy: Policy,
    authorisation: Type.Union([Authorisation, Type.Null()], {
      description: "null only where the target is the machine itself",
    }),
    scope: Type.Object(
      {
        addresses: Type.Array(Type.String()),
        exclusions: Type.Array(Type.String(), { description: "What was left out on purpose, one sentence each" }),
      },
      strict,
    ),
    vantages: Type.Array(Vantage),
    identity: Identity,
    clocks: Type.Object(
      {
        scannerTimezone: Type.String(),
        targetOffsetMs: Type.Optional(Type.Integer({ description: "Target's clock minus the scanner's" })),
        targetOffsetErrorMs: Type.Optional(
          Type.Integer({ minimum: 0, description: "Half the round trip of the reading" }),
        ),
      },
      strict,
    ),
    connections: Type.Array(
      Type.Object(
        {
          address: Type.String(),
          port: Type.Integer(),
          purpose: Type.String(),
          count: Type.Integer(),
          vantage: Type.Optional(
            Type.String({ description: "Id of the vantage they were made from, through its tunnel" }),
          ),
        },
        strict,
      ),
      { description: "Connections made to each daemon, without those of the port scan" },
    ),
    evidence: Type.Array(Evidence),
  },
  { ...strict, title: "EvidenceBundle" },
);
export type EvidenceBundle = Readonly<Static<typeof EvidenceBundle>>;
