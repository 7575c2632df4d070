import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { hostScript } from "#collect/host/script.ts";
import { openclawCommands } from "#collect/host/sudoers-openclaw.ts";

const script = hostScript({ boundary: "abcdef0123456789", sshUsers: ["root"] });

test("the rule of sudo allows what the script asks as root about OpenClaw's files, word by word, and nothing more", () => {
  const functions = script.slice(0, script.lastIndexOf("\nmain"));
  const stand = "as_root() { printf 'asked %s\\n' \"$*\" >&3; }; privilege=sudo sudo_all=no";
  // The place of a configuration elsewhere is anybody's choice, and no rule of sudo names it.
  const call = "openclaw_files 'config /srv/openclaw/openclaw.json'";
  const run = spawnSync("sh", ["-c", [functions, stand, call].join("\n")], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe", "pipe"],
  });
  const asked = `\n${run.output[3]}`.split("\nasked ").slice(1);
  expect(asked.map((words) => words.trimEnd())).toEqual(
    openclawCommands.map((command) => command.replace(/^\/usr\/bin\//, "")),
  );
});
