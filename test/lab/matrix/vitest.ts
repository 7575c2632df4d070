import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { addTallies, type Tally } from "./figures.ts";

const root = join(import.meta.dirname, "..", "..", "..");

/** Tests of hosts and namespaces, of which some look at all that are there: one file at a time. The others do not touch any. */
const hosts = ["test/lab/hosts/", "test/lab/audit/", "test/lab/net/"];

/** Runs the tests of this folder in two lots at once, shows what they print and gives their figures, a file without a result counted as failed. */
export async function runTests(signal: AbortSignal, all: boolean): Promise<Tally> {
  const folder = mkdtempSync(join(tmpdir(), "lab-tests-"));
  const lots = [hosts, hosts.map((each) => `--exclude=${each}**`)];
  try {
    const tallies = lots.map(async (which, index) => {
      const file = join(folder, `${index}.json`);
      const code = await vitest(which, { TEST_RESULTS: file, ...(all ? { LAB_ALL: "yes" } : {}) }, signal);
      return tallyOfTests(readJson(file), code);
    });
    return addTallies(await Promise.all(tallies));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Figures of vitest's JSON report. A run that ended badly, or left no report, has failed at least once, whatever the report says.
 * @param code exit code of the run; null where a signal ended it.
 */
export function tallyOfTests(report: unknown, code: number | null): Tally {
  const passed = numberAt(report, "numPassedTests");
  const failed = numberAt(report, "numFailedTests") + emptySuites(report);
  return { passed, failed: code === 0 ? failed : Math.max(1, failed) };
}

async function vitest(
  which: readonly string[],
  environment: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<number | null> {
  const program = join(dirname(createRequire(import.meta.url).resolve("vitest/package.json")), "vitest.mjs");
  const child = spawn(process.execPath, [program, "run", "--config", "vitest.lab.config.ts", ...which], {
    cwd: root,
    env: { ...process.env, ...environment },
    // Its own output is for people; standard output is kept for the table.
    stdio: ["ignore", "inherit", "inherit"],
  });
  const stop = () => child.kill("SIGINT");
  signal.addEventListener("abort", stop, { once: true });
  try {
    return await new Promise((resolve, reject) => {
      child.on("error", reject);
      child.on("close", resolve);
    });
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    // No report, or half of one: the run counts as failed.
    return undefined;
  }
}

function numberAt(report: unknown, key: string): number {
  const value = typeof report === "object" && report !== null ? Reflect.get(report, key) : undefined;
  return typeof value === "number" ? value : 0;
}

/** Files that failed as a whole, so that none of their tests is in the figures. */
function emptySuites(report: unknown): number {
  const suites = typeof report === "object" && report !== null ? Reflect.get(report, "testResults") : undefined;
  if (!Array.isArray(suites)) return 0;
  return suites.filter((suite) => suite?.status === "failed" && suite?.assertionResults?.length === 0).length;
}
