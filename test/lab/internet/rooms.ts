import { execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { vi } from "vitest";

/** A fake internet that runs, and a client on the other end of its cable, each in a network namespace of its own. */
export interface Rooms {
  readonly folder: string;
  /** The fake internet's log. */
  readonly log: string;
  /** Certificate of the authority that signed its certificates. */
  readonly authority: string;
  /** Exit code of the fake internet; undefined while it runs. */
  exitCode(): number | undefined;
  /** Runs a program to its end in one of the namespaces. */
  run(room: Room, command: readonly string[], input?: string | Buffer): Ended;
  /** Starts a program in the client's namespace, until the end. */
  start(command: readonly string[]): { output(): string };
  stop(): void;
  down(): void;
}

type Room = "internet" | "client";

/** How a program ended. */
interface Ended {
  readonly code: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

export const clientAddress = "203.0.113.1";

/** Makes both rooms and waits until everything in the internet listens. To be taken down by the caller. */
export async function openRooms(): Promise<Rooms> {
  const folder = mkdtempSync(join(tmpdir(), "lab-internet-"));
  const id = `di${process.pid}`;
  const namespaces = { internet: `${id}-net`, client: `${id}-cli` };
  const environment = { ...process.env, SEKISHO_LAB_CACHE: join(folder, "cache") };
  const takeDown = [join(import.meta.dirname, "take-down.sh"), folder, ...Object.values(namespaces)] as const;
  // Outlives this process however that ends, and does what `down` would have done.
  const [script, ...made] = takeDown;
  spawn("sh", [script, "--after", `${process.pid}`, ...made], { detached: true, stdio: "ignore" }).unref();
  const start = (room: Room, command: readonly string[]) => {
    const child = spawn("ip", ["netns", "exec", namespaces[room], ...command], {
      env: environment,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        output += text;
      });
    }
    return { child, output: () => output };
  };
  wire(namespaces);
  mkdirSync(join("/etc/netns", namespaces.client), { recursive: true });
  writeFileSync(join("/etc/netns", namespaces.client, "resolv.conf"), "nameserver 198.51.100.53\n");
  const log = join(folder, "internet.log");
  const serve = join(import.meta.dirname, "serve.ts");
  const server = start("internet", [process.execPath, serve, "--state", folder, "--log", log]);
  await vi.waitFor(
    () => {
      if (!server.output().includes("ready\n")) throw new Error(`not ready: ${server.output()}`);
    },
    { timeout: 60_000, interval: 50 },
  );
  return {
    folder,
    log,
    authority: join(folder, "cache", "ca", "ca.crt"),
    exitCode: () => server.child.exitCode ?? undefined,
    run(room, command, input = "") {
      const args = ["netns", "exec", namespaces[room], ...command];
      const { status, stdout, stderr } = spawnSync("ip", args, { env: environment, input, timeout: 30_000 });
      return { code: status, stdout, stderr: stderr.toString() };
    },
    start: (command) => start("client", command),
    stop: () => void server.child.kill("SIGTERM"),
    down() {
      spawnSync("sh", takeDown, { stdio: "ignore" });
    },
  };
}

function wire({ internet, client }: Readonly<Record<Room, string>>): void {
  batch([
    `netns add ${internet}`,
    `netns add ${client}`,
    `link add eth0 netns ${internet} type veth peer name eth0 netns ${client}`,
  ]);
  execFileSync("ip", ["netns", "exec", internet, "sysctl", "-qw", "net.ipv6.ip_nonlocal_bind=1"]);
  batch(cable("203.0.113.66/24", "2001:db8:113::66/64"), internet);
  batch(["route add local 198.51.100.0/24 dev lo", "route add local 2001:db8:51::/64 dev lo"], internet);
  batch(cable(`${clientAddress}/24`, "2001:db8:113::1/64"), client);
  batch(["route add default via 203.0.113.66", "route add default via 2001:db8:113::66"], client);
}

function cable(ipv4: string, ipv6: string): readonly string[] {
  return ["link set lo up", `addr add ${ipv4} dev eth0`, `addr add ${ipv6} dev eth0 nodad`, "link set eth0 up"];
}

function batch(lines: readonly string[], namespace?: string): void {
  const where = namespace === undefined ? [] : ["-n", namespace];
  execFileSync("ip", [...where, "-batch", "-"], { input: `${lines.join("\n")}\n` });
}
