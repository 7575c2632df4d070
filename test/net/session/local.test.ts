import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { openLocalSession } from "#net/session/local.ts";
import { runLimits } from "./ssh-server.ts";

const session = openLocalSession();

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString();
}

describe("openLocalSession", () => {
  test("runs a script with sh", async () => {
    const run = await session.run("echo out; echo err >&2; exit 4", runLimits());
    expect(run).toMatchObject({ stderr: "err\n", exitCode: 4, end: "exit" });
    expect(text(run.stdout)).toBe("out\n");
    expect(session).toMatchObject({ via: "local", hostKeys: [] });
  });

  test("a shell that is killed has no exit code", async () => {
    expect(await session.run("kill -9 $$", runLimits())).toMatchObject({ end: "exit", exitCode: null });
  });

  test.each([
    ["timeout", "echo $$; sleep 300 & trap '' TERM; wait; sleep 300", () => ({ timeoutMs: 300 })],
    ["truncated", "echo $$; while :; do echo xxxxxxxxxxxxxxxx; done", () => ({ maxBytes: 10_000 })],
    ["aborted", "echo $$; sleep 300", () => ({ signal: AbortSignal.timeout(300) })],
  ] as const)("%s: keeps the output so far and kills the whole group", async (end, script, changes) => {
    const run = await session.run(script, runLimits(changes()));
    expect(run).toMatchObject({ end, exitCode: null });
    const group = Number(text(run.stdout).split("\n")[0]);
    expect(group).toBeGreaterThan(1);
    await expect.poll(() => runsIn(group)).toBe(false);
  });

  test("does not wait for what a script leaves behind", async () => {
    const run = await session.run("sleep 5 & echo $!", runLimits());
    process.kill(Number(text(run.stdout)), "SIGKILL");
    expect(run).toMatchObject({ end: "exit", exitCode: 0 });
  });

  test("does not begin when it is to stop already", async () => {
    expect((await session.run("echo", runLimits({ signal: AbortSignal.abort() }))).end).toBe("aborted");
  });
});

/** Whether a process of the group still runs; one that has ended and waits to be collected does not. */
function runsIn(group: number): boolean {
  const table = execFileSync("ps", ["-A", "-o", "pgid=,stat="], { encoding: "utf8" });
  return table.split("\n").some((line) => {
    const [pgid, stat = "Z"] = line.trim().split(/\s+/);
    return Number(pgid) === group && !stat.startsWith("Z");
  });
}
