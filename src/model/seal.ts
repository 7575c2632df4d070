import Type, { type Static } from "typebox";
import { Verdict } from "./outcome.ts";

const strict = { additionalProperties: false } as const;
const sha256 = Type.String({ pattern: "^[0-9a-f]{64}$" });

/** What an envelope's payload is: an in-toto statement (in-toto Attestation Framework, Envelope layer). */
export const sealPayloadType = "application/vnd.in-toto+json";
/** What an in-toto statement is (Statement layer, v1). */
export const inTotoStatement = "https://in-toto.io/Statement/v1";
/** What our predicate is, and its version. */
export const sealPredicate = "urn:sekisho:audit:1";

/** A signed payload (DSSE, envelope.md). Base64 may be of either alphabet. */
export const Envelope = Type.Object(
  {
    payloadType: Type.String(),
    payload: Type.String(),
    signatures: Type.Array(Type.Object({ keyid: Type.Optional(Type.String()), sig: Type.String() }), { minItems: 1 }),
  },
  { title: "Envelope" },
);
export type Envelope = Readonly<Static<typeof Envelope>>;

/** What one audit came to, and on what it rests. */
export const SealedAudit = Type.Object(
  {
    report: Type.String({ description: "Name of the subject that is the report" }),
    evidence: Type.String({ description: "Name of the subject that holds the evidence the report was judged from" }),
    reportId: Type.String(),
    target: Type.String({ description: "Id of the target" }),
    evaluatedAt: Type.String({ format: "date-time" }),
    verdict: Verdict,
    bundleDigest: sha256,
    rulesDigest: sha256,
    policyDigest: sha256,
    profile: Type.Object({ id: Type.String(), digest: Type.String() }, strict),
    tool: Type.Object({ name: Type.String(), version: Type.String() }, strict),
  },
  { ...strict, title: "SealedAudit" },
);
export type SealedAudit = Readonly<Static<typeof SealedAudit>>;

/** The in-toto statement about a report and the files beside it. */
export const Seal = Type.Object(
  {
    _type: Type.Literal(inTotoStatement),
    subject: Type.Array(Type.Object({ name: Type.String(), digest: Type.Object({ sha256 }, strict) }, strict), {
      minItems: 2,
      maxItems: 16,
    }),
    predicateType: Type.Literal(sealPredicate),
    predicate: SealedAudit,
  },
  { ...strict, title: "Seal" },
);
export type Seal = Readonly<Static<typeof Seal>>;
