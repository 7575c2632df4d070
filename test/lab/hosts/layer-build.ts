import { chmod, copyFile, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { type Recipe, scriptsOf } from "./layer-recipe.ts";
import { apart, inRoom, type Room } from "./layer-room.ts";
import { cacheFolder, equipment } from "./places.ts";
import { projectNode } from "./project-node.ts";
import { attempt, LabError, run } from "./run.ts";

const minuteMs = 60_000;

/**
 * Makes a layer in its draft folder.
 * @param lowers roots of the layers below, top first.
 * @throws LabError with the end of what the failing program wrote.
 */
export async function build(recipe: Recipe, lowers: readonly string[], draft: string): Promise<void> {
  const root = join(draft, "root");
  if (recipe.suite !== undefined) await bootstrap(recipe, recipe.suite, root);
  if (recipe.node === true) await addNode(root);
  if (recipe.npm !== undefined) await addNpmPackage(recipe.npm, root);
  const room = await openRoom(draft, lowers);
  if (recipe.suite === undefined && recipe.packages.length > 0) await addPackages(recipe, room, draft);
  if (recipe.script !== null) {
    const binds = scriptsOf(recipe).map((name) => [`/run/lab/${name}`, join(recipe.folder, name)]);
    const command = ["sh", `/run/lab/${recipe.script}`];
    await inside(
      { ...room, binds: Object.fromEntries(binds) },
      command,
      `${recipe.script} of the layer ${recipe.name}`,
    );
  }
  await closeRoom(room);
}

/** Makes the folders of a room whose writes become the layer in the draft folder. */
export async function openRoom(draft: string, lowers: readonly string[]): Promise<Room> {
  const room = { upper: join(draft, "root"), work: join(draft, "work"), merged: join(draft, "merged") };
  for (const folder of [room.work, room.merged]) await mkdir(folder);
  return { ...room, lowers, timeoutMs: 15 * minuteMs };
}

/** Removes a room's folders that are no part of the layer. */
export async function closeRoom(room: Room): Promise<void> {
  for (const folder of [room.work, room.merged]) await rm(folder, { recursive: true });
}

async function inside(room: Room, command: readonly string[], what: string): Promise<void> {
  const { code, output } = await inRoom(room, command);
  if (code !== 0) throw new LabError(`${what} ended with ${code}`, { hint: lastLines(output) });
}

/** The end of what a program wrote, long enough to tell what went wrong. */
export function lastLines(output: string): string {
  return output.trim().split("\n").slice(-30).join("\n");
}

async function bootstrap(recipe: Recipe, suite: string, root: string): Promise<void> {
  const settings = (await aptSettings()).map((each) => `--aptopt=${each}`);
  const sources = await debianSources(suite);
  const included = `--include=${recipe.packages.join(",")}`;
  const options = ["--mode=root", "--variant=minbase", "--format=directory", included, ...settings];
  await run(apart(["mmdebstrap", "--quiet", ...options, suite, root, ...sources], { network: false }), {
    timeoutMs: 15 * minuteMs,
  });
}

/** Lines of sources.list for a release of Debian, from the mirrors that this machine itself uses. */
async function debianSources(suite: string): Promise<readonly string[]> {
  const fields = "$(REPO_URI) $(RELEASE) $(COMPONENT)";
  const wanted = [suite, `${suite}-updates`, `${suite}-security`];
  const listed = await run(["apt-get", "indextargets", "--format", fields, "Created-By: Packages"]);
  const found = listed.split("\n").filter((line) => wanted.includes(line.split(" ")[1] ?? ""));
  const lines = [...new Set(found.filter((line) => line.endsWith(" main")).map((line) => `deb ${line}`))];
  // A machine with another release of Debian, or another system, still reaches Debian's own mirror.
  return lines.some((line) => line.split(" ")[2] === suite)
    ? lines
    : [
        ...[suite, `${suite}-updates`].map((each) => `deb http://deb.debian.org/debian ${each} main`),
        `deb http://deb.debian.org/debian-security ${suite}-security main`,
      ];
}

/** How this machine's apt reaches its mirrors, as lines of apt.conf. */
async function aptSettings(): Promise<readonly string[]> {
  const dump = await run(["apt-config", "dump"]);
  return dump.split("\n").filter((line) => /^Acquire::(?:Check-|Retries |https?::)/u.test(line));
}

async function addPackages(recipe: Recipe, room: Room, draft: string): Promise<void> {
  const settings = join(draft, "apt.conf");
  await writeFile(settings, (await aptSettings()).map((line) => `${line}\n`).join(""));
  const binds = {
    "/run/lab/apt.conf": settings,
    "/run/lab/apt.sh": join(equipment, "hosts", "layer-apt.sh"),
  };
  const what = `installing the packages of the layer ${recipe.name}`;
  await inside({ ...room, binds, sharedNetwork: true }, ["sh", "/run/lab/apt.sh", ...recipe.packages], what);
  await rm(settings);
}

async function addNode(root: string): Promise<void> {
  const folder = join(root, "opt/node/bin");
  await mkdir(folder, { recursive: true });
  await copyFile(projectNode().binary, join(folder, "node"));
  await chmod(join(folder, "node"), 0o755);
}

/** Installs as npm does for everybody's use, which keeps all that a package needs in its own folder. */
async function addNpmPackage(spec: string, root: string): Promise<void> {
  const folder = join(root, "opt", spec.slice(0, spec.lastIndexOf("@")));
  const prefix = join(folder, "npm");
  const cache = join(cacheFolder(), "npm");
  await mkdir(prefix, { recursive: true });
  const path = [dirname(projectNode().binary), process.env["PATH"]].join(delimiter);
  const options = [
    "--global",
    "--prefix",
    prefix,
    "--cache",
    cache,
    "--no-audit",
    "--no-fund",
    "--loglevel",
    "error",
    "--ignore-scripts",
  ];
  const { code, stdout, stderr } = await attempt(["npm", "install", ...options, spec], {
    env: { ...process.env, PATH: path },
    timeoutMs: 15 * minuteMs,
  });
  if (code !== 0) throw new LabError(`npm install ${spec} ended with ${code}`, { hint: lastLines(stdout + stderr) });
  await rename(join(prefix, "lib/node_modules"), join(folder, "node_modules"));
  await rm(prefix, { recursive: true });
}
