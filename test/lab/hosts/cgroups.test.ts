import { join } from "node:path";
import { expect, test } from "vitest";
import { start, useOwnLab } from "./own-lab.ts";
import { equipment } from "./places.ts";

useOwnLab();

/** Runs the lab's command line where there is cgroup v2 and nothing else. */
async function labOnV2(...args: readonly string[]) {
  const view = ["unshare", "--mount", "sh", join(equipment, "hosts/only-v2.sh")];
  return await start([...view, process.execPath, join(equipment, "hosts/cli.ts"), ...args]).ended;
}

test("a host boots on a machine with cgroup v2 alone, in a group of its own, and goes again", async () => {
  expect((await labOnV2("up", "t-v2", "--profile", "plain")).output).toContain("t-v2 up");
  const ask =
    "systemctl is-system-running --wait; stat --file-system --format %T /sys/fs/cgroup; grep ^0 /proc/1/cgroup";
  expect(await labOnV2("exec", "t-v2", "--", "sh", "-c", ask)).toEqual({
    code: 0,
    output: "running\ncgroup2fs\n0::/init.scope\n",
  });
  expect(await labOnV2("down", "t-v2")).toEqual({ code: 0, output: "down: t-v2\n" });
  expect((await labOnV2("exec", "t-v2", "true")).code).toBe(1);
});
