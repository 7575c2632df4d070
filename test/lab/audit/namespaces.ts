import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A host and a scanner in network namespaces of their own, joined by one cable. */
export interface Pair {
  readonly folder: string;
  readonly hostAddress: string;
  /** Runs a program to its end in the host's namespace. */
  inHost(command: readonly string[]): string;
  /** Starts a program in the host's namespace, until the pair is taken down. */
  startInHost(command: readonly string[]): void;
  /** Runs a program in the scanner's namespace; never throws for its exit code. */
  fromScanner(
    command: readonly string[],
    environment: NodeJS.ProcessEnv,
  ): Promise<{ code: number | null; stdout: string; stderr: string }>;
  down(): Promise<void>;
}

/** Makes the pair. `id` tells its namespaces apart from others'. */
export function up(id: string): Pair {
  const [host, scanner] = [`sekisho-h-${id}`, `sekisho-s-${id}`];
  const ip = (...args: readonly string[]) => execFileSync("ip", args, { stdio: ["ignore", "pipe", "pipe"] }).toString();
  for (const name of [host, scanner]) ip("netns", "add", name);
  ip("link", "add", `h${id}`, "netns", host, "type", "veth", "peer", "name", `s${id}`, "netns", scanner);
  for (const [name, link, address] of [
    [host, `h${id}`, "10.98.0.2/24"],
    [scanner, `s${id}`, "10.98.0.1/24"],
  ] as const) {
    ip("-n", name, "addr", "add", address, "dev", link);
    for (const each of [link, "lo"]) ip("-n", name, "link", "set", each, "up");
  }
  const running: { readonly exited: Promise<void>; kill(): void }[] = [];
  return {
    folder: mkdtempSync(join(tmpdir(), "lab-audit-")),
    hostAddress: "10.98.0.2",
    inHost: (command) => ip("netns", "exec", host, ...command),
    startInHost(command) {
      const child = spawn("ip", ["netns", "exec", host, ...command], { stdio: "ignore" });
      const exited = new Promise<void>((resolve) => child.on("close", () => resolve()));
      running.push({ exited, kill: () => child.kill() });
    },
    async fromScanner(command, environment) {
      const child = spawn("ip", ["netns", "exec", scanner, ...command], {
        env: environment,
        stdio: ["ignore", "pipe", "pipe"],
      });
      let [stdout, stderr] = ["", ""];
      child.stdout.setEncoding("utf8").on("data", (text: string) => {
        stdout += text;
      });
      child.stderr.setEncoding("utf8").on("data", (text: string) => {
        stderr += text;
      });
      const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
      return { code, stdout, stderr };
    },
    async down() {
      for (const each of running) each.kill();
      await Promise.all(running.map((each) => each.exited));
      for (const name of [host, scanner]) ip("netns", "del", name);
    },
  };
}

/** Writes a file of the pair's folder and gives its path. */
export function write(pair: Pair, name: string, text: string): string {
  const path = join(pair.folder, name);
  writeFileSync(path, text, { mode: 0o600 });
  return path;
}
