import Type, { type Static } from "typebox";
import type { Expression } from "#expression/compile.ts";
import type { AdvisoryList } from "#model/advisory.ts";
import { Claim } from "#model/attestation.ts";
import type { Level } from "#model/outcome.ts";
import { Requirement, type Rule, Section } from "#model/rule.ts";
import type { AlgorithmList } from "#model/ssh-algorithms.ts";
import type { Text } from "#model/text.ts";

const strict = { additionalProperties: false } as const;

/** A rule with its expressions checked. */
export interface CompiledRule {
  readonly rule: Rule;
  readonly when?: Expression;
  readonly expect: readonly { readonly that: Expression; readonly else: Text }[];
  /** Id of the section its requirement stands in. */
  readonly section: string;
}

/** All rules, what they serve, and a digest over both. */
export interface Catalogue {
  readonly rules: readonly CompiledRule[];
  readonly requirements: readonly Requirement[];
  readonly sections: readonly Section[];
  /** What people may state, one claim for each kind of evidence that is attested. */
  readonly claims: readonly Claim[];
  /** What is known of weaknesses of OpenClaw; undefined where the catalogue has no list. */
  readonly advisories: AdvisoryList | undefined;
  /** How algorithms of SSH stand; undefined where the catalogue has no list. */
  readonly algorithms: AlgorithmList | undefined;
  /** Ids of the rules that folders of the user's brought. */
  readonly added: readonly string[];
  /** sha256 of the canonical JSON of sections, requirements, claims, lists and rules, hex. */
  readonly digest: string;
}

/** A profile with everything it extends put together. */
export interface ResolvedProfile {
  readonly id: string;
  readonly title: Text;
  /** sha256 of the canonical JSON of what it comes to, hex. */
  readonly digest: string;
  /** Ids of rules that are left out. */
  readonly excluded: ReadonlySet<string>;
  /** Levels by requirement, where they differ from the guide's. */
  readonly levels: ReadonlyMap<string, Level>;
}

/** The file requirements.yaml. */
export const RequirementsFile = Type.Object(
  { sections: Type.Array(Section), requirements: Type.Array(Requirement, { minItems: 1 }) },
  { ...strict, title: "RequirementsFile" },
);

/** The file claims.yaml. */
export const ClaimsFile = Type.Object({ claims: Type.Array(Claim) }, { ...strict, title: "ClaimsFile" });

/** A published standard: the ids one may cite. */
export const Standard = Type.Object(
  {
    id: Type.String({
      pattern: "^[a-z0-9.-]+$",
      description: "The file's name, and the key under which rules cite it",
    }),
    title: Type.String({ minLength: 1 }),
    edition: Type.String({ minLength: 1 }),
    publisher: Type.String({ minLength: 1 }),
    ids: Type.Array(Type.String(), { minItems: 1, uniqueItems: true }),
  },
  { ...strict, title: "Standard" },
);
export type Standard = Readonly<Static<typeof Standard>>;

/** A rule that was taken out of the catalogue; its id is not used again. */
export const RetiredFile = Type.Object(
  {
    retired: Type.Array(
      Type.Object(
        {
          id: Type.String(),
          on: Type.String({ format: "date" }),
          reason: Type.String({ minLength: 1 }),
          replacedBy: Type.Optional(Type.Array(Type.String())),
        },
        strict,
      ),
    ),
  },
  { ...strict, title: "RetiredFile" },
);
