import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";

/** What one run of a program took. */
export interface Run {
  readonly wallMs: number;
  /** Largest resident set of the program and its children, kilobytes; 0 when it ended before it could be read. */
  readonly peakKb: number;
  readonly exitCode: number | null;
  readonly stdout: string;
}

/** Runs a program to its end; its peak memory is polled from /proc, summed over its direct children. */
export async function measure(command: readonly string[], environment: NodeJS.ProcessEnv = process.env): Promise<Run> {
  const [file = "", ...args] = command;
  const startedAt = performance.now();
  const child = spawn(file, args, { stdio: ["ignore", "pipe", "ignore"], env: environment });
  let stdout = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  let peakKb = 0;
  const poll = setInterval(() => {
    peakKb = Math.max(peakKb, treeKb(child.pid));
  }, 20);
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  }).finally(() => clearInterval(poll));
  return { wallMs: performance.now() - startedAt, peakKb, exitCode, stdout };
}

/** Median of some numbers. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Runs several programs in turn, so that what else the machine does falls on all of them alike. */
export async function sideBySide(
  programs: Readonly<Record<string, readonly string[]>>,
  rounds: number,
): Promise<Readonly<Record<string, readonly Run[]>>> {
  const runs: Record<string, Run[]> = {};
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, command] of Object.entries(programs)) {
      const run = await measure(command);
      runs[name] = [...(runs[name] ?? []), run];
    }
  }
  return runs;
}

function treeKb(pid: number | undefined): number {
  if (pid === undefined) return 0;
  try {
    const own = Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0);
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
    return children === "" ? own : children.split(" ").reduce((sum, child) => sum + treeKb(Number(child)), own);
  } catch {
    // It ended between two readings.
    return 0;
  }
}
