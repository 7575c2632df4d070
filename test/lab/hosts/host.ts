import { rm } from "node:fs/promises";
import { boot, listening } from "./boot.ts";
import { removeGroup } from "./cgroups.ts";
import { dockerStore } from "./docker-store.ts";
import { firstBoot } from "./first-boot.ts";
import { initOf, sh } from "./inside.ts";

import { profileLayers } from "./layers.ts";
import { raiseLimit } from "./limits.ts";
import { ensureNetwork, plug, unplug } from "./network.ts";
import { hostPlaces } from "./places.ts";
import { preflight } from "./preflight.ts";
import { type ProcessId, runs, send } from "./processes.ts";
import { loadProfile, type Profile } from "./profile.ts";
import { alone, alonePerHost, checkName, claim, type Entry, holdLab, readEntry, writeEntry } from "./registry.ts";
import { clearHost, relax } from "./remains.ts";
import { LabError, type Outcome, until } from "./run.ts";
import { prepareSeed } from "./seed.ts";
import { ensureServices } from "./services.ts";

/** A host of the lab that runs. */
export interface LabHost {
  readonly name: string;
  /** Its number, from 1: the last part of its addresses. */
  readonly index: number;
  readonly ipv4: string;
  readonly ipv6: string;
  readonly profile: string;
  /** Number of its init's process, as seen from the machine. */
  readonly leader: number;
}

export interface UpOptions {
  /** When aborted, what was made so far is taken down again. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Starts a host, and the lab's network and services where they do not stand. Returns once its sshd listens.
 * What an earlier start of the same name left behind is cleared away first.
 * @throws LabError when it is up already or does not come up; then nothing of it is left.
 */
export async function up(name: string, profile: string, options: UpOptions = {}): Promise<LabHost> {
  preflight();
  checkName(name);
  const kind = loadProfile(profile);
  const layers = await profileLayers(kind);
  return await workOn(name, async () => {
    options.signal?.throwIfAborted();
    const old = await readEntry(name);
    if (old?.stage === "up" && old.init !== undefined && (await runs(old.init))) {
      const hint = `npm run lab -- exec ${name} COMMAND, or first: npm run lab -- down ${name}`;
      throw new LabError(`host ${name} is up already, with profile ${old.profile}, since ${old.since}`, { hint });
    }
    await clearHost(name);
    const entry = await alone(async () => {
      await ensureNetwork();
      await raiseLimit();
      return await claim(name, kind, layers);
    });
    try {
      return await start(entry, kind, options.signal);
    } catch (error) {
      await undo(name, error);
      throw error;
    }
  });
}

/**
 * Runs a script with sh as root on a host.
 * @throws LabError when the host does not run or the script takes longer than its limit (default 2 minutes).
 */
export async function exec(
  host: { readonly name: string },
  script: string,
  limit: { readonly timeoutMs?: number } = {},
): Promise<Outcome> {
  return await sh(await initOf(host.name), script, { timeoutMs: limit.timeoutMs ?? 120_000 });
}

/** Takes a host down, with all it wrote. Does nothing when there is none of that name. */
export async function down(host: { readonly name: string }): Promise<void> {
  preflight();
  await workOn(checkName(host.name), async () => {
    await clearHost(host.name);
    await relax();
    // Last of all: from here on the next one may begin.
    await rm(hostPlaces(host.name).lock, { force: true });
  });
}

/** Shuts a host down in order, boots it again with a fresh network, and returns once its sshd listens. */
export async function reboot(host: { readonly name: string }): Promise<LabHost> {
  return await workOn(checkName(host.name), async () => {
    const init = await initOf(host.name);
    const entry = await readEntry(host.name);
    if (entry === undefined) throw new LabError(`host ${host.name} does not run`);
    const { init: _, ...before } = entry;
    await writeEntry({ ...before, stage: "starting" });
    // systemd takes SIGRTMIN+4 for the order to power off.
    send(init.pid, 38);
    const off = async () => !(await runs(init));
    await until(`host ${host.name} to power off`, off, { timeoutMs: 90_000 });
    await removeGroup({ host: host.name });
    await unplug(host.name);
    await plug(entry);
    const next = await boot(entry, { seeded: false });
    return await arrive(entry, next);
  });
}

/**
 * Waits until the profile's `ready` script succeeds on a host; a profile without one is ready at once.
 * @throws LabError after 3 minutes, with what the script wrote last.
 */
export async function ready(host: { readonly name: string; readonly profile: string }): Promise<void> {
  const script = loadProfile(host.profile).ready;
  if (script === undefined) return;
  let last: Outcome | undefined;
  const ask = async () => {
    last = await exec(host, script, { timeoutMs: 60_000 });
    return last.code === 0;
  };
  await until(`host ${host.name} to be ready`, ask, { timeoutMs: 180_000, everyMs: 250 }).catch((error: unknown) => {
    const wrote = `${last?.stdout ?? ""}${last?.stderr ?? ""}`.trim().split("\n").slice(-8).join("\n");
    const hint = `the profile's ready script ended with ${last?.code}: ${wrote}`;
    throw new LabError(`host ${host.name} (${host.profile}) did not get ready`, { hint, cause: error });
  });
}

/** While somebody works on a host, nobody else does, and nobody cleans the lab away. */
async function workOn<T>(name: string, action: () => Promise<T>): Promise<T> {
  const lab = await holdLab("shared");
  try {
    return await alonePerHost(name, action);
  } finally {
    await lab.release();
  }
}

async function start(claimed: Entry, profile: Profile, signal: AbortSignal | undefined): Promise<LabHost> {
  const bootSeeded = async () => {
    const [docker] = await together([
      profile.docker ? dockerOptions(claimed.name) : [],
      prepareSeed(claimed),
      plug(claimed),
    ]);
    signal?.throwIfAborted();
    const entry = { ...claimed, nspawn: [...claimed.nspawn, ...docker] };
    const init = await boot(entry, { seeded: true, signal });
    await writeEntry({ ...entry, init });
    return { entry, init };
  };
  const [{ entry, init }] = await together([bootSeeded(), alone(ensureServices)]);
  await firstBoot(entry, init, { profile, signal });
  return await arrive(entry, init, signal);
}

/** Takes away what a start that failed has made. @throws LabError that tells both when this fails too. */
async function undo(name: string, why: unknown): Promise<void> {
  try {
    await clearHost(name);
    await relax();
  } catch (error) {
    const [first, second] = [why, error].map((each) => (each instanceof Error ? each.message : String(each)));
    const message = `${first}; and then host ${name} could not be cleared away: ${second}`;
    throw new LabError(message, { hint: "npm run lab -- clean", cause: why });
  }
}

/** What a Docker daemon on a host needs: a store that is no overlay, and system calls that containers are else denied. */
async function dockerOptions(name: string): Promise<readonly string[]> {
  const store = await dockerStore(name);
  return [`--bind=${store}:/var/lib/docker`, "--system-call-filter=@keyring", "--system-call-filter=bpf"];
}

async function arrive(entry: Entry, init: ProcessId, signal?: AbortSignal): Promise<LabHost> {
  await listening(entry, init, signal);
  await writeEntry({ ...entry, stage: "up", init });
  const { name, index, ipv4, ipv6, profile } = entry;
  return { name, index, ipv4, ipv6, profile, leader: init.pid };
}

/** Waits for all, also when one fails: what is cleared away afterwards must not be made any more. */
async function together<T extends readonly unknown[]>(
  all: readonly [...T],
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  await Promise.allSettled(all);
  return await Promise.all(all);
}
