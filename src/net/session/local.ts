import { spawn } from "node:child_process";
import type { HostSession } from "#net/host-session.ts";
import { childChannel } from "./child.ts";
import { notRun, runScript } from "./shell.ts";

/** A session on this very machine: each run is a `sh -s` in its own process group, which is killed at a limit. */
export function openLocalSession(): HostSession {
  return {
    via: "local",
    hostKeys: [],
    notes: [],
    run: async (script, limits) => {
      if (limits.signal.aborted) return notRun("aborted", "");
      const child = spawn("sh", ["-s"], { detached: true, stdio: ["pipe", "pipe", "pipe"], cwd: "/" });
      const failed = new Promise<string>((resolve) => child.on("error", (error) => resolve(error.message)));
      const result = await runScript(childChannel(child), script, limits);
      return result.end === "lost" ? notRun("lost", `sh could not be started: ${await failed}`) : result;
    },
    close: () => Promise.resolve(),
  };
}
