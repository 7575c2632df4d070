import { execFileSync, spawn } from "node:child_process";
import { chmodSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The corners of the triangle; each two of them are joined by a cable of their own. */
type Corner = "host" | "jump" | "scanner";

/** A host, a scanner, and a jump host between them, each in a network namespace. */
export interface Triangle {
  readonly folder: string;
  /** The host's one address that all mean: the jump host has a route to it of its own. */
  readonly hostAddress: string;
  readonly jumpAddress: string;
  /** Names of the host's interfaces, by who is at the other end. */
  readonly cables: { readonly jump: string; readonly scanner: string };
  /** Runs a program to its end. */
  run(corner: Corner, command: readonly string[], input?: string): string;
  /** Starts a program that runs until the triangle is taken down. */
  start(corner: Corner, command: readonly string[]): void;
  /** Runs a program in the scanner's namespace; never throws for its exit code. */
  fromScanner(
    command: readonly string[],
    environment: NodeJS.ProcessEnv,
  ): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }>;
  /** Writes a file of the triangle's folder and gives its path. */
  write(name: string, text: string): string;
  down(): Promise<void>;
}

/** Makes the triangle. `id` tells its namespaces apart from others'. */
export function up(id: string): Triangle {
  const names: Record<Corner, string> = {
    host: `sekisho-th-${id}`,
    jump: `sekisho-tj-${id}`,
    scanner: `sekisho-ts-${id}`,
  };
  const ip = (args: readonly string[], input?: string) =>
    execFileSync("ip", args, { input: input ?? "", stdio: ["pipe", "pipe", "pipe"] }).toString();
  for (const name of Object.values(names)) ip(["netns", "add", name]);
  const cables = [
    ["host", `h${id}s`, "10.98.0.2/24", "scanner", `s${id}h`, "10.98.0.1/24"],
    ["host", `h${id}j`, "10.99.0.2/24", "jump", `j${id}h`, "10.99.0.3/24"],
    ["scanner", `s${id}j`, "10.97.0.1/24", "jump", `j${id}s`, "10.97.0.3/24"],
  ] as const;
  for (const [one, link, address, other, far, farAddress] of cables) {
    ip(["link", "add", link, "netns", names[one], "type", "veth", "peer", "name", far, "netns", names[other]]);
    ip(["-n", names[one], "addr", "add", address, "dev", link]);
    ip(["-n", names[other], "addr", "add", farAddress, "dev", far]);
    ip(["-n", names[one], "link", "set", link, "up"]);
    ip(["-n", names[other], "link", "set", far, "up"]);
  }
  for (const name of Object.values(names)) ip(["-n", name, "link", "set", "lo", "up"]);
  ip(["-n", names.jump, "route", "add", "10.98.0.2", "via", "10.99.0.2"]);
  ip(["-n", names.scanner, "route", "add", "10.99.0.2", "via", "10.98.0.2"]);
  const folder = mkdtempSync(join(tmpdir(), "lab-triangle-"));
  chmodSync(folder, 0o755);
  const running: { readonly exited: Promise<void>; kill(): void }[] = [];
  return {
    folder,
    hostAddress: "10.98.0.2",
    jumpAddress: "10.97.0.3",
    cables: { jump: `h${id}j`, scanner: `h${id}s` },
    run: (corner, command, input) => ip(["netns", "exec", names[corner], ...command], input),
    start(corner, command) {
      const child = spawn("ip", ["netns", "exec", names[corner], ...command], { stdio: "ignore" });
      const exited = new Promise<void>((resolve) => child.on("close", () => resolve()));
      running.push({ exited, kill: () => child.kill() });
    },
    async fromScanner(command, environment) {
      const child = spawn("ip", ["netns", "exec", names.scanner, ...command], {
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
    write(name, text) {
      const path = join(folder, name);
      writeFileSync(path, text, { mode: 0o600 });
      return path;
    },
    async down() {
      for (const each of running) each.kill();
      await Promise.all(running.map((each) => each.exited));
      for (const name of Object.values(names)) ip(["netns", "del", name]);
    },
  };
}
