import Type, { type Static } from "typebox";
import { Level, Severity } from "./outcome.ts";
import { Text } from "./text.ts";

const strict = { additionalProperties: false } as const;

/** One line of a rule: it must hold, and says what it means when it does not. */
const Expectation = Type.Object(
  {
    that: Type.String({ minLength: 1, description: "Expression over the evidence that must be true" }),
    else: Type.Object(Text.properties, {
      ...strict,
      description: "The fact when it is false; {{v.field}} is filled in",
    }),
  },
  { ...strict, title: "Expectation" },
);

/** A rule: one YAML file. */
export const Rule = Type.Object(
  {
    id: Type.String({ pattern: "^[a-z0-9]+(-[a-z0-9]+)*$", description: "The file's name: a noun for what is found" }),
    requirement: Type.String({ pattern: "^[A-Z]{3}-[0-9]+$" }),
    level: Level,
    severity: Severity,
    when: Type.Optional(
      Type.String({ minLength: 1, description: "The rule applies where this is true; always when left out" }),
    ),
    otherwise: Type.Optional(
      Type.Object(Text.properties, { ...strict, description: "Why the rule does not apply; needed with when" }),
    ),
    expect: Type.Array(Expectation, { minItems: 1 }),
    title: Type.Object(Text.properties, { ...strict, description: "The compliant state, in a sentence" }),
    why: Type.Object(Text.properties, { ...strict, description: "Why it matters, in a sentence" }),
    expected: Type.Object(Text.properties, { ...strict, description: "What is asked, with its numbers" }),
    fix: Type.Object(
      {
        ...Text.properties,
        commands: Type.Optional(Type.Array(Type.String(), { description: "Lines an operator can copy" })),
      },
      { ...strict, description: "What to do" },
    ),
    references: Type.Optional(
      Type.Record(Type.String(), Type.Array(Type.String()), { description: "Ids of standards, by edition" }),
    ),
  },
  { ...strict, title: "Rule" },
);
export type Rule = Readonly<Static<typeof Rule>>;

/** A section of the guide. */
export const Section = Type.Object(
  {
    id: Type.String({ pattern: "^[a-z]+$", description: "Folder of the section's rules" }),
    letter: Type.String({ pattern: "^[A-Z]$" }),
    title: Text,
  },
  { ...strict, title: "Section" },
);
export type Section = Readonly<Static<typeof Section>>;

/** What the guide asks, in our words. */
export const Requirement = Type.Object(
  {
    id: Type.String({ pattern: "^[A-Z]{3}-[0-9]+$" }),
    section: Type.String(),
    level: Level,
    title: Text,
    decidedBy: Type.Array(Type.Enum(["out", "ok", "in", "ctr", "api", "att", "drill", "pol"])),
    pending: Type.Optional(
      Type.Object(Text.properties, {
        ...strict,
        description: "Why no rule decides it yet; such a requirement is not checked",
      }),
    ),
  },
  { ...strict, title: "Requirement" },
);
export type Requirement = Readonly<Static<typeof Requirement>>;

/** A selection and tailoring of rules. */
export const Profile = Type.Object(
  {
    id: Type.String({ pattern: "^[a-z0-9-]+$" }),
    title: Text,
    extends: Type.Optional(Type.String({ description: "Profile this one starts from" })),
    exclude: Type.Optional(Type.Array(Type.String(), { description: "Ids of rules that are left out" })),
    levels: Type.Optional(
      Type.Record(Type.String(), Level, { description: "Requirements whose level differs from the guide's" }),
    ),
  },
  { ...strict, title: "Profile" },
);
export type Profile = Readonly<Static<typeof Profile>>;
