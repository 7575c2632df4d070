import { join } from "node:path";
import Type from "typebox";
import { readDocument } from "#catalog/read-document.ts";
import { namesIn, readText } from "#catalog/read-file.ts";
import { hintFor } from "#expression/suggest.ts";
import { InputError } from "#model/input-error.ts";
import { equipment } from "./places.ts";

const strict = { additionalProperties: false } as const;
const ids = Type.Array(Type.String({ pattern: "^[a-z0-9][a-z0-9-]*$" }), { uniqueItems: true });

/** The file profiles/NAME/profile.yaml. */
const ProfileFile = Type.Object(
  {
    title: Type.String({ minLength: 1 }),
    layers: Type.Optional(ids),
    extends: Type.Optional(Type.String({ minLength: 1 })),
    login: Type.Optional(Type.String({ pattern: "^[a-z_][a-z0-9_-]*$" })),
    nspawn: Type.Optional(Type.Array(Type.String({ pattern: "^--" }))),
    docker: Type.Optional(Type.Boolean()),
    ready: Type.Optional(Type.String({ minLength: 1 })),
    policy: Type.Optional(Type.String({ minLength: 1 })),
    states: Type.Optional(Type.Array(Type.String({ pattern: "^[A-Z]+-[0-9]+$" }), { uniqueItems: true })),
    expect: Type.Optional(
      Type.Object(
        {
          fail: Type.Optional(ids),
          unknown: Type.Optional(ids),
          notchecked: Type.Optional(ids),
          remark: Type.Optional(ids),
        },
        { ...strict, title: "Expect" },
      ),
    ),
  },
  { ...strict, title: "ProfileFile" },
);

/** A kind of host: what is installed and set up on it, and what an audit of it gives while nobody has broken it. */
export interface Profile {
  readonly name: string;
  readonly title: string;
  /** Folder of the profile: provision.sh, first-boot.sh and files/ lie in it where it has them. */
  readonly folder: string;
  /** Names of the layers it stands on, from the profile it extends first. */
  readonly layers: readonly string[];
  /** The profile whose layer its own lies on. */
  readonly parent: Profile | undefined;
  /** Whom the audit logs in as. */
  readonly login: string;
  /** Further options of systemd-nspawn. */
  readonly nspawn: readonly string[];
  /** It has a copy of its own of the Docker store at /var/lib/docker. */
  readonly docker: boolean;
  /** Script that succeeds on the host once everything on it answers. */
  readonly ready: string | undefined;
  /** Path of the template of the audit's sekisho.yaml. */
  readonly policy: string | undefined;
  /** Requirements on which its operator signs a statement before an audit is judged. */
  readonly states: readonly string[];
  /** Rules that do not pass, and are applicable, on an untouched host. */
  readonly expect: Readonly<Record<"fail" | "unknown" | "notchecked" | "remark", readonly string[]>>;
}

/**
 * Reads a profile and those it extends. What a profile leaves out it has from its parent; layers and nspawn options add up.
 * @throws InputError with file, line and column, or with the names there are.
 */
export function loadProfile(name: string, from = profilesFolder): Profile {
  return load(name, from, []);
}

/** Names of all profiles, sorted. */
export function profileNames(from = profilesFolder): readonly string[] {
  return namesIn(from, "directories");
}

const profilesFolder = join(equipment, "profiles");

function load(name: string, from: string, children: readonly string[]): Profile {
  const asker = children.at(-1);
  const place = asker === undefined ? undefined : { file: join(from, asker, "profile.yaml") };
  const known = profileNames(from);
  if (!known.includes(name)) {
    throw new InputError(`there is no profile "${name}"`, { place, hint: hintFor(name, known) });
  }
  if (children.includes(name)) {
    throw new InputError(`the profile extends itself: ${[...children, name].join(" → ")}`, { place });
  }
  const folder = join(from, name);
  const path = join(folder, "profile.yaml");
  const { value: file } = readDocument(readText(path), path, ProfileFile);
  const parent = file.extends === undefined ? undefined : load(file.extends, from, [...children, name]);
  return {
    name,
    folder,
    parent,
    title: file.title,
    layers: [...new Set([...(parent?.layers ?? []), ...(file.layers ?? [])])],
    login: file.login ?? parent?.login ?? "ops",
    nspawn: [...(parent?.nspawn ?? []), ...(file.nspawn ?? [])],
    docker: file.docker ?? parent?.docker ?? false,
    ready: file.ready ?? parent?.ready,
    policy: file.policy === undefined ? parent?.policy : join(folder, file.policy),
    states: file.states ?? parent?.states ?? [],
    expect: { ...(parent?.expect ?? { fail: [], unknown: [], notchecked: [], remark: [] }), ...file.expect },
  };
}
