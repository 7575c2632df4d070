import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { raiseLimit, restoreLimit } from "./limits.ts";

let folder: string;
let limit: { readonly setting: string; readonly folder: string };
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lab-limits-"));
  limit = { setting: join(folder, "setting"), folder: join(folder, "notes") };
  writeFileSync(limit.setting, "128\n");
});
afterEach(() => rmSync(folder, { recursive: true }));

const now = () => readFileSync(limit.setting, "utf8").trim();
async function as(lab: string, action: typeof raiseLimit): Promise<void> {
  process.env["SEKISHO_LAB"] = `/run/sekisho-${lab}`;
  await action(limit);
}

test("is raised, and put back to what was found, leaving no note", async () => {
  await as("a", raiseLimit);
  expect(now()).toBe("8192");
  await as("a", restoreLimit);
  expect(now()).toBe("128");
  expect(existsSync(limit.folder)).toBe(false);
});

test("stays raised until the last of several labs is gone", async () => {
  await as("a", raiseLimit);
  await as("b", raiseLimit);
  await as("a", restoreLimit);
  expect(now()).toBe("8192");
  await as("b", restoreLimit);
  expect(now()).toBe("128");
});

test("is raised and restored any number of times to the same end", async () => {
  for (const action of [raiseLimit, raiseLimit, restoreLimit, restoreLimit]) await as("a", action);
  expect(now()).toBe("128");
});

test("is not touched where it is high enough", async () => {
  writeFileSync(limit.setting, "100000\n");
  await as("a", raiseLimit);
  expect(now()).toBe("100000");
  await as("a", restoreLimit);
  expect(now()).toBe("100000");
});

test("stays as somebody else has set it meanwhile", async () => {
  await as("a", raiseLimit);
  writeFileSync(limit.setting, "500\n");
  await as("a", restoreLimit);
  expect(now()).toBe("500");
});

test("a note that was cut short is taken afresh", async () => {
  mkdirSync(limit.folder);
  writeFileSync(join(limit.folder, "found"), "");
  await as("a", raiseLimit);
  await as("a", restoreLimit);
  expect(now()).toBe("128");
});
