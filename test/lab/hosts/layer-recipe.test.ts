import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { stack } from "./layer-recipe.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lab-recipes-"));
  write("ground.yaml", "parent: null\nsuite: bookworm\npackages: [systemd]\nscript: ground.sh\nuses: [shared.sh]\n");
  write("ground.sh", "true\n");
  write("shared.sh", "true\n");
  write("engine.yaml", "parent: ground\npackages: [engine]\nscript: null\n");
  write("claw.yaml", "parent: ground\npackages: []\nscript: null\n");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
const names = (of: readonly string[]) => stack(of, folder).map((step) => step.recipe.name);
const keys = (of: readonly string[]) =>
  Object.fromEntries(stack(of, folder).map((step) => [step.recipe.name, step.key]));

test("layers bring their parents, and each stands on all below it", () => {
  expect(names(["engine"])).toEqual(["ground", "engine"]);
  expect(names(["claw", "engine", "ground"])).toEqual(["ground", "claw", "engine"]);
  // With other packages below it, the same recipe gives another package database.
  expect(keys(["claw", "engine"])["engine"]).not.toBe(keys(["engine"])["engine"]);
  expect(keys(["claw", "engine"])["ground"]).toBe(keys(["engine"])["ground"]);
});

test.each(["ground.yaml", "ground.sh", "shared.sh"])(
  "a changed %s gives new keys to its layer and those above",
  (file) => {
    const before = keys(["engine"]);
    expect(keys(["engine"])).toEqual(before);
    write(file, file.endsWith(".yaml") ? "parent: null\nsuite: trixie\npackages: []\nscript: null\n" : "false\n");
    const after = keys(["engine"]);
    expect(after["ground"]).not.toBe(before["ground"]);
    expect(after["engine"]).not.toBe(before["engine"]);
  },
);

test("a changed recipe leaves the keys of layers beside and below it", () => {
  const before = { ...keys(["claw"]), ...keys(["engine"]) };
  write("engine.yaml", "parent: ground\npackages: [engine, brakes]\nscript: null\n");
  expect({ ...keys(["claw"]), ...keys(["engine"]) }).toEqual({
    ...before,
    engine: expect.not.stringMatching(before["engine"] ?? ""),
  });
});

test("mistakes in a recipe are told with their place", () => {
  expect(() => stack(["engin"], folder)).toThrow('there is no layer "engin"');
  write("engine.yaml", "parent: ground\npackages: [engine]\nscripts: null\n");
  expect(() => stack(["engine"], folder)).toThrow('unknown field "scripts"');
  write("engine.yaml", "parent: ground\nsuite: bookworm\npackages: []\nscript: null\n");
  expect(() => stack(["engine"], folder)).toThrow("either a parent or a suite");
  write("other.yaml", "parent: null\nsuite: bookworm\npackages: []\nscript: null\n");
  expect(() => stack(["ground", "other"], folder)).toThrow("layers ground and other cannot stand on each other");
});
