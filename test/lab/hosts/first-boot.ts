import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { booted, sh } from "./inside.ts";
import type { ProcessId } from "./processes.ts";
import type { Profile } from "./profile.ts";
import type { Entry } from "./registry.ts";
import { LabError } from "./run.ts";

/**
 * Runs first-boot.sh of a profile and of those it extends, theirs first, once systemd has finished booting. The scripts
 * find the host's NAME, IPV4 and IPV6 in their environment and run by sh -eu.
 * @throws LabError when one fails, with what it wrote.
 */
export async function firstBoot(
  entry: Entry,
  init: ProcessId,
  options: { readonly profile: Profile; readonly signal?: AbortSignal | undefined },
): Promise<void> {
  const env = [`NAME=${entry.name}`, `IPV4=${entry.ipv4}`, `IPV6=${entry.ipv6}`];
  for (const { name, script } of await scriptsOf(options.profile)) {
    await booted(entry.name, init, options.signal);
    const limit = { timeoutMs: 120_000, signal: options.signal, env };
    const { code, stdout, stderr } = await sh(init, `set -eu\n${script}`, limit);
    if (code === 0) continue;
    const hint = `${stdout}${stderr}`.trim().split("\n").slice(-8).join("\n");
    throw new LabError(`host ${entry.name}: first-boot.sh of profile ${name} ended with ${code}`, { hint });
  }
}

async function scriptsOf(profile: Profile): Promise<readonly { readonly name: string; readonly script: string }[]> {
  const before = profile.parent === undefined ? [] : await scriptsOf(profile.parent);
  const script = await readFile(join(profile.folder, "first-boot.sh"), "utf8").catch(() => undefined);
  return script === undefined ? before : [...before, { name: profile.name, script }];
}
