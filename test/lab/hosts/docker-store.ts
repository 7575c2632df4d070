import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { build, closeRoom, lastLines, openRoom } from "./layer-build.ts";
import { loadRecipe, shortKey, stack } from "./layer-recipe.ts";
import { inRoom } from "./layer-room.ts";
import { layerOf } from "./layer-store.ts";
import { layers } from "./layers.ts";
import { hostPlaces } from "./places.ts";
import { attempt, LabError, run } from "./run.ts";

/**
 * Gives a host its own copy of a Docker store that holds OpenClaw's image, as ghcr.io/openclaw/openclaw:VERSION and
 * openclaw:local. To be bound to its /var/lib/docker. The files of the image are shared with the cache and all other
 * hosts: Docker never writes to them, and nobody else may.
 * @returns the copy's folder, which lies among the host's other files.
 */
export async function dockerStore(name: string): Promise<string> {
  const original = await filledStore();
  const copy = placeOf(name);
  await removeDockerStore(name);
  const draft = `${copy}.draft`;
  await mkdir(join(draft, layersOfImages), { recursive: true, mode: 0o710 });
  for (const entry of await readdir(original)) {
    if (entry !== layersOfImages) await copyTo(draft, join(original, entry));
  }
  for (const entry of await readdir(join(original, layersOfImages))) {
    await copyLayer(join(original, layersOfImages, entry), join(draft, layersOfImages));
  }
  await rename(draft, copy);
  return copy;
}

/** Removes a host's copy of the Docker store, whole or half made; does nothing where there is none. */
export async function removeDockerStore(name: string): Promise<void> {
  for (const folder of [placeOf(name), `${placeOf(name)}.draft`]) await rm(folder, { recursive: true, force: true });
}

const layersOfImages = "overlay2";

function placeOf(name: string): string {
  return join(hostPlaces(name).disk, "docker");
}

/** A layer's files are linked, which takes a tenth of the time and no room; what Docker notes beside them is copied. */
async function copyLayer(layer: string, into: string): Promise<void> {
  const entries = await readdir(layer);
  if (!entries.includes("diff")) return await copyTo(into, layer);
  const folder = join(into, layer.slice(layer.lastIndexOf("/") + 1));
  await mkdir(folder, { mode: 0o710 });
  for (const entry of entries) {
    const linked = entry === "diff" && (await attempt(["cp", "-al", join(layer, entry), folder])).code === 0;
    if (linked) continue;
    // On another disk than the cache there are no links to it.
    await rm(join(folder, entry), { recursive: true, force: true });
    await copyTo(folder, join(layer, entry));
  }
}

async function copyTo(folder: string, from: string): Promise<void> {
  await run(["cp", "-a", from, folder]);
}

/** Folder of the store that is copied: made once, by a daemon that ran for nothing else. */
async function filledStore(): Promise<string> {
  const recipe = loadRecipe("image");
  const script = join(recipe.folder, "docker-store.sh");
  const hash = createHash("sha256").update(await readFile(script));
  for (const name of ["image", "docker"]) hash.update(stack([name]).at(-1)?.key ?? "");
  const version = recipe.npm?.split("@")[1] ?? "";
  return await layerOf({ name: "docker-store", key: shortKey(hash) }, async (draft) => {
    const [engine, imported] = [join(draft, "engine"), join(draft, "image")];
    for (const folder of [engine, imported]) await mkdir(join(folder, "root"), { recursive: true });
    await build(recipe, [], imported);
    const room = await openRoom(engine, await layers("docker"));
    const binds = {
      "/run/lab/docker-store.sh": script,
      "/run/lab/image": join(imported, "root"),
      "/var/lib/docker": join(draft, "root"),
    };
    const { code, output } = await inRoom({ ...room, binds }, ["sh", "/run/lab/docker-store.sh", version]);
    if (code !== 0) throw new LabError(`docker-store.sh ended with ${code}`, { hint: lastLines(output) });
    await closeRoom(room);
    for (const folder of [engine, imported]) await rm(folder, { recursive: true });
  });
}
