import Type, { type Static } from "typebox";
import { Attestation, mostAttestations } from "#model/attestation.ts";
import { Unknown } from "#model/unknown.ts";

const strict = { additionalProperties: false } as const;

/** Attestations of one claim, as they stood in the file: whose they are and whether they count is for the engine to tell. */
export const Attestations = Type.Array(Type.Union([Attestation, Unknown]), {
  title: "Attestations",
  maxItems: mostAttestations,
});
export type Attestations = Static<typeof Attestations>;

/** What a rule sees of a claim: the statement in force. Without one it sees nothing, which is unknown and never an answer. */
export const Stated = Type.Object(
  {
    holds: Type.Boolean({ description: "What was stated is so; false where the statement says that it is not" }),
    by: Type.String({ description: "Who stated it" }),
    role: Type.String({ description: "In what role" }),
    on: Type.String({ format: "date", description: "Day on which it was done or seen" }),
    until: Type.String({ format: "date", description: "Last day on which the statement counts" }),
  },
  { ...strict, title: "Stated" },
);
export type Stated = Static<typeof Stated>;
