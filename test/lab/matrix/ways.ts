import { join } from "node:path";
import Type, { type Static } from "typebox";
import { InputError } from "#model/input-error.ts";
import { checkNames, Expected, type Known, knownNames } from "./faults.ts";
import { type Listed, readLists } from "./read-list.ts";

const strict = { additionalProperties: false } as const;

/**
 * One way to keep the audit from seeing. Scripts know the host by $NAME, $IPV4 and $IPV6, and the other places are shared: what is done there
 * must touch this host's traffic alone.
 */
const Way = Type.Object(
  {
    id: Type.String({ pattern: "^[a-z0-9]+(-[a-z0-9]+)*$" }),
    title: Type.String({ minLength: 1 }),
    profile: Type.String({ description: "Profile of the host, a folder of test/lab/profiles" }),
    at: Type.Optional(
      Type.Enum(["host", "office", "internet", "router"], {
        description: "Where blind is run; on the host if left out",
      }),
    ),
    blind: Type.Optional(Type.String({ minLength: 1, description: "Run by sh -e as root" })),
    restore: Type.Optional(
      Type.String({
        minLength: 1,
        description: "Run afterwards where blind was, whatever happened; the host itself is thrown away",
      }),
    ),
    around: Type.Optional(
      Type.Object(
        {
          outside: Type.Optional(Type.String({ minLength: 1 })),
          allowed: Type.Optional(Type.String({ minLength: 1 })),
        },
        {
          ...strict,
          description:
            "Script by vantage that gets the audit's command line as its arguments and runs it, in a mount namespace of its own",
        },
      ),
    ),
    controls: Type.Optional(
      Type.Array(Type.String(), { description: "Controls named to the outside instead of the lab's" }),
    ),
    expect: Type.Optional(Expected),
    says: Type.Optional(
      Type.String({ minLength: 1, description: "Pattern that some reason of a silenced rule matches" }),
    ),
    withstood: Type.Optional(Type.Boolean({ description: "The audit sees everything all the same: no rule may move" })),
    limitSeconds: Type.Integer({ minimum: 1, description: "The audit must have ended by then" }),
    ci: Type.Optional(Type.Boolean({ description: "In the choice that is run without --all" })),
  },
  { ...strict, title: "Way" },
);
export type Way = Readonly<Static<typeof Way>>;

/**
 * All ways to blind the audit, by file and in the files' order.
 * @throws InputError that names file, line and way for whatever does not hold together.
 */
export async function loadWays(
  folder = join(import.meta.dirname, "..", "blindness"),
  known: Known = knownNames(),
): Promise<readonly Way[]> {
  const ways = readLists(folder, Way);
  for (const way of ways) checkWay(way, known);
  return ways.map(({ value }) => value);
}

function checkWay(listed: Listed<Way>, known: Known): void {
  checkNames(listed, known);
  const { value, placeOf } = listed;
  const problem = problemOf(value);
  if (problem !== undefined) throw new InputError(`${value.id}: ${problem}`, { place: placeOf([]) });
}

function problemOf({ blind, around, controls, restore, says, withstood = false, expect }: Way): string | undefined {
  if (blind === undefined && around === undefined && controls === undefined) return "blinds nothing";
  if (blind === undefined && restore !== undefined) return "restore goes with blind";
  if (withstood && (says !== undefined || expect !== undefined)) return "withstood says that no rule moves";
  if (!withstood && says === undefined) return "does not say what reason must be named: says";
  if (says !== undefined && !isPattern(says)) return "says is no regular expression";
  return undefined;
}

function isPattern(text: string): boolean {
  try {
    new RegExp(text, "iu");
    return true;
  } catch {
    // The engine tells a broken pattern by throwing, and in no other way.
    return false;
  }
}
