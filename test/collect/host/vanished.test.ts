import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { collectScript } from "#collect/host/script.ts";

const script = collectScript();
const functions = script.slice(0, script.trimEnd().lastIndexOf("\n"));

/** A process id that nobody has: the kernel's own limit is below it. */
const gone = 4_194_999;

test.each([
  ["sshd", "sshd_daemons"],
  ["nginx", "nginx_masters"],
])("a process of %s that ended since the list was made is no daemon that could not be read", (name, ask) => {
  const words = `${functions}\nprivilege=none sudo_all=no limit=\nprocesses='${gone} 1 105 0 ${name}'\n${ask}\necho end`;
  const { stdout, stderr } = spawnSync("sh", ["-s"], { input: words, encoding: "utf8" });
  expect({ stdout, stderr }).toEqual({ stdout: "end\n", stderr: "" });
});
