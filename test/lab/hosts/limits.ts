import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { withLock } from "./locks.ts";
import { prefix } from "./places.ts";

/** Every systemd takes some of these, and all hosts' root is the same user to the kernel: the usual 128 serve about ten hosts. */
const needed = 8192;

/** The kernel's setting, and the folder in which all labs of the machine note what they found and who still needs more. */
const inotifyLimit = {
  setting: "/proc/sys/fs/inotify/max_user_instances",
  folder: "/run/sekisho-limits",
} as const;

/** Raises the machine's limit on inotify instances while this lab has hosts; the value found is noted first. */
export async function raiseLimit(limit: { setting: string; folder: string } = inotifyLimit): Promise<void> {
  await underLock(limit.folder, async () => {
    await mkdir(join(limit.folder, "labs"), { recursive: true });
    await writeFile(join(limit.folder, "labs", prefix()), "");
    const found = (await note(limit.folder)) ?? (await readFile(limit.setting, "utf8")).trim();
    await writeFile(join(limit.folder, "found.new"), found);
    await rename(join(limit.folder, "found.new"), join(limit.folder, "found"));
    if (Number(found) < needed) await writeFile(limit.setting, String(needed));
  });
}

/** Puts the limit back when no other lab needs it. A value that somebody else has set meanwhile stays. */
export async function restoreLimit(limit: { setting: string; folder: string } = inotifyLimit): Promise<void> {
  if ((await readdir(limit.folder).catch(() => [])).length === 0) return;
  await underLock(limit.folder, async () => {
    await rm(join(limit.folder, "labs", prefix()), { force: true });
    const others = await readdir(join(limit.folder, "labs")).catch(() => []);
    if (others.length > 0) return;
    const found = await note(limit.folder);
    const now = (await readFile(limit.setting, "utf8")).trim();
    if (found !== undefined && Number(found) < needed && now === String(needed)) await writeFile(limit.setting, found);
    await rm(limit.folder, { recursive: true, force: true });
  });
}

async function underLock(folder: string, action: () => Promise<void>): Promise<void> {
  await withLock(join(folder, "lock"), { what: "the lab's note of the machine's limits" }, action);
}

/** The value that was found; a note that was cut short is none. */
async function note(folder: string): Promise<string | undefined> {
  const text = await readFile(join(folder, "found"), "utf8").catch(() => "");
  return /^\d+$/u.test(text) ? text : undefined;
}
