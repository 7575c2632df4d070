import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const script = readFileSync(join(import.meta.dirname, "../../../src/collect/host/collect.sh"), "utf8");
const functions = script.slice(0, script.trimEnd().lastIndexOf("\n"));

test.each([
  ["that lie open are listed", "look() { echo /var/spool/cron/a; }", "/var/spool/cron/a\n"],
  [
    "are listed by the rule of sudo",
    "look() { return 1; }; as_allowed() { echo 'table /var/spool/cron/a'; }",
    "/var/spool/cron/a\n",
  ],
  ["of which there are none are no gap", "look() { return 1; }; as_allowed() { :; }", ""],
  [
    "that nobody may list are a gap",
    "look() { return 1; }; as_allowed() { echo 'find: Permission denied' >&2; return 1; }",
    "hidden /var/spool/cron\n",
  ],
])("tables of cron %s", (_, allowed, expected) => {
  const { stdout, stderr } = spawnSync("sh", ["-s"], {
    input: `${functions}\n${allowed}\ncron_tables`,
    encoding: "utf8",
  });
  expect({ stdout, stderr }).toEqual({ stdout: expected, stderr: "" });
});

test("a table that may be named and not read is a gap", () => {
  const words = `${functions}\nprivilege=none sudo_all=no limit=\njob_file /var/spool/cron/nobody/nothing || :`;
  const { stdout } = spawnSync("sh", ["-s"], { input: words, encoding: "utf8" });
  expect(stdout).toBe("hidden /var/spool/cron/nobody/nothing\n");
});
