import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { hostScript } from "#collect/host/script.ts";
import { sudoersRule } from "#collect/host/sudoers.ts";
import { alertCommands } from "#collect/host/sudoers-alerts.ts";

const script = hostScript({ boundary: "abcdef0123456789", sshUsers: ["root"] });

test("the rule of sudo allows what the script asks as root about alerts, word by word, and nothing more", () => {
  const functions = script.slice(0, script.lastIndexOf("\nmain"));
  const stand = [
    "as_root() { printf 'asked %s\\n' \"$*\" >&3; }",
    'have() { [ "$1" = fail2ban-client ]; }',
    "cron_jobs() { :; }",
    "frame() { shift; \"$@\"; out='Jail list: sshd, web'; }",
    "privilege=sudo sudo_all=no limit= nginx_settings= denied_code=126",
  ];
  const run = spawnSync("unshare", ["-m", "sh", "-c", [functions, ...stand, "alerts_section"].join("\n")], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe", "pipe"],
  });
  const words = `\n${run.output[3]}`.split("\nasked ").slice(1);
  const asked = new Set(words.map((line) => line.trimEnd().replaceAll("\n", "\\n")));
  const allowed = alertCommands().map((command) => command.replace(/^\/usr\/s?bin\//, ""));
  for (const command of asked) expect(allowed).toContain(command);
  for (const command of allowed.slice(0, 2)) expect(asked).toContain(command);
});

test("the rule bears them, with what means something to sudo escaped", () => {
  const rule = sudoersRule("ops");
  expect(rule).toContain("/usr/bin/fail2ban-client get sshd actions,");
  expect(rule).toContain("\\! -name \\*error\\* -mtime -2");
});
