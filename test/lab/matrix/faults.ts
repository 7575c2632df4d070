import { join } from "node:path";
import Type, { type Static } from "typebox";
import { loadCatalogue } from "#catalog/load.ts";
import { hintFor } from "#expression/suggest.ts";
import { InputError } from "#model/input-error.ts";
import { Outcome } from "#model/outcome.ts";
import { profileNames } from "../hosts/profile.ts";
import { FaultCertificate } from "./certificate.ts";
import { type Listed, readLists } from "./read-list.ts";

const strict = { additionalProperties: false } as const;

/** Rules and what they come out as, by id. */
export const Expected = Type.Record(Type.String(), Type.Enum([...Outcome.enum, "remark"]));

/** One way to break a host that is in order, and what an audit must then say that it did not say before. */
const Fault = Type.Object(
  {
    id: Type.String({ pattern: "^[a-z0-9]+(-[a-z0-9]+)*$" }),
    title: Type.String({ minLength: 1 }),
    profile: Type.String({ description: "Profile of the host, a folder of test/lab/profiles" }),
    break: Type.String({ minLength: 1, description: "Run on the host by sh -e as root" }),
    settled: Type.Optional(Type.String({ minLength: 1, description: "Polled on the host until it succeeds" })),
    ready: Type.Optional(
      Type.Boolean({ description: "false: what the profile waits for does not come back, and is not waited for" }),
    ),
    certificate: Type.Optional(FaultCertificate),
    policy: Type.Optional(
      Type.Record(Type.String(), Type.Unknown(), {
        description:
          "What the owner declares otherwise afterwards: laid over the policy; null takes away, NAME+ adds to a list",
      }),
    ),
    reboot: Type.Optional(Type.Boolean({ description: "The host is rebooted after it was broken" })),
    expect: Type.Optional(Expected),
    quiet: Type.Optional(Type.Boolean({ description: "No rule may move: the change only looks like a fault" })),
    beyond: Type.Optional(
      Type.String({
        minLength: 1,
        description: "Why the guide does not mind what others would call a fault: quiet, too",
      }),
    ),
    pending: Type.Optional(
      Type.Array(Type.String(), { minItems: 1, description: "Requirements that ask for it and have no rule yet" }),
    ),
    ci: Type.Optional(Type.Boolean({ description: "In the choice that is run without --all" })),
  },
  { ...strict, title: "Fault" },
);
export type Fault = Readonly<Static<typeof Fault>>;

/** What a fault or a way may name. */
export interface Known {
  readonly rules: ReadonlySet<string>;
  /** Ids of requirements, each with whether no rule decides it yet. */
  readonly requirements: ReadonlyMap<string, boolean>;
  readonly profiles: ReadonlySet<string>;
}

const lab = join(import.meta.dirname, "..");
const rulesFolder = join(lab, "..", "..", "rules");

/**
 * All faults, by file and in the files' order.
 * @throws InputError that names file, line and fault for whatever does not hold together.
 */
export async function loadFaults(folder = join(lab, "faults"), known = knownNames()): Promise<readonly Fault[]> {
  const faults = readLists(folder, Fault);
  for (const fault of faults) checkFault(fault, known);
  return faults.map(({ value }) => value);
}

/** The rules and requirements of the catalogue, and the profiles of hosts. */
export function knownNames(): Known {
  const { rules, requirements } = loadCatalogue(rulesFolder);
  return {
    rules: new Set(rules.map(({ rule }) => rule.id)),
    requirements: new Map(requirements.map(({ id, pending }) => [id, pending !== undefined])),
    profiles: new Set(profileNames()),
  };
}

/** Refuses names of rules and profiles that there are not. */
export function checkNames(
  { value, placeOf }: Listed<{ readonly id: string; readonly profile: string; readonly expect?: object }>,
  known: Known,
): void {
  const { id, profile, expect = {} } = value;
  if (!known.profiles.has(profile)) {
    const hint = hintFor(profile, known.profiles);
    throw new InputError(`${id}: there is no profile "${profile}"`, { place: placeOf(["profile"]), hint });
  }
  const stranger = Object.keys(expect).find((rule) => !known.rules.has(rule));
  if (stranger === undefined) return;
  const hint = hintFor(stranger, known.rules);
  throw new InputError(`${id}: there is no rule "${stranger}"`, { place: placeOf(["expect", stranger]), hint });
}

function checkFault(listed: Listed<Fault>, known: Known): void {
  checkNames(listed, known);
  const { value, placeOf } = listed;
  for (const [index, requirement] of (value.pending ?? []).entries()) {
    const pending = known.requirements.get(requirement);
    if (pending === true) continue;
    const why = pending === false ? "is decided by rules: name them in expect" : "is no requirement";
    throw new InputError(`${value.id}: ${requirement} ${why}`, { place: placeOf(["pending", index]) });
  }
  const problem = statementProblem(value);
  if (problem !== undefined) throw new InputError(`${value.id}: ${problem}`, { place: placeOf([]) });
}

/** No rule may move, and a run shows that none does. */
export function isQuiet({ quiet, beyond }: Fault): boolean {
  return quiet === true || beyond !== undefined;
}

/** A fault says what moves, or that nothing may, or for which requirements nobody can say yet. */
function statementProblem(fault: Fault): string | undefined {
  const { expect, pending = [] } = fault;
  const declared = Object.keys(expect ?? {}).length;
  if (isQuiet(fault) && declared > 0) return "quiet and beyond say that nothing moves, and expect that something does";
  if (isQuiet(fault) && expect === undefined) return "quiet and beyond go with expect: {}";
  if (isQuiet(fault) || declared > 0 || pending.length > 0) return undefined;
  return "says neither what to expect nor what is pending; a change that must raise no alarm has expect: {} and quiet: true";
}
