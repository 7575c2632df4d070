import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { hostScript } from "#collect/host/script.ts";

const script = hostScript({ boundary: "abcdef0123456789", sshUsers: [] });
const functions = script.slice(0, script.lastIndexOf("\nmain"));
const folder = mkdtempSync(join(tmpdir(), "sekisho-timers-"));
afterAll(() => rmSync(folder, { recursive: true }));

test.each([
  ["lists them", "echo a.timer enabled; echo b@.timer static; echo 'c.timer'", "a.timer c.timer"],
  ["lists none", "exit 0", ""],
  ["lists something else", "echo ssh.service loaded", ""],
  ["fails after some", "echo a.timer enabled; exit 1", ""],
  ["does not end", "exec yes 'a.timer enabled'", ""],
])("where systemctl %s, no name stands for a list that is not whole", (_what, does, expected) => {
  writeFileSync(join(folder, "systemctl"), `#!/bin/sh\n${does}\n`);
  chmodSync(join(folder, "systemctl"), 0o755);
  const { stdout } = spawnSync("sh", ["-c", `${functions}\nlimit='timeout 2'\ntimer_names`], {
    encoding: "utf8",
    env: { ...process.env, PATH: `${folder}:${process.env["PATH"]}` },
  });
  expect(stdout.trim()).toBe(expected);
});
