import Type, { type Static } from "typebox";
import { Text } from "./text.ts";

const strict = { additionalProperties: false } as const;

/** Version of what is signed, and of the file that holds it; a reader refuses any other. */
export const attestationSchema = "sekisho.attestation/1";
export const attestationsSchema = "sekisho.attestations/1";

/** Namespace of the signatures (PROTOCOL.sshsig): one made for anything else does not count here. */
export const signatureNamespace = "sekisho-attestation";

const name = { minLength: 1, maxLength: 200, pattern: "\\S" } as const;
const day = (description: string) =>
  Type.String({ format: "date", maxLength: 10, description: `${description}, YYYY-MM-DD in Japan` });

/** Who may state something, and the key that shows that it was them. */
export const Attestor = Type.Object(
  {
    name: Type.String({ ...name, description: "Name of the person" }),
    role: Type.String({ ...name, description: "In what role, such as operator or CISO" }),
    key: Type.String({
      minLength: 1,
      maxLength: 4096,
      description: "Public key as ssh-keygen writes it to a .pub file: ed25519, ECDSA, or RSA of 2048 bits or more",
    }),
  },
  { ...strict, title: "Attestor" },
);
export type Attestor = Readonly<Static<typeof Attestor>>;

/** What a person states of a server. All of it is signed. */
export const Statement = Type.Object(
  {
    target: Type.String({
      pattern: "^[A-Za-z0-9][A-Za-z0-9._-]*$",
      maxLength: 200,
      description: "Id of the server it is about",
    }),
    requirement: Type.String({ pattern: "^[A-Z]{3}-[0-9]+$", description: "Requirement it bears on" }),
    claim: Type.Object(
      { en: Type.String({ ...name, maxLength: 1000 }), ja: Type.String({ ...name, maxLength: 1000 }) },
      { ...strict, description: "What is stated, word for word as the catalogue has it" },
    ),
    holds: Type.Boolean({ description: "true: it is so. false: it is not so, for instance a restore that failed" }),
    on: day("Day on which it was done or seen"),
    from: day("First day on which the statement counts"),
    until: day("Last day on which the statement counts"),
    by: Type.Object(
      { name: Type.String(name), role: Type.String(name) },
      { ...strict, description: "Who states it, as in policy.attestors" },
    ),
    evidence: Type.Optional(
      Type.Object(
        {
          name: Type.String({ ...name, description: "Name of the file, without its folder" }),
          sha256: Type.String({ pattern: "^[0-9a-f]{64}$" }),
          bytes: Type.Integer({ minimum: 0 }),
        },
        { ...strict, description: "File that shows it, kept by whoever states it" },
      ),
    ),
  },
  { ...strict, title: "Statement" },
);
export type Statement = Readonly<Static<typeof Statement>>;

/** A statement with the signature over its canonical bytes. Without one it never counts. */
export const Attestation = Type.Object(
  {
    statement: Statement,
    signature: Type.Optional(
      Type.String({ maxLength: 16_384, description: "SSH signature, armoured (PROTOCOL.sshsig)" }),
    ),
  },
  { ...strict, title: "Attestation" },
);
export type Attestation = Readonly<Static<typeof Attestation>>;

/** Most attestations one file, and one kind of evidence, may hold: each signature takes time to verify. */
export const mostAttestations = 500;

/** The file of attestations that stands beside sekisho.yaml. */
export const AttestationsFile = Type.Object(
  {
    schema: Type.Literal(attestationsSchema, { description: "Version of this file's format" }),
    attestations: Type.Array(Attestation, { maxItems: mostAttestations }),
  },
  { ...strict, title: "AttestationsFile" },
);
export type AttestationsFile = Readonly<Static<typeof AttestationsFile>>;

/** What may be stated of one requirement, and for how long a statement of it can count. */
export const Claim = Type.Object(
  {
    kind: Type.String({ pattern: "^[a-z][A-Za-z]*$", description: "Kind of evidence, read as attested.<kind>" }),
    requirement: Type.String({ pattern: "^[A-Z]{3}-[0-9]+$" }),
    claim: Type.Object(Text.properties, { ...strict, description: "What is stated, word for word" }),
    validMonths: Type.Integer({ minimum: 1, maximum: 60, description: "Months, from the day on which it was done" }),
    graceDays: Type.Integer({ minimum: 0, maximum: 60, description: "Days beyond these months" }),
  },
  { ...strict, title: "Claim" },
);
export type Claim = Readonly<Static<typeof Claim>>;
