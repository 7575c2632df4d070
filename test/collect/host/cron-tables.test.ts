import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { collectScript } from "#collect/host/script.ts";

const script = collectScript();
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
