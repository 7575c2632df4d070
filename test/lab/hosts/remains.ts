import { access, rm, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { removeGroup } from "./cgroups.ts";
import { restoreLimit } from "./limits.ts";
import { unplug } from "./network.ts";
import { hostPlaces, prefix } from "./places.ts";
import { alone, forget, readEntries } from "./registry.ts";
import { attempt, run } from "./run.ts";

/** Takes away all there is of a host, be it whole, half made or half gone already. Its entry goes last. */
export async function clearHost(name: string): Promise<void> {
  await removeGroup({ host: name });
  await unplug(name);
  for (const folder of ["propagate", "unix-export"]) {
    // systemd-nspawn makes these for each of its machines and leaves them.
    await rmdir(join("/run/systemd/nspawn", folder, `${prefix()}-${name}`)).catch(() => undefined);
  }
  const { disk, state } = hostPlaces(name);
  await removeFolder(disk);
  await rm(state, { recursive: true, force: true });
  await forget(name);
}

/** Puts the machine's limits back if no host is left. */
export async function relax(): Promise<void> {
  await alone(async () => {
    if ((await readEntries()).length === 0) await restoreLimit();
  });
}

/** Removes what a host wrote, also files that it made immutable, and never anything that is mounted there. */
export async function removeFolder(folder: string): Promise<void> {
  const there = await access(folder).then(
    () => true,
    () => false,
  );
  if (!there) return;
  const remove = ["rm", "--recursive", "--force", "--one-file-system", "--", folder];
  // Detached: a Ctrl-C at the terminal must not stop what clears away.
  if ((await attempt(remove, { detached: true })).code === 0) return;
  await attempt(["chattr", "-R", "-f", "-i", "-a", folder], { detached: true });
  await run(remove, { detached: true });
}
