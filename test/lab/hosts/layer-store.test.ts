import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { layerOf, layersFolder } from "./layer-store.ts";

const usual = process.env["SEKISHO_LAB_CACHE"];
let cache: string;
beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), "lab-cache-"));
  process.env["SEKISHO_LAB_CACHE"] = cache;
});
afterEach(() => {
  if (usual === undefined) delete process.env["SEKISHO_LAB_CACHE"];
  else process.env["SEKISHO_LAB_CACHE"] = usual;
  rmSync(cache, { recursive: true, force: true });
});

const key = (letter: string) => letter.repeat(16);
const there = () =>
  readdirSync(layersFolder())
    .filter((each) => each !== "locks")
    .sort();
/** Makes a layer of one file. */
const fill = async (draft: string) => writeFileSync(join(draft, "root", "file"), "whole");

test("of several who want a layer one makes it", async () => {
  let made = 0;
  const make = async (draft: string) => {
    made += 1;
    await fill(draft);
  };
  const roots = await Promise.all([1, 2, 3].map(() => layerOf({ name: "base", key: key("a") }, make)));
  expect(made).toBe(1);
  expect(new Set(roots)).toEqual(new Set([join(layersFolder(), `base-${key("a")}`, "root")]));
  expect(there()).toEqual([`base-${key("a")}`]);
});

test("what could not be made is not there", async () => {
  const fail = async (draft: string) => {
    await fill(draft);
    throw new Error("no such package");
  };
  await expect(layerOf({ name: "base", key: key("a") }, fail)).rejects.toThrow("no such package");
  expect(there()).toEqual([]);
});

test("what a killed maker left is not taken for a layer", async () => {
  const script = `
    const { layerOf } = await import(${JSON.stringify(join(import.meta.dirname, "layer-store.ts"))});
    const { writeFileSync } = await import("node:fs");
    await layerOf({ name: "base", key: ${JSON.stringify(key("a"))} }, async (draft) => {
      writeFileSync(draft + "/root/half", "");
      console.log("half way");
      await new Promise((resolve) => setTimeout(resolve, 3_600_000));
    });`;
  const maker = spawn(process.execPath, ["--input-type=module", "--eval", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(maker.stdout, "data");
  maker.kill("SIGKILL");
  await once(maker, "close");
  expect(existsSync(join(layersFolder(), `base-${key("a")}.draft`, "root", "half"))).toBe(true);
  const root = await layerOf({ name: "base", key: key("a") }, fill);
  expect(readdirSync(root)).toEqual(["file"]);
  expect(there()).toEqual([`base-${key("a")}`]);
});

test("a layer whose last word was not written is made anew", async () => {
  const root = await layerOf({ name: "base", key: key("a") }, fill);
  rmSync(join(root, "..", "done"));
  writeFileSync(join(root, "half"), "");
  await layerOf({ name: "base", key: key("a") }, fill);
  expect(readdirSync(root)).toEqual(["file"]);
});

test("old versions go, unless somebody has them mounted", async () => {
  const make = async (letter: string, age: number) => {
    const root = await layerOf({ name: "base", key: key(letter) }, fill);
    const usedAt = new Date(Date.now() - age * 3_600_000);
    utimesSync(join(root, "..", "done"), usedAt, usedAt);
    return root;
  };
  const host = await mountOn(await make("a", 9));
  try {
    await layerOf({ name: "base-two", key: key("e") }, fill);
    for (const [letter, age] of [
      ["b", 8],
      ["c", 7],
      ["d", 0],
    ] as const) {
      await make(letter, age);
    }
    expect(there()).toEqual([...["a", "c", "d"].map((each) => `base-${key(each)}`), `base-two-${key("e")}`]);
  } finally {
    host.kill("SIGKILL");
    await once(host, "close");
  }
});

/** A process that has a layer mounted where nobody else sees it, as a host has. */
async function mountOn(layer: string): Promise<ChildProcess> {
  const [root, upper, work] = ["root", "upper", "work"].map((each) => join(cache, "host", each));
  for (const each of [root, upper, work]) mkdirSync(each ?? "", { recursive: true });
  const script = 'mount -t overlay overlay -o "$1" "$2"; echo tried; exec sleep 3600';
  const options = `lowerdir=${layer},upperdir=${upper},workdir=${work}`;
  const command = ["--pdeathsig", "KILL", "unshare", "--mount", "sh", "-c", script, "sh", options, root ?? ""];
  const holder = spawn("setpriv", command, { stdio: ["ignore", "pipe", "inherit"] });
  await once(holder.stdout, "data");
  expect(readFileSync(`/proc/${holder.pid}/mountinfo`, "utf8")).toContain(`lowerdir=${layer}`);
  return holder;
}
