import { readdir, readFile, readlink, stat } from "node:fs/promises";
import { LabError, until } from "./run.ts";

/** A process that cannot be mistaken for a later one of the same number. */
export interface ProcessId {
  readonly pid: number;
  /** When it started, in clock ticks since the machine did. */
  readonly start: number;
}

/** What tells this process from later ones of its number, or undefined when there is none. */
export async function identify(pid: number): Promise<ProcessId | undefined> {
  const fields = await statFields(pid);
  const [state, start] = [fields?.[0], fields?.[19]];
  // A zombie only waits to be collected.
  if (state === undefined || state === "Z" || state === "X" || start === undefined) return undefined;
  return { pid, start: Number(start) };
}

/** Whether that very process still runs. */
export async function runs(process: ProcessId): Promise<boolean> {
  return (await identify(process.pid))?.start === process.start;
}

/** Of these processes, the one that is the init of a host: the first of a pid namespace just below ours. */
export async function findInit(pids: Iterable<number>): Promise<ProcessId | undefined> {
  for (const pid of pids) {
    const status = await readFile(`/proc/${pid}/status`, "utf8").catch(gone);
    const numbers = /^NSpid:\s+(.*)$/mu.exec(status ?? "")?.[1]?.split(/\s+/u) ?? [];
    if (numbers.length !== 2 || numbers[1] !== "1") continue;
    // As long as it is still systemd-nspawn it may see the machine's own files.
    const program = await readlink(`/proc/${pid}/exe`).catch(gone);
    if (program !== undefined && !program.includes("nspawn")) return await identify(pid);
  }
  return undefined;
}

/** Processes in any of these network namespaces, given as files such as /run/netns/NAME. Files that are no namespace hold none. */
export async function inNetworkNamespaces(files: readonly string[]): Promise<readonly number[]> {
  const wanted = new Set<string>();
  for (const file of files) {
    const found = await identity(file);
    if (found !== undefined) wanted.add(found);
  }
  // A namespace file that was bound to our own namespace would make everything ours.
  for (const own of ["/proc/self/ns/net", "/proc/1/ns/net"]) wanted.delete((await identity(own)) ?? "");
  if (wanted.size === 0) return [];
  const pids: number[] = [];
  for (const pid of await everyProcess()) {
    const where = await identity(`/proc/${pid}/ns/net`);
    if (where !== undefined && wanted.has(where)) pids.push(pid);
  }
  return pids;
}

/**
 * Kills what `find` finds until it finds nothing. Never touches process 1, this program or what it was started by.
 * @throws LabError naming the processes that outlive it.
 */
export async function killAll(what: string, find: () => Promise<readonly number[]>): Promise<void> {
  const spared = await lineage();
  let left: readonly number[] = [];
  const none = async () => {
    left = (await find()).filter((pid) => !spared.has(pid));
    for (const pid of left) send(pid, "SIGKILL");
    return left.length === 0;
  };
  await until(`the end of ${what}`, none, { timeoutMs: 30_000 }).catch((error: unknown) => {
    const hint = `still there: ${left.join(", ")}; "ps -o pid,stat,wchan:32,args -p ${left.join(",")}" tells what they wait for`;
    throw new LabError(`processes of ${what} cannot be killed`, { hint, cause: error });
  });
}

/** Sends a signal; a process that is gone already needs none. */
export function send(pid: number, signal: NodeJS.Signals | number): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}

async function lineage(): Promise<ReadonlySet<number>> {
  const own = new Set([0, 1, process.pid]);
  for (let pid = process.ppid; pid > 1 && !own.has(pid); ) {
    own.add(pid);
    pid = Number((await statFields(pid))?.[1] ?? 0);
  }
  return own;
}

/** Fields of /proc/PID/stat from the state on: the name before it may hold anything. */
async function statFields(pid: number): Promise<readonly string[] | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, "utf8").catch(gone);
  return text
    ?.slice(text.lastIndexOf(")") + 2)
    .trim()
    .split(" ");
}

async function everyProcess(): Promise<readonly number[]> {
  return (await readdir("/proc")).map(Number).filter((pid) => pid > 0);
}

async function identity(file: string): Promise<string | undefined> {
  const found = await stat(file).catch(gone);
  return found === undefined ? undefined : `${found.dev}:${found.ino}`;
}

/** Processes end while one looks at them, and zombies show nothing. */
function gone(error: unknown): undefined {
  const codes = ["ENOENT", "ESRCH", "EACCES", "ENOTDIR"];
  if (error instanceof Error && "code" in error && codes.includes(String(error.code))) return undefined;
  throw error;
}
