import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { LabError, labExit } from "./run.ts";

/** Folder of this project's test equipment, test/lab. */
export const equipment = dirname(dirname(fileURLToPath(import.meta.url)));

/** Where things that survive the lab are kept: layers, the Docker store, keys. */
export function cacheFolder(): string {
  return resolve(process.env["SEKISHO_LAB_CACHE"] ?? "/var/cache/sekisho-lab");
}

/** Where everything of one lab is written down while it runs. */
export function stateFolder(): string {
  return resolve(process.env["SEKISHO_LAB"] ?? "/run/sekisho-lab");
}

/**
 * What this lab's namespaces, cgroups and folders begin with: the state folder's name without "sekisho-".
 * No hyphen may be in it, or one lab's names could be read as another's.
 * @throws LabError for a state folder whose name gives none.
 */
export function prefix(): string {
  const name = basename(stateFolder());
  const found = /^sekisho-([a-z][a-z0-9]{0,15})$/u.exec(name)?.[1];
  if (found !== undefined) return found;
  throw new LabError(`SEKISHO_LAB=${stateFolder()}: the folder must be called sekisho-NAME, NAME of a-z and 0-9`, {
    hint: "for example SEKISHO_LAB=/run/sekisho-lab2; unset it for the usual lab",
    exitCode: labExit.usage,
  });
}

/** Folder on a real disk for what hosts write: an overlay's upper layer cannot lie on another overlay, and tmpfs would eat memory. */
export function disksFolder(): string {
  return join("/var/tmp", `sekisho-${prefix()}`);
}

/** Paths of one host. */
export function hostPlaces(name: string) {
  const state = join(stateFolder(), "hosts", name);
  const disk = join(disksFolder(), name);
  return {
    /** The host's entry in the register. */
    entry: `${state}.json`,
    /** Held by whoever starts, stops or changes the host. */
    lock: `${state}.lock`,
    state,
    /** Where its root is mounted, seen only from its own mount namespace. */
    root: join(state, "root"),
    /** What its console printed. */
    console: join(state, "console.log"),
    /** Files that are its own, copied onto its root before it first boots. */
    seed: join(state, "seed"),
    disk,
    upper: join(disk, "upper"),
    work: join(disk, "work"),
  } as const;
}

/** Name of the network namespace of a place or, with `host`, of a host. */
export function namespaceOf(place: "office" | "internet" | "router" | { readonly host: string }): string {
  return typeof place === "string" ? `${prefix()}-${place}` : `${prefix()}-h-${place.host}`;
}
