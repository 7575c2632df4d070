import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type Lock, lock, withLock } from "./locks.ts";
import { hostPlaces, stateFolder } from "./places.ts";
import type { ProcessId } from "./processes.ts";
import type { Profile } from "./profile.ts";
import { LabError, labExit } from "./run.ts";

/** What is written down of a host, from before anything of it exists until all of it is gone. */
export interface Entry {
  readonly name: string;
  readonly index: number;
  readonly ipv4: string;
  readonly ipv6: string;
  readonly profile: string;
  /** Directories of its root, the top one first; its own is not among them. */
  readonly layers: readonly string[];
  /** Options of systemd-nspawn that not every host has. */
  readonly nspawn: readonly string[];
  /** "starting" also when the start was cut off; "up" once sshd has listened. */
  readonly stage: "starting" | "up";
  /** Its init, once there is one. */
  readonly init?: ProcessId;
  /** When it was started, ISO 8601. */
  readonly since: string;
}

/** Most hosts at once: the last part of an IPv4 address counts them. */
const mostHosts = 254;

/** Held, together with others, while hosts are changed; alone while the lab is cleaned away. */
export async function holdLab(kind: "shared" | "exclusive"): Promise<Lock> {
  return await lock(join(stateFolder(), "lab.lock"), { kind, timeoutMs: 120_000, what: "the lab" });
}

/** Does something that only one may do at a time: give out numbers, build the common network, start services. */
export async function alone<T>(action: () => Promise<T>): Promise<T> {
  return await withLock(join(stateFolder(), "changes.lock"), { what: "the lab's register" }, action);
}

/** Does something to a host that nobody else may work on meanwhile. */
export async function alonePerHost<T>(name: string, action: () => Promise<T>): Promise<T> {
  return await withLock(hostPlaces(name).lock, { what: `host ${name}`, timeoutMs: 120_000 }, action);
}

/** All entries that can be read, by number. */
export async function readEntries(): Promise<readonly Entry[]> {
  const names = await readdir(join(stateFolder(), "hosts")).catch(none);
  const entries = await Promise.all(
    names.filter((file) => file.endsWith(".json")).map((file) => readEntry(file.slice(0, -".json".length))),
  );
  return entries.filter((entry) => entry !== undefined).sort((a, b) => a.index - b.index);
}

/** A host's entry; undefined when there is none, or none that can be read. */
export async function readEntry(name: string): Promise<Entry | undefined> {
  const text = await readFile(hostPlaces(name).entry, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  const value = parse(text);
  return isEntry(value) && value.name === name ? value : undefined;
}

/** Writes an entry, whole or not at all. */
export async function writeEntry(entry: Entry): Promise<void> {
  const { entry: path } = hostPlaces(entry.name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.new`, `${JSON.stringify(entry, undefined, 2)}\n`);
  await rename(`${path}.new`, path);
}

/**
 * Gives a host the lowest free number and writes its first entry. To be called alone.
 * @throws LabError when all numbers are taken.
 */
export async function claim(name: string, profile: Profile, layers: readonly string[]): Promise<Entry> {
  const taken = new Set((await readEntries()).map((entry) => entry.index));
  let index = 1;
  while (taken.has(index)) index += 1;
  if (index > mostHosts) throw new LabError(`the lab has no room for more than ${mostHosts} hosts`);
  const ipv6 = `fd83::1:${index.toString(16)}`;
  const since = new Date().toISOString();
  const entry: Entry = {
    name,
    index,
    ipv4: `10.83.1.${index}`,
    ipv6,
    profile: profile.name,
    layers: [...layers],
    nspawn: [...profile.nspawn],
    stage: "starting",
    since,
  };
  await writeEntry(entry);
  return entry;
}

/** Forgets a host. Its lock stays: somebody may go on under it. */
export async function forget(name: string): Promise<void> {
  const { entry } = hostPlaces(name);
  for (const path of [entry, `${entry}.new`]) await rm(path, { force: true });
}

/**
 * A host's name, which is also part of its DNS names.
 * @throws LabError for what cannot be one.
 */
export function checkName(name: string): string {
  if (/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/u.test(name) && name.length <= 32) return name;
  throw new LabError(`"${name}" cannot be a host's name`, {
    hint: "use a-z, 0-9 and single hyphens, beginning with a letter, at most 32 characters, such as web-1",
    exitCode: labExit.usage,
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Somebody else's file, or one that was cut short: it tells nothing.
    return undefined;
  }
}

/** Written by ourselves and whole or not at all, so that what tells an entry from another file is enough. */
function isEntry(value: unknown): value is Entry {
  if (typeof value !== "object" || value === null) return false;
  const { name, index, profile, layers, nspawn, stage, init } = value as Partial<Entry>;
  const texts = [name, profile].every((each) => typeof each === "string");
  const lists = [layers, nspawn].every((each) => Array.isArray(each));
  const process = init === undefined || (Number.isInteger(init.pid) && Number.isInteger(init.start));
  return texts && lists && process && Number.isInteger(index) && (stage === "starting" || stage === "up");
}

function none(): readonly string[] {
  return [];
}
