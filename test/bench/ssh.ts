// The look at an SSH server side by side with ssh-audit, at 0 and 100 ms of round trip, against a real sshd. Needs root, OpenSSH's server and ssh-audit.
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { median, sideBySide } from "./measure.ts";
import { startRelay } from "./relay.ts";

const rounds = Number(process.env["ROUNDS"] ?? 7);
const folder = mkdtempSync(join(tmpdir(), "sekisho-bench-ssh-"));
mkdirSync("/run/sshd", { recursive: true });
const files = ["ed25519", "ecdsa", "rsa"].map((type) => {
  execFileSync("ssh-keygen", ["-q", "-t", type, "-N", "", "-f", join(folder, type)]);
  return `HostKey ${join(folder, type)}`;
});
const port = await freePort();
const config = join(folder, "sshd_config");
writeFileSync(
  config,
  [`Port ${port}`, "ListenAddress 127.0.0.1", "PidFile none", "UsePAM yes", ...files, ""].join("\n"),
);
const sshd = spawn("/usr/sbin/sshd", ["-D", "-f", config], { stdio: "ignore" });
await new Promise((resolve) => setTimeout(resolve, 500));

process.stdout.write(
  "| round trip | program | median ms | of it the look | connections | ratio |\n|---|---|---|---|---|---|\n",
);
const look = (...rest: string[]) => [process.execPath, join(import.meta.dirname, "ssh-look.ts"), ...rest];
for (const roundTripMs of [0, 100]) {
  const relay = await startRelay(port, roundTripMs);
  let connections = 0;
  relay.server.on("connection", () => {
    connections += 1;
  });
  const programs = {
    "ssh-audit": ["ssh-audit", "-j", "-p", String(relay.port), "127.0.0.1"],
    "sekisho, the same and the methods of three users": look(
      "all",
      String(relay.port),
      "root",
      "daemon",
      "nobody-here",
    ),
    "sekisho, algorithms and the methods of one user": look("first", String(relay.port), "root"),
  };
  const counts: Record<string, number> = {};
  for (const [name, command] of Object.entries(programs)) {
    connections = 0;
    await sideBySide({ [name]: command }, 1);
    counts[name] = connections;
  }
  const runs = await sideBySide(programs, rounds);
  const wall = (name: string) => median((runs[name] ?? []).map((run) => run.wallMs));
  for (const name of Object.keys(programs)) {
    const looks = (runs[name] ?? []).flatMap(({ stdout }) => lookOf(stdout));
    const own = looks.length === 0 ? wall(name) : median(looks);
    const ratio = (wall("ssh-audit") / own).toFixed(1);
    process.stdout.write(
      `| ${roundTripMs} ms | ${name} | ${wall(name).toFixed(0)} | ${own.toFixed(0)} | ${counts[name]} | ${ratio} |\n`,
    );
  }
  relay.server.close();
}
sshd.kill();
rmSync(folder, { recursive: true, force: true });
process.exit(0);

/** The time that the look took within a process, which an audit has running anyway. */
function lookOf(stdout: string): number[] {
  const ms = /"lookMs":([\d.]+)/.exec(stdout)?.[1];
  return ms === undefined ? [] : [Number(ms)];
}

async function freePort(): Promise<number> {
  const server = createServer();
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, "127.0.0.1", resolve);
  await promise;
  const address = server.address();
  server.close();
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
