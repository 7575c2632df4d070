import { mkdir, readdir, readFile, rmdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { prefix } from "./places.ts";
import { killAll } from "./processes.ts";
import { LabError, until } from "./run.ts";

/** A control group of the lab: a host's, a service's, or all of them. */
export type Group = { readonly host: string } | { readonly service: string } | "lab";

/**
 * Makes a group in every hierarchy and gives its folders: on cgroup v1 one for each controller, on v2 one.
 * A process must join all of them before it becomes systemd-nspawn, or hosts would share one tree.
 */
export async function makeGroup(group: Group): Promise<readonly string[]> {
  const folders: string[] = [];
  for (const hierarchy of await hierarchies()) {
    let folder = hierarchy;
    for (const part of parts(group)) {
      const parent = folder;
      if (parent !== hierarchy) await shareControllers(parent);
      folder = join(parent, part);
      await mkdir(folder, { recursive: true });
      await inheritCpus(parent, folder);
    }
    folders.push(folder);
  }
  if (folders.length > 0) return folders;
  throw new LabError("no cgroups are mounted under /sys/fs/cgroup", {
    hint: "mount -t cgroup2 none /sys/fs/cgroup",
  });
}

/** Processes of a group and of all groups below it. */
export async function processesOf(group: Group): Promise<readonly number[]> {
  const found = new Set<number>();
  for (const folder of await foldersOf(group)) {
    for (const each of await tree(folder)) {
      const text = await readFile(join(each, "cgroup.procs"), "utf8").catch(unlessGone);
      // 0 stands for a process of a pid namespace that is not ours to see.
      for (const line of text?.split("\n") ?? []) if (Number(line) > 0) found.add(Number(line));
    }
  }
  return [...found];
}

/** Kills what is in a group and removes it. */
export async function removeGroup(group: Group): Promise<void> {
  const what = group === "lab" ? "the lab" : Object.values(group).join();
  for (const folder of await foldersOf(group)) {
    const gone = async () => {
      // Anew each time: a start that is just being cut off may still have put a process into it.
      await killAll(what, () => processesOf(group));
      return await removeTree(folder);
    };
    // The kernel frees a group a moment after the last process of it is gone.
    await until(`removal of ${folder}`, gone, { timeoutMs: 30_000 });
  }
}

/** Names of the hosts that have groups. */
export async function groupedHosts(): Promise<readonly string[]> {
  const names = new Set<string>();
  for (const hierarchy of await hierarchies()) {
    for (const name of await below(join(hierarchy, root(), "hosts"))) names.add(name);
  }
  return [...names];
}

function root(): string {
  return `sekisho-${prefix()}`;
}

function parts(group: Group): readonly string[] {
  if (group === "lab") return [root()];
  return "host" in group ? [root(), "hosts", group.host] : [root(), "services", group.service];
}

/** Mount points of the machine's hierarchies: several on v1 and on the hybrid of both, one on v2. */
async function hierarchies(): Promise<readonly string[]> {
  const mounts = (await readFile("/proc/self/mounts", "utf8")).split("\n").map((line) => line.split(" "));
  const points = mounts.flatMap(([, point, type]) =>
    (type === "cgroup" || type === "cgroup2") && point?.startsWith("/sys/fs/cgroup") === true ? [point] : [],
  );
  return [...new Set(points)];
}

/** On v2 a group has only those controllers that its parent gives to its children. */
async function shareControllers(folder: string): Promise<void> {
  const controllers = await readFile(join(folder, "cgroup.controllers"), "utf8").catch(unlessGone);
  for (const name of controllers?.trim().split(" ").filter(Boolean) ?? []) {
    // Some controllers cannot be shared where real-time processes or processes of the folder itself stand in the way.
    await writeFile(join(folder, "cgroup.subtree_control"), `+${name}`).catch(() => undefined);
  }
}

/** On v1 a new group has no processor and no memory node, and takes no process before it has. */
async function inheritCpus(parent: string, folder: string): Promise<void> {
  for (const file of ["cpuset.cpus", "cpuset.mems"]) {
    const own = await readFile(join(folder, file), "utf8").catch(unlessGone);
    if (own?.trim() !== "") continue;
    const given = await readFile(join(parent, file), "utf8").catch(unlessGone);
    if (given !== undefined && given.trim() !== "") await writeFile(join(folder, file), given);
  }
}

async function foldersOf(group: Group): Promise<readonly string[]> {
  return (await hierarchies()).map((hierarchy) => join(hierarchy, ...parts(group)));
}

/** A folder and all below it, the deepest first; empty when it is not there. */
async function tree(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder, { withFileTypes: true }).catch(unlessGone);
  if (names === undefined) return [];
  const found: string[] = [];
  for (const name of names) if (name.isDirectory()) found.push(...(await tree(join(folder, name.name))));
  return [...found, folder];
}

async function below(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder, { withFileTypes: true }).catch(unlessGone);
  return names?.filter((name) => name.isDirectory()).map((name) => name.name) ?? [];
}

async function removeTree(folder: string): Promise<boolean> {
  for (const each of await tree(folder)) {
    const code = await rmdir(each).then(
      () => undefined,
      (error: NodeJS.ErrnoException) => error.code,
    );
    if (code === "EBUSY") return false;
    if (code !== undefined && code !== "ENOENT") throw new LabError(`cannot remove the cgroup ${each}: ${code}`);
  }
  return true;
}

function unlessGone(error: unknown): undefined {
  if (error instanceof Error && "code" in error && ["ENOENT", "ENODEV"].includes(String(error.code))) return undefined;
  throw error;
}
