import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readKnownHosts } from "#audit/known-hosts-file.ts";
import { InputError } from "#model/input-error.ts";

const folder = mkdtempSync(join(tmpdir(), "known-hosts-"));

test("puts files together line by line, and passes over those that are not there", async () => {
  const [one, two] = [join(folder, "one"), join(folder, "two")];
  writeFileSync(one, "a ssh-ed25519 AAAA");
  writeFileSync(two, "b ssh-ed25519 BBBB\n");
  const content = await readKnownHosts([one, join(folder, "none"), join(one, "below-a-file"), two]);
  expect(content.split("\n").filter((line) => line !== "")).toEqual(["a ssh-ed25519 AAAA", "b ssh-ed25519 BBBB"]);
});

test("a file that can not be read is the operator's to mend", async () => {
  await expect(readKnownHosts([folder])).rejects.toThrow(InputError);
});
