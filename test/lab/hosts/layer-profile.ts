import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { copyFile, lstat, mkdir, readdir, readFile, readlink, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { sudoersRule } from "#collect/host/sudoers.ts";
import { ensureAuthority } from "./authority.ts";
import { ensureLoginKey } from "./keys.ts";
import { closeRoom, lastLines, openRoom } from "./layer-build.ts";
import { shortKey } from "./layer-recipe.ts";
import { inRoom } from "./layer-room.ts";
import { equipment } from "./places.ts";
import type { Profile } from "./profile.ts";
import { LabError } from "./run.ts";

/** Script that runs a profile's own. */
const runner = join(equipment, "hosts", "layer-provision.sh");

/** What is handed to a profile's provision.sh in /lab. */
interface Equipment {
  readonly "ca.crt": string;
  readonly "key.pub": string;
  /** What `sekisho sudoers` prints for the profile's login. */
  readonly sudoers: string;
}

/** The profile as a layer on those below. */
export async function profileId(
  profile: Profile,
  below: string,
): Promise<{ readonly name: string; readonly key: string }> {
  const hash = createHash("sha256")
    .update(below)
    .update(JSON.stringify(await equipmentFor(profile)));
  const script = join(profile.folder, "provision.sh");
  if (existsSync(script)) hash.update(await readFile(script));
  const files = join(profile.folder, "files");
  if (existsSync(files)) hash.update(JSON.stringify(await contentOf(files)));
  return { name: `profile-${profile.name}`, key: shortKey(hash) };
}

/**
 * Makes a profile's layer in its draft folder: its files, then what its provision.sh does, in a room without a network.
 * @throws LabError with the line of the failing command and the end of what it wrote.
 */
export async function provision(profile: Profile, lowers: readonly string[], draft: string): Promise<void> {
  const room = await openRoom(draft, lowers);
  const lab = join(room.upper, "lab");
  await mkdir(lab);
  for (const [name, text] of Object.entries(await equipmentFor(profile))) await writeFile(join(lab, name), text);
  // Whoever signs may do so while the layer is made; a host never holds the key.
  const { key } = await ensureAuthority();
  await copyFile(key, join(lab, "ca.key"));
  const parts = ["files", "provision.sh"].map((name) => [`/run/lab/${name}`, join(profile.folder, name)] as const);
  const binds = {
    "/run/lab/run.sh": runner,
    ...Object.fromEntries(parts.filter(([, from]) => existsSync(from))),
  };
  const { code, output } = await inRoom({ ...room, binds }, ["bash", "/run/lab/run.sh"]);
  if (code !== 0) {
    const hint = lastLines(output) || "it wrote nothing";
    throw new LabError(`provision.sh of the profile ${profile.name} ended with ${code}`, { hint });
  }
  await rm(join(lab, "ca.key"));
  await closeRoom(room);
}

async function equipmentFor(profile: Profile): Promise<Equipment> {
  const [authority, key] = await Promise.all([ensureAuthority(), ensureLoginKey()]);
  return {
    "ca.crt": await readFile(authority.certificate, "utf8"),
    "key.pub": await readFile(key.publicKey, "utf8"),
    sudoers: sudoersRule(profile.login),
  };
}

/** Paths of a folder in order, each with what a layer takes from it: whether it may be run, and its content. */
async function contentOf(folder: string): Promise<readonly (readonly string[])[]> {
  const names = (await readdir(folder, { recursive: true })).sort();
  return await Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      const status = await lstat(path);
      if (status.isSymbolicLink()) return [name, "link", await readlink(path)];
      if (status.isDirectory()) return [name, "folder"];
      const mode = (status.mode & 0o777).toString(8);
      return [
        name,
        mode,
        createHash("sha256")
          .update(await readFile(path))
          .digest("hex"),
      ];
    }),
  );
}
