import { runs } from "./processes.ts";
import { type Entry, readEntries } from "./registry.ts";
import { runningServices } from "./services.ts";

/** What there is of the lab, for people. */
export async function listing(): Promise<string> {
  const entries = await readEntries();
  const services = [...(await runningServices())].map(([name, pids]) => `${name} (pid ${pids.join(", ")})`);
  const rows = await Promise.all(entries.map(async (entry) => [...cells(entry), await stateOf(entry)]));
  const table =
    rows.length === 0
      ? ["there are no hosts"]
      : aligned([["name", "profile", "IPv4", "IPv6", "since", "state"], ...rows]);
  return [...table, `services: ${services.length === 0 ? "none" : services.join(", ")}`].join("\n");
}

function cells({ name, profile, ipv4, ipv6, since }: Entry): readonly string[] {
  return [name, profile, ipv4, ipv6, since.replace(/\.\d+Z$/u, "Z")];
}

async function stateOf({ stage, init, name }: Entry): Promise<string> {
  const alive = init !== undefined && (await runs(init));
  if (stage === "starting") return "starting, or its start was cut off";
  return alive ? "up" : `ended by itself: npm run lab -- down ${name}`;
}

function aligned(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}
