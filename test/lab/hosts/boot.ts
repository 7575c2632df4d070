import { spawn } from "node:child_process";
import { mkdir, open, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { makeGroup, processesOf } from "./cgroups.ts";
import { equipment, hostPlaces, namespaceOf, prefix } from "./places.ts";
import { findInit, type ProcessId } from "./processes.ts";
import type { Entry } from "./registry.ts";
import { LabError, until } from "./run.ts";

export interface BootOptions {
  /** The host's own files are put on its root first. */
  readonly seeded: boolean;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Boots a host whose namespace stands, and gives its init as soon as there is one.
 * @throws LabError with the end of the console when it does not come up.
 */
export async function boot(entry: Entry, options: BootOptions): Promise<ProcessId> {
  const places = hostPlaces(entry.name);
  // An overlay may not take up another one's working folder, and after a crash finds its own in disorder.
  await rm(places.work, { recursive: true, force: true });
  for (const folder of [places.root, places.upper, places.work]) await mkdir(folder, { recursive: true });
  const folders = await makeGroup({ host: entry.name });
  const console = await open(places.console, "a");
  const child = spawn("sh", [join(equipment, "hosts/launch.sh"), ...folders, "--", ...commandOf(entry, options)], {
    // Neither a Ctrl-C at the terminal nor its end may reach the host.
    detached: true,
    stdio: ["ignore", console.fd, console.fd],
    cwd: "/",
    env: { PATH: process.env["PATH"], SYSTEMD_NSPAWN_API_VFS_WRITABLE: "network", SYSTEMD_NSPAWN_LOCK: "0" },
  });
  let ended = false;
  child.on("error", () => {
    ended = true;
  });
  child.on("exit", () => {
    ended = true;
  });
  child.unref();
  await console.close();
  const find = async () => {
    const init = await findInit(await processesOf({ host: entry.name }));
    if (init === undefined && ended) throw await wreck(entry.name, "did not boot");
    return init;
  };
  return await until(`the init of host ${entry.name}`, find, limits(options));
}

/** Waits until sshd listens. @throws LabError when the host ends before, or takes too long. */
export async function listening(entry: Entry, init: ProcessId, signal?: AbortSignal): Promise<void> {
  const ask = async () => {
    const tables = await Promise.all(
      ["tcp", "tcp6"].map((table) => readFile(`/proc/${init.pid}/net/${table}`, "utf8").catch(() => undefined)),
    );
    if (tables.includes(undefined)) throw await wreck(entry.name, "ended before its sshd listened");
    return tables.some((table) => table !== undefined && listensOn22.test(table));
  };
  await until(`sshd of host ${entry.name}`, ask, limits({ signal })).catch(async (error: unknown) => {
    if (error instanceof LabError && error.hint === undefined) throw await wreck(entry.name, error.message);
    throw error;
  });
}

/** A line of /proc/net/tcp: any local address, port 0x16, any peer, state LISTEN. */
const listensOn22 = /: [0-9A-F]+:0016 [0-9A-F]+:0000 0A /u;

/** What becomes of a host that ended or hangs: an error with the last lines of its console. */
async function wreck(name: string, what: string): Promise<LabError> {
  const { console } = hostPlaces(name);
  const lines = (await readFile(console, "utf8").catch(() => "")).trim().split("\n").slice(-12);
  return new LabError(`host ${name}: ${what}`, { hint: `the end of its console:\n${lines.join("\n")}` });
}

function commandOf(entry: Entry, options: BootOptions): readonly string[] {
  const { root, seed, upper, work } = hostPlaces(entry.name);
  const mount = `lowerdir=${entry.layers.map(plain).join(":")},upperdir=${plain(upper)},workdir=${plain(work)}`;
  return [
    ...["unshare", "--mount", "--propagation", "slave", "--"],
    ...["sh", join(equipment, "hosts/boot.sh"), mount, root, options.seeded ? seed : ""],
    ...["systemd-nspawn", "--quiet", `--directory=${root}`, "--register=no", "--keep-unit"],
    ...[`--machine=${prefix()}-${entry.name}`, `--hostname=${entry.name}`],
    `--network-namespace-path=/run/netns/${namespaceOf({ host: entry.name })}`,
    // Without CAP_SYS_TIME: a host that had it would set the whole machine's clock.
    ...["--capability=CAP_NET_ADMIN,CAP_NET_RAW", "--drop-capability=CAP_SYS_TIME,CAP_SYS_MODULE"],
    ...["--console=pipe", "--link-journal=no", "--resolv-conf=off", "--timezone=off"],
    ...entry.nspawn,
    "--boot",
  ];
}

/** mount(8) cuts its options at commas and an overlay its lower folders at colons. */
function plain(path: string): string {
  if (!/[,:\\\s]/u.test(path)) return path;
  throw new LabError(`${path}: no comma, colon, backslash or space may be in the lab's paths`);
}

function limits({ signal }: { readonly signal?: AbortSignal | undefined }) {
  return signal === undefined ? {} : { signal };
}
