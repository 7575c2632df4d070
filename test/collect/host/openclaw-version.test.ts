import { expect, test } from "vitest";
import { readVersion, runningVersion } from "#collect/host/openclaw-version.ts";

const version = (block: string, image?: string) => runningVersion("systemd", readVersion(block), image);

test("a package older than the process is what runs", () => {
  expect(version("started 1000\npackage 2026.9.6 900\npackage 2026.9.6 900\n")).toBe("2026.9.6");
});

test.each([
  ["came after the process began", "started 1000\npackage 2026.9.6 1001\n"],
  ["came in the same second", "started 1000\npackage 2026.9.6 1000\n"],
  ["is of no known time", "started 1000\npackage 2026.9.6 ?\n"],
  ["belongs to a process that began nobody knows when", "package 2026.9.6 900\n"],
  ["is one of two", "started 1000\npackage 2026.9.6 900\npackage 2026.3.1 900\n"],
  ["was not found", "started 1000\n"],
  ["is in no form of a version", "started 1000\npackage latest 900\n"],
])("a package that %s tells nothing", (_what, block) => {
  expect(version(block)).toEqual({ $unknown: expect.any(String) });
});

test("an image says for itself where no package was seen, and never against one", () => {
  expect(runningVersion("container", undefined, "2026.9.6")).toBe("2026.9.6");
  expect(runningVersion("container", undefined, "")).toEqual({ $unknown: expect.any(String) });
  expect(version("started 1000\npackage 2026.3.1 900\n", "2026.9.6")).toBe("2026.3.1");
  expect(runningVersion("container", undefined, { $unknown: "several" })).toEqual({ $unknown: "several" });
  expect(runningVersion("files", undefined, "2026.9.6")).toEqual({ $unknown: "no process runs" });
});
