// Start-up, memory and the port scan, side by side with bare node and, where it is installed, nmap. Prints a Markdown table.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { measure, median, type Run, sideBySide } from "./measure.ts";

const root = join(import.meta.dirname, "..", "..");
const cli = join(root, "bin", "sekisho.js");
const out = mkdtempSync(join(tmpdir(), "sekisho-bench-"));

const starts = await sideBySide(
  { "node -e 0": [process.execPath, "-e", "0"], "sekisho --help": [process.execPath, cli, "--help"] },
  15,
);
const audit = ["audit", "localhost", "--quiet", "--out", out];
const audits = await sideBySide(
  {
    "sekisho audit localhost": [process.execPath, cli, ...audit],
    ...(installed("nmap") ? { "nmap -sT -p- -n 127.0.0.1": ["nmap", "-sT", "-p-", "-n", "-Pn", "127.0.0.1"] } : {}),
  },
  3,
);
const scan = await measure([process.execPath, cli, "collect", "localhost", "--quiet", "--ports", "22", "--out", out]);
rmSync(out, { recursive: true, force: true });

const bare = median((starts["node -e 0"] ?? []).map((run) => run.wallMs));
process.stdout.write(
  `Node ${process.versions.node}, ${cpus().length} cores, medians.\n\n| program | wall ms | of bare node | peak MB |\n|---|---|---|---|\n`,
);
for (const [name, runs] of Object.entries({ ...starts, ...audits, "sekisho collect localhost --ports 22": [scan] })) {
  process.stdout.write(row(name, runs));
}

function row(name: string, runs: readonly Run[]): string {
  const wall = median(runs.map((run) => run.wallMs));
  const peak = Math.max(...runs.map((run) => run.peakKb)) / 1024;
  return `| \`${name}\` | ${wall.toFixed(0)} | ${(wall / bare).toFixed(2)} | ${peak === 0 ? "–" : peak.toFixed(0)} |\n`;
}

function installed(program: string): boolean {
  return spawnSync(program, ["--version"], { stdio: "ignore" }).status === 0;
}
