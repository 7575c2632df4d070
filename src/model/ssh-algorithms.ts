import Type, { type Static } from "typebox";
import { Text } from "./text.ts";

const strict = { additionalProperties: false } as const;

/** What an algorithm of SSH is for, by the list of KEXINIT that names it. */
export const AlgorithmUse = Type.Enum(["keyExchange", "hostKey", "cipher", "mac", "compression"]);
export type AlgorithmUse = Static<typeof AlgorithmUse>;

/**
 * weak: broken, or forbidden by one of the sources. dated: still holds, and is on its way out. current: nothing of the kind is known. mark: a name
 * that stands in a list and is no algorithm.
 */
const AlgorithmStanding = Type.Enum(["weak", "dated", "current", "mark"]);

/** Algorithms of one use that stand alike, for one reason. */
export const AlgorithmGroup = Type.Object(
  {
    use: AlgorithmUse,
    standing: AlgorithmStanding,
    names: Type.Array(Type.String({ minLength: 1 }), { minItems: 1 }),
    why: Type.Object(Text.properties, { ...strict, description: "In a sentence without a full stop" }),
    sources: Type.Array(Type.String(), { minItems: 1, description: "Ids of the file's own list of sources" }),
  },
  { ...strict, title: "AlgorithmGroup" },
);
export type AlgorithmGroup = Readonly<Static<typeof AlgorithmGroup>>;

/** The file ssh-algorithms.yaml: how algorithms of SSH stood on a day. */
export const AlgorithmList = Type.Object(
  {
    asOf: Type.String({ format: "date", description: "Day on which the list was drawn up" }),
    staleAfterDays: Type.Integer({ minimum: 1, description: "From then on nothing in it is known to be current" }),
    sources: Type.Record(Type.String({ pattern: "^[a-z0-9.-]+$" }), Type.String({ minLength: 1 })),
    algorithms: Type.Array(AlgorithmGroup),
  },
  { ...strict, title: "AlgorithmList" },
);
export type AlgorithmList = Readonly<Static<typeof AlgorithmList>>;

/** An algorithm that a server offers, as rules see it. */
export const HeldAlgorithm = Type.Object(
  {
    use: AlgorithmUse,
    name: Type.String(),
    standing: AlgorithmStanding,
    whyEn: Type.String(),
    whyJa: Type.String(),
  },
  { ...strict, title: "HeldAlgorithm" },
);
