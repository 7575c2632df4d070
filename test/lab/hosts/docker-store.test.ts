import { existsSync, type Stats, statSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { dockerStore, removeDockerStore } from "./docker-store.ts";
import { disksFolder } from "./places.ts";
import { run } from "./run.ts";

process.env["SEKISHO_LAB"] = "/run/sekisho-labstore";
const host = "one";
afterEach(async () => {
  await removeDockerStore(host);
  await run(["rm", "-r", disksFolder()]);
});

/** Statuses of all plain files of a store, by path. */
async function filesOf(store: string): Promise<ReadonlyMap<string, Stats>> {
  const entries = await readdir(store, { recursive: true, withFileTypes: true });
  const paths = entries.filter((each) => each.isFile()).map((each) => join(each.parentPath, each.name));
  return new Map(paths.map((path) => [path.slice(store.length), statSync(path)]));
}

// The first time on a machine the image is built: two installations and an import.
test("a host's store shares the image's files with every other and nothing that Docker writes to", async () => {
  const store = await dockerStore(host);
  const [files, again] = [await filesOf(store), await filesOf(await dockerStore(host))];
  expect([...again.keys()].sort()).toEqual([...files.keys()].sort());
  const image = [...files].filter(([path]) => /^\/overlay2\/[0-9a-f]{64}\/diff\//u.test(path));
  expect(image.some(([path]) => path.endsWith("/diff/app/openclaw.mjs"))).toBe(true);
  expect(image.filter(([, status]) => status.nlink < 2)).toEqual([]);
  const others = [...files].filter(([path]) => !path.startsWith("/overlay2/"));
  expect(others.some(([path]) => path === "/image/overlay2/repositories.json")).toBe(true);
  expect(others.filter(([, status]) => status.nlink > 1)).toEqual([]);
  await removeDockerStore(host);
  expect(existsSync(store)).toBe(false);
}, 1_800_000);
