import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { makeRunFolder, writeWhole } from "#audit/output.ts";
import { InputError } from "#model/input-error.ts";

const now = new Date("2026-11-22T05:06:07.890Z");

function scratch(): string {
  return mkdtempSync(join(tmpdir(), "sekisho-test-"));
}

test("each run has a folder of its own that only its owner reads", () => {
  const base = scratch();
  const folders = [makeRunFolder(base, "claw", now), makeRunFolder(base, "claw", now)];
  expect(folders).toEqual([join(base, "claw", "2026-11-22T050607Z"), join(base, "claw", "2026-11-22T050607Z-2")]);
  expect(statSync(folders[0] ?? "").mode & 0o777).toBe(0o700);
});

test("a base that is a file is refused with what to do", () => {
  const file = join(scratch(), "file");
  writeFileSync(file, "");
  expect(() => makeRunFolder(file, "claw", now)).toThrow(InputError);
});

test("a file is written whole and leaves nothing beside it", () => {
  const folder = scratch();
  expect(writeWhole(join(folder, "a.json"), "{}\n")).toEqual({ file: join(folder, "a.json") });
  expect(readFileSync(join(folder, "a.json"), "utf8")).toBe("{}\n");
  expect(statSync(join(folder, "a.json")).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder)).toEqual(["a.json"]);
});

test("what its folder does not take is kept elsewhere, and said so", () => {
  const gone = join(scratch(), "gone", "a.json");
  const written = writeWhole(gone, "kept\n");
  expect(written.instead).toContain(gone);
  expect(readFileSync(written.file, "utf8")).toBe("kept\n");
  expect(dirname(written.file)).not.toBe(dirname(gone));
  expect(existsSync(gone)).toBe(false);
  chmodSync(dirname(written.file), 0o700);
});
