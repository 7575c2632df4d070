import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

// Compiled once for all runs of all tests.
const cache = join(tmpdir(), "sekisho-test-compile-cache");
const main = join(import.meta.dirname, "..", "..", "src", "cli", "main.ts");

/** What a run of the command line gave. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Options of a run. */
export interface RunOptions {
  readonly cwd?: string;
  readonly environment?: NodeJS.ProcessEnv;
  /** Called with each piece of stderr; gets the running program's pid. */
  readonly onStderr?: (text: string, pid: number) => void;
}

const folders: string[] = [];
process.once("exit", () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** An empty folder of its own for a test. */
export function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), "sekisho-test-"));
  folders.push(folder);
  return folder;
}

/** Runs sekisho from its source with these arguments, in an empty folder and an empty home unless told otherwise. */
export async function sekisho(args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  const child = spawn(process.execPath, [main, ...args], {
    cwd: options.cwd ?? scratch(),
    env: {
      PATH: process.env["PATH"],
      HOME: scratch(),
      LANG: "C.UTF-8",
      NODE_COMPILE_CACHE: cache,
      ...options.environment,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
    if (child.pid !== undefined) options.onStderr?.(text, child.pid);
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  return { code, stdout, stderr };
}
