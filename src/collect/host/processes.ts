import { faultOf, frameOf, type HostOutput, lines } from "./frames.ts";

/** A process of the host, without its command line. */
export interface Process {
  readonly pid: number;
  readonly user: number;
  /** It runs in a container of this host. */
  readonly nested: boolean;
  readonly name: string;
}

/** Processes from /proc; undefined when not all of them can be seen (proc(5), hidepid). */
export function readProcesses(output: HostOutput): readonly Process[] | undefined {
  const frame = frameOf(output, "processes");
  if (frame === undefined || faultOf(frame) !== undefined || frame.state !== "ok") return undefined;
  const processes = lines(frame.text).map((line) => {
    const match = /^(\d{1,10}) (\d{1,10}) (\d{1,10}) ([01]) ?(.*)$/.exec(line);
    if (match === null) return undefined;
    return { pid: Number(match[1]), user: Number(match[3]), nested: match[4] === "1", name: match[5] ?? "" };
  });
  const seen = processes.filter((process) => process !== undefined);
  return seen.length === processes.length && seen.some((process) => process.pid === 1) ? seen : undefined;
}

/** Names of the processes outside containers. */
export function processNames(output: HostOutput): ReadonlySet<string> | undefined {
  const processes = readProcesses(output);
  return processes === undefined
    ? undefined
    : new Set(processes.filter((process) => !process.nested).map((process) => process.name));
}

/** Names of the processes in containers of this host, which may share its network and its logs. */
export function nestedProcessNames(output: HostOutput): ReadonlySet<string> {
  const nested = readProcesses(output)?.filter((process) => process.nested) ?? [];
  return new Set(nested.map(({ name }) => name));
}

/** Names of root's processes outside containers: anyone else may give a process the name of a daemon. */
export function rootProcessNames(output: HostOutput): ReadonlySet<string> | undefined {
  const own = readProcesses(output)?.filter(({ nested, user }) => !nested && user === 0);
  return own === undefined ? undefined : new Set(own.map(({ name }) => name));
}
