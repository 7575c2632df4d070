import { access, mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { withLock } from "./locks.ts";
import { cacheFolder } from "./places.ts";

const minuteMs = 60_000;

/** Folder of all layers. */
export function layersFolder(): string {
  return join(cacheFolder(), "layers");
}

/**
 * Gives the root folder of a layer, and makes the layer first where the cache has none. Of several that want the same
 * one, one makes it and the others wait. What a killed maker leaves is never taken for a layer.
 * @param id name and key of the layer.
 * @param make fills the folder `root` of the draft folder it is given; what else it leaves there is kept beside it.
 */
export async function layerOf(
  id: { readonly name: string; readonly key: string },
  make: (draft: string) => Promise<void>,
): Promise<string> {
  const title = `${id.name}-${id.key}`;
  const folder = join(layersFolder(), title);
  const root = join(folder, "root");
  if (await use(folder)) return root;
  return await withLock(lockOf(title), { timeoutMs: 30 * minuteMs, what: `the layer ${title}` }, async () => {
    if (await use(folder)) return root;
    const draft = `${folder}.draft`;
    for (const left of [draft, folder]) await rm(left, { recursive: true, force: true });
    await mkdir(join(draft, "root"), { recursive: true, mode: 0o755 });
    process.stderr.write(`Making the layer ${title}, which is kept in ${layersFolder()}\n`);
    const start = performance.now();
    try {
      await make(draft);
    } catch (error) {
      await rm(draft, { recursive: true, force: true });
      throw error;
    }
    await rename(draft, folder);
    const seconds = Math.round((performance.now() - start) / 100) / 10;
    await writeFile(join(folder, "done"), `${JSON.stringify({ made: new Date().toISOString(), seconds })}\n`);
    await prune(id.name);
    return root;
  });
}

function lockOf(title: string): string {
  return join(layersFolder(), "locks", title);
}

/** Whether the layer is there; if so, notes that it was used. */
async function use(folder: string): Promise<boolean> {
  const done = join(folder, "done");
  const there = await access(done).then(
    () => true,
    () => false,
  );
  if (there) await utimes(done, new Date(), new Date());
  return there;
}

/** Old versions of a layer that are kept, for whoever goes back to an older recipe. */
const keptVersions = 2;

/** Removes old versions of a layer that nobody has used for an hour and no process has mounted. */
async function prune(name: string): Promise<void> {
  const pattern = new RegExp(`^${name}-[0-9a-f]{16}$`, "u");
  const titles = (await readdir(layersFolder())).filter((each) => pattern.test(each));
  const used = await Promise.all(
    titles.map(async (title) => {
      const status = await stat(join(layersFolder(), title, "done")).catch(() => undefined);
      return { title, atMs: status?.mtimeMs };
    }),
  );
  // One without a date is being made by another process right now, or is swept up by its next maker.
  const dated = used.flatMap(({ title, atMs }) => (atMs === undefined ? [] : [{ title, atMs }]));
  const old = dated
    .sort((a, b) => b.atMs - a.atMs)
    .slice(keptVersions)
    .filter((each) => each.atMs < Date.now() - 60 * minuteMs);
  if (old.length === 0) return;
  const mounts = await allMounts();
  for (const { title } of old) {
    const folder = join(layersFolder(), title);
    if (mounts.includes(`${folder}/`)) continue;
    for (const each of [folder, lockOf(title)]) await rm(each, { recursive: true, force: true });
  }
}

/** The mounts of every process: a host's root is mounted in a namespace of its own. */
async function allMounts(): Promise<string> {
  const processes = (await readdir("/proc")).filter((each) => /^[0-9]+$/u.test(each));
  // A process may end while it is asked.
  const tables = await Promise.all(processes.map((pid) => readFile(`/proc/${pid}/mountinfo`, "utf8").catch(() => "")));
  return [...new Set(tables)].join("\n");
}
