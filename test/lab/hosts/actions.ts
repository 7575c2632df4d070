import { hintFor } from "#expression/suggest.ts";
import { loadFaults } from "../matrix/faults.ts";
import { down, exec, type LabHost, ready, reboot, up } from "./host.ts";
import { ensureLoginKey } from "./keys.ts";
import { preflight } from "./preflight.ts";
import { loadProfile } from "./profile.ts";
import { readEntries, readEntry } from "./registry.ts";
import { LabError, labExit, until } from "./run.ts";

/** Starts a host, and tells where it is and how to log in. */
export async function upAction(
  name: string,
  flags: { readonly profile: string; readonly ready?: boolean },
  signal: AbortSignal,
): Promise<void> {
  const begun = performance.now();
  const seconds = () => `after ${((performance.now() - begun) / 1000).toFixed(1)} s`;
  const host = await up(name, flags.profile, { signal });
  tell(`up ${seconds()}`, host);
  if (flags.ready === true) {
    await ready(host);
    say(`  everything on it answers ${seconds()}`);
  }
  const { privateKey } = await ensureLoginKey();
  const { login } = loadProfile(host.profile);
  say(`  npm run lab -- from office -- ssh -i ${privateKey} ${login}@${name}.lab.test`);
}

/** Takes hosts down. */
export async function downAction(names: readonly string[]): Promise<void> {
  await Promise.all(names.map((name) => down({ name })));
  say(`down: ${names.join(", ")}`);
}

/** Reboots a host. */
export async function rebootAction(name: string): Promise<void> {
  tell("rebooted", await reboot(await known(name)));
}

/** Breaks a host in one way, and waits until that has taken effect. */
export async function breakAction(name: string, id: string, signal: AbortSignal): Promise<void> {
  const host = await known(name);
  const faults = await loadFaults();
  const fault = faults.find((each) => each.id === id);
  if (fault === undefined) {
    const ids = faults.map((each) => each.id);
    throw new LabError(`there is no fault "${id}"`, { hint: hintFor(id, ids), exitCode: labExit.usage });
  }
  if (fault.profile !== host.profile) {
    process.stderr.write(`lab: ${id} is made for profile ${fault.profile}, and ${name} has ${host.profile}\n`);
  }
  const { code, stdout, stderr } = await exec(host, `set -e\n${fault.break}`);
  if (code !== 0) {
    throw new LabError(`host ${name}: breaking it by ${id} ended with ${code}`, { hint: `${stdout}${stderr}`.trim() });
  }
  if (fault.reboot === true) await reboot(host);
  const { settled } = fault;
  if (settled !== undefined) {
    const ask = async () => (await exec(host, settled)).code === 0;
    await until(`${id} to take effect on host ${name}`, ask, { everyMs: 250, timeoutMs: 120_000, signal });
  }
  say(`broken: ${fault.title}`);
}

/** @throws LabError when there is no host of that name, with the name that was probably meant. */
async function known(name: string): Promise<{ readonly name: string; readonly profile: string }> {
  preflight();
  const entry = await readEntry(name);
  if (entry !== undefined) return entry;
  const names = (await readEntries()).map((each) => each.name);
  const hint = names.length === 0 ? `npm run lab -- up ${name}` : hintFor(name, names);
  throw new LabError(`there is no host "${name}"`, { hint, exitCode: labExit.usage });
}

function tell(what: string, host: LabHost): void {
  say(`${host.name} ${what}: ${host.name}.lab.test, ${host.ipv4}, ${host.ipv6}, profile ${host.profile}`);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
