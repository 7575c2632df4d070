// A survey of a TLS server beside nmap and sslscan, at several round trips, one after the other. Needs nginx, nmap, sslscan and openssl.
// Prints a Markdown table; testssl.sh is run once where TESTSSL is set, since it takes minutes.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { rolldown } from "rolldown";
import { keyFolder, nginx } from "../lab/peers/tls-servers.ts";
import {
  nmapCommand,
  type Pairs,
  readNmap,
  readSslscan,
  sslscanCommand,
  testsslCommand,
} from "../lab/peers/tls-tools.ts";
import { measure, median, type Run, sideBySide } from "./measure.ts";

const rounds = Number(process.env["ROUNDS"] ?? 5);
const here = import.meta.dirname;
const settings = {
  weak: "ssl_protocols TLSv1 TLSv1.1 TLSv1.2 TLSv1.3; ssl_ciphers ALL:eNULL:@SECLEVEL=0; ssl_dhparam dh2048.pem;",
  strong:
    "ssl_protocols TLSv1.2 TLSv1.3; ssl_ciphers ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES256-GCM-SHA384;",
} as const;
const { folder, remove } = keyFolder();
const program = await bundled();

process.stdout.write(
  "| server | round trip | program | wall ms (median) | of ours | pairs, and the same as ours |\n|---|---|---|---|---|---|\n",
);
for (const [name, text] of Object.entries(settings)) {
  const server = await nginx(folder, text);
  for (const roundTripMs of [0, 50]) {
    const relay = roundTripMs === 0 ? undefined : await startRelay(server.port, roundTripMs);
    await compare(`${name} | ${roundTripMs} ms`, relay?.port ?? server.port);
    relay?.stop();
  }
  server.stop();
}
remove();

async function compare(row: string, port: number): Promise<void> {
  const runs = await sideBySide(
    {
      ours: [process.execPath, program, String(port)],
      nmap: nmapCommand(port),
      sslscan: sslscanCommand(port),
    },
    rounds,
  );
  const own = (runs["ours"] ?? []).map(
    (run) => JSON.parse(run.stdout) as { pairs: Pairs; connections: number; ms: number },
  );
  const ours = own[0]?.pairs ?? [];
  const wall = median(walls(runs["ours"]));
  const print = (program: string, ms: number, pairs: Pairs) => {
    const same = [...pairs].sort().join() === [...ours].sort().join() ? "same" : "different";
    process.stdout.write(
      `| ${row} | ${program} | ${ms.toFixed(0)} | ${(ms / wall).toFixed(1)} | ${pairs.length}, ${same} |\n`,
    );
  };
  print("sekisho, with start", wall, own.at(-1)?.pairs ?? []);
  print(`sekisho, in process, ${own[0]?.connections} connections`, median(own.map(({ ms }) => ms)), ours);
  print("nmap ssl-enum-ciphers", median(walls(runs["nmap"])), readNmap(runs["nmap"]?.[0]?.stdout ?? ""));
  print("sslscan, suites alone", median(walls(runs["sslscan"])), readSslscan(runs["sslscan"]?.[0]?.stdout ?? ""));
  if (process.env["TESTSSL"] !== undefined) {
    const run = await measure(testsslCommand(port, join(folder, `${port}.json`)));
    process.stdout.write(
      `| ${row} | testssl.sh -E, once | ${run.wallMs.toFixed(0)} | ${(run.wallMs / wall).toFixed(1)} | |\n`,
    );
  }
}

/** The survey in one file, as the product is shipped. */
async function bundled(): Promise<string> {
  const bundle = await rolldown({ cwd: join(here, "../.."), input: join(here, "tls-survey.ts"), platform: "node" });
  const file = join(folder, "tls-survey.mjs");
  await bundle.write({ file, format: "esm", codeSplitting: false });
  return file;
}

function walls(runs: readonly Run[] | undefined): number[] {
  return (runs ?? []).map((run) => run.wallMs);
}

async function startRelay(port: number, roundTripMs: number): Promise<{ port: number; stop: () => void }> {
  const child = spawn(process.execPath, [join(here, "relay-process.ts"), String(port), String(roundTripMs)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const own = await new Promise<number>((resolve) => child.stdout.once("data", (text) => resolve(Number(text))));
  return { port: own, stop: () => void child.kill() };
}
