import { readFile } from "node:fs/promises";
import { type ProcessId, runs } from "./processes.ts";
import { readEntry } from "./registry.ts";
import { attempt, LabError, type Outcome, until } from "./run.ts";

/** What programs on a host find in their environment, and nothing else. */
const environment = [
  "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  "HOME=/root",
  "USER=root",
  "LANG=C.UTF-8",
];

/**
 * The command line that runs a command on the host whose init is given, as root with the rights that the host's own root
 * has: with those of the machine's root, "date --set" would set the whole machine's clock.
 * @param more further variables of its environment, NAME=VALUE.
 */
export async function inHost(
  init: ProcessId,
  command: readonly string[],
  more: readonly string[] = [],
): Promise<readonly string[]> {
  const confine = ["setpriv", `--bounding-set=${(await rightsBeyond(init)).map((bit) => `-cap_${bit}`).join(",")}`];
  const enter = ["nsenter", "--target", String(init.pid), "--all", "--", "/usr/bin/env", "-i"];
  return [...confine, ...enter, ...environment, ...more, ...command];
}

/** Numbers of the capabilities that we have and the host has not. */
async function rightsBeyond(init: ProcessId): Promise<readonly number[]> {
  const [ours, theirs] = await Promise.all([boundingSet("self"), boundingSet(init.pid)]);
  const beyond = ours & ~theirs;
  // A host that had all rights would be one that can set the clock.
  if (beyond === 0n) throw new LabError("a host has every right over the machine: refusing to run anything on it");
  return Array.from({ length: 64 }, (_, bit) => bit).filter((bit) => (beyond >> BigInt(bit)) & 1n);
}

async function boundingSet(pid: number | "self"): Promise<bigint> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  const set = /^CapBnd:\s+([0-9a-f]+)$/mu.exec(status)?.[1];
  if (set === undefined) throw new LabError(`process ${pid} does not tell its capabilities`);
  return BigInt(`0x${set}`);
}

/**
 * The init of a host that runs now. Looked up anew each time: after a reboot it is another.
 * @throws LabError when the host does not run.
 */
export async function initOf(name: string): Promise<ProcessId> {
  const entry = await readEntry(name);
  if (entry?.init !== undefined && (await runs(entry.init))) return entry.init;
  const hint = entry === undefined ? "npm run lab -- list" : `npm run lab -- up ${name}, or down ${name}`;
  throw new LabError(`host ${name} does not run`, { hint });
}

/** Runs a script with sh as root on a host, whatever comes of it. */
export async function sh(
  init: ProcessId,
  script: string,
  limit: { readonly timeoutMs: number; readonly signal?: AbortSignal | undefined; readonly env?: readonly string[] },
): Promise<Outcome> {
  // The one outside ends the wait. The one inside, a moment later, ends what a killed nsenter leaves behind.
  const seconds = String(Math.ceil(limit.timeoutMs / 1000) + 1);
  const command = ["timeout", "--signal=KILL", seconds, "/bin/sh", "-c", script];
  const signal = limit.signal === undefined ? {} : { signal: limit.signal };
  return await attempt(await inHost(init, command, limit.env), { timeoutMs: limit.timeoutMs, ...signal });
}

/** Waits until systemd has finished booting, well or badly. */
export async function booted(name: string, init: ProcessId, signal?: AbortSignal): Promise<void> {
  const states = ["running", "degraded", "maintenance"];
  const ask = async () => {
    const { stdout } = await sh(init, "systemctl is-system-running --wait", { timeoutMs: 60_000, signal });
    if (states.includes(stdout.trim())) return true;
    if (await runs(init)) return false;
    throw new LabError(`host ${name} ended while it booted`);
  };
  await until(`host ${name} to finish booting`, ask, signal === undefined ? {} : { signal });
}
