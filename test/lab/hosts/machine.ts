import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { disksFolder, prefix, stateFolder } from "./places.ts";
import { identify, inNetworkNamespaces, type ProcessId, runs } from "./processes.ts";

/** What a lab may have changed of the machine, for comparison before and after. */
export function snapshot() {
  return {
    rootNetwork: ["link", "addr", "route", "-6 route", "rule"].map((what) => said("ip", ...what.split(" "))),
    settings: settings(),
    clockAheadMs: Math.round((Date.now() - performance.timeOrigin - performance.now()) / 1000) * 1000,
    otherMounts: mounts().filter((line) => line.includes(" /sys") || line.includes(" /proc ") || line.includes(" / ")),
  };
}

/** Everything on the machine that bears this lab's name: empty when nothing is left. */
export function traces(): readonly string[] {
  const named = (folder: string) =>
    existsSync(folder)
      ? readdirSync(folder)
          .filter((name) => name.startsWith(`${prefix()}-`))
          .map((name) => join(folder, name))
      : [];
  return [
    ...["/run/netns", "/etc/netns", "/run/systemd/nspawn/propagate", "/run/systemd/nspawn/unix-export"].flatMap(named),
    ...[stateFolder(), disksFolder(), join("/run/sekisho-limits/labs", prefix())].filter((path) => existsSync(path)),
    ...mounts().filter((line) => line.includes(`/${prefix()}-`) || line.includes(`sekisho-${prefix()}`)),
    ...groups("/sys/fs/cgroup", 2),
    ...processes(),
  ];
}

/** Processes that run in network namespaces of these names. */
export async function processesIn(namespaces: readonly string[]): Promise<readonly ProcessId[]> {
  const pids = await inNetworkNamespaces(namespaces.map((name) => join("/run/netns", name)));
  return (await Promise.all(pids.map(identify))).filter((each) => each !== undefined);
}

/** Of these processes, those that still run. */
export async function stillRunning(processes: readonly ProcessId[]): Promise<readonly ProcessId[]> {
  const alive = await Promise.all(processes.map(runs));
  return processes.filter((_, index) => alive[index]);
}

function groups(folder: string, depth: number): readonly string[] {
  const below = readdirSync(folder, { withFileTypes: true }).filter((each) => each.isDirectory());
  return below.flatMap((each) => {
    const path = join(folder, each.name);
    if (each.name === `sekisho-${prefix()}`) return [path];
    return depth > 1 ? groups(path, depth - 1) : [];
  });
}

function processes(): readonly string[] {
  return pids().flatMap((pid) => {
    // A zombie is gone, but for its parent's taking note.
    if (/^State:\s+Z/mu.test(read(`/proc/${pid}/status`))) return [];
    const text = read(`/proc/${pid}/cmdline`).replaceAll("\0", " ");
    const ours = text.includes(`${stateFolder()}/`) || text.includes(`--machine=${prefix()}-`);
    return ours || read(`/proc/${pid}/cgroup`).includes(`/sekisho-${prefix()}/`) ? [`${pid} ${text}`] : [];
  });
}

/** Settings that move by themselves, or that another lab may hold raised at the time. */
const restless =
  /^(?:fs\.(?:dentry-state|file-nr|inode-|quota|aio-nr|inotify\.max_user_instances)|kernel\.(?:random|ns_last_pid|pty\.nr)|net\.netfilter\.nf_conntrack_count|vm\.stat)/u;

function settings(): readonly string[] {
  return said("sysctl", "--all")
    .split("\n")
    .filter((line) => !restless.test(line));
}

function mounts(): readonly string[] {
  return read("/proc/self/mounts").trim().split("\n");
}

function pids(): readonly string[] {
  return readdirSync("/proc").filter((name) => /^\d+$/u.test(name));
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    // Processes end while one looks at them.
    return "";
  }
}

function said(...[program = "", ...args]: readonly string[]): string {
  return execFileSync(program, args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
}
