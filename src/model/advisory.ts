import Type, { type Static } from "typebox";
import { Severity } from "./outcome.ts";
import { releasePattern } from "./release.ts";
import { Text } from "./text.ts";

const strict = { additionalProperties: false } as const;
const Version = Type.String({ pattern: releasePattern });

/** A published advisory on OpenClaw. */
export const Advisory = Type.Object(
  {
    id: Type.String({ pattern: "^(GHSA(-[23456789cfghjmpqrvwx]{4}){3}|CVE-[0-9]{4}-[0-9]{4,7})$" }),
    severity: Severity,
    from: Type.Optional(
      Type.String({
        pattern: releasePattern,
        description: "First release that has it; from the first on when left out",
      }),
    ),
    fixedIn: Type.String({ pattern: releasePattern, description: "First release that does not have it any more" }),
    summary: Type.Object(Text.properties, {
      ...strict,
      description: "What it lets whom do, in a sentence without a full stop",
    }),
    source: Type.String({ pattern: "^https://", description: "Where it is published" }),
  },
  { ...strict, title: "Advisory" },
);
export type Advisory = Readonly<Static<typeof Advisory>>;

/** The file openclaw-advisories.yaml: what was known of OpenClaw on a day. */
export const AdvisoryList = Type.Object(
  {
    asOf: Type.String({ format: "date", description: "Day on which the list was drawn up" }),
    complete: Type.Boolean({ description: "It held every advisory published by that day" }),
    staleAfterDays: Type.Integer({ minimum: 1, description: "From then on there may be more, complete or not" }),
    maintained: Type.Optional(
      Type.Array(Type.Object({ from: Version, before: Version }, strict), {
        description:
          "Older lines that get fixes of their own, of which advisories do not tell: such a release may be mended",
      }),
    ),
    advisories: Type.Array(Advisory),
  },
  { ...strict, title: "AdvisoryList" },
);
export type AdvisoryList = Readonly<Static<typeof AdvisoryList>>;

/** An advisory held against the release that runs, as rules see it. */
export const HeldAdvisory = Type.Object(
  {
    name: Type.String({ description: "Its id" }),
    severity: Severity,
    fixedIn: Type.String(),
    summaryEn: Type.String(),
    summaryJa: Type.String(),
    affects: Type.Boolean({ description: "The release that runs has it" }),
  },
  { ...strict, title: "HeldAdvisory" },
);
