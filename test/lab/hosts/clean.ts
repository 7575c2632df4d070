import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { groupedHosts, removeGroup } from "./cgroups.ts";
import { restoreLimit } from "./limits.ts";
import { pluggedHosts, removeNetwork } from "./network.ts";
import { disksFolder, stateFolder } from "./places.ts";
import { preflight } from "./preflight.ts";
import { holdLab } from "./registry.ts";
import { clearHost, removeFolder } from "./remains.ts";
import { run } from "./run.ts";

/**
 * Takes the whole lab away: hosts, network, services, and what the machine was told for their sake. Finds them by what
 * exists, not only by what is written down, so that a lab whose state is damaged or lost goes too. The cache stays.
 * @returns names of the hosts there were.
 * @throws LabError when somebody works on a host, or something cannot be removed.
 */
export async function clean(): Promise<readonly string[]> {
  preflight();
  const held = await holdLab("exclusive");
  try {
    const names = await everyHost();
    await Promise.all(names.map((name) => clearHost(name)));
    await removeGroup("lab");
    await removeNetwork();
    await unmountAll();
    await removeFolder(disksFolder());
    await restoreLimit();
    await rm(stateFolder(), { recursive: true, force: true });
    return names;
  } finally {
    await held.release();
  }
}

/** Hosts of which there is any trace: an entry, a folder, a disk, a namespace, a control group. */
async function everyHost(): Promise<readonly string[]> {
  const files = (await list(join(stateFolder(), "hosts"))).filter((name) => !name.endsWith(".lock"));
  const noted = files.map((name) => name.replace(/\.json(?:\.new)?$/u, ""));
  const traces = [noted, await list(disksFolder()), await pluggedHosts(), await groupedHosts()];
  return [...new Set(traces.flat())].filter((name) => /^[a-z0-9-]+$/u.test(name)).sort();
}

/** Hosts mount in namespaces of their own; what is mounted here in the lab's folders was mounted by hand, and would be removed with them. */
async function unmountAll(): Promise<void> {
  const folders = [`${stateFolder()}/`, `${disksFolder()}/`];
  const points = (await readFile("/proc/self/mounts", "utf8")).split("\n").map((line) => line.split(" ")[1] ?? "");
  for (const point of points.reverse()) {
    if (folders.some((folder) => point.startsWith(folder)))
      await run(["umount", "--lazy", "--", point], { detached: true });
  }
}

async function list(folder: string): Promise<readonly string[]> {
  return await readdir(folder).catch(() => []);
}
