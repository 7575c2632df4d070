import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { hostScript } from "#collect/host/script.ts";
import { sudoersRule } from "#collect/host/sudoers.ts";
import { backupCommands } from "#collect/host/sudoers-backups.ts";

const script = hostScript({ boundary: "abcdef0123456789", sshUsers: ["root"] });
const state = "file 1.0 1 1 openclaw 1.0 /home/openclaw/.openclaw";

/** Calls functions of the script and gives the commands that it would run as root, with all their words. */
function asked(calls: string): readonly string[] {
  const functions = script.slice(0, script.lastIndexOf("\nmain"));
  const stand = [
    "as_root() { printf 'asked %s\\n' \"$*\" >&3; }",
    "have() { return 0; }",
    "has_process() { return 1; }",
    "privilege=sudo sudo_all=no limit= openclaw_settings= denied_code=126",
  ];
  const frames = 'frame() { shift; "$@"; }';
  const run = spawnSync("sh", ["-c", [functions, ...stand, frames, calls].join("\n")], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe", "pipe"],
  });
  const lines = `\n${run.output[3]}`.split("\nasked ").slice(1);
  return lines.map((line) => line.trimEnd().replaceAll("\n", "\\n"));
}

test("the rule of sudo allows what the script asks as root about backups, word by word, and nothing more", () => {
  const folders = /backup_frames (\/[^\n]*)\n/.exec(script)?.[1] ?? "";
  const calls = [
    "backups_state",
    ...["backup_files", "backup_hashes", "backup_heads", "backup_checks"].map((name) => `${name} ${folders}`),
    "backup_journal",
    `state_found='${state}/openclaw.json\n${state}/state/openclaw.sqlite'`,
    "backups_configuration",
    "backups_runs",
    "as_allowed find /var/spool/cron -maxdepth 2 -type f -printf 'table %p\\n'",
  ];
  const allowed = backupCommands.map((command) => command.replace(/^\/usr\/s?bin\//, ""));
  const words = asked(calls.join("\n")).filter(
    (command) => !command.startsWith("git") || command.includes("nginx") || command.endsWith("remote"),
  );
  for (const command of words) expect(allowed).toContain(command);
  for (const command of allowed.filter((each) => !each.startsWith("git"))) expect(words).toContain(command);
});

test("the rule escapes each character that means something to sudo", () => {
  const rule = sudoersRule("ops");
  expect(rule).toContain("-printf file %T@ %s %D %u %B@ %p\\\\\\\\n");
  expect(rule).toContain("\\! -name \\*\\[\\!\\[\\:print\\:\\]\\]\\*");
});
