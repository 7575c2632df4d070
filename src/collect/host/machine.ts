import type { Cpu, Memory, Os } from "#evidence/host.ts";
import { type Attempt, failed, observed } from "#model/attempt.ts";
import { visible } from "#model/sanitise.ts";
import { type Maybe, unknown } from "#model/unknown.ts";
import { failureOf, faultOf, frameOf, type HostOutput, isComplete, lines, missing } from "./frames.ts";

/** os-release(5), uname(1) and who the script ran as. */
export function parseOs(output: HostOutput): Attempt<Os> {
  const frame = frameOf(output, "os.release");
  const failure = failureOf(output, frame, "os-release");
  if (failure !== undefined || frame === undefined) return failure ?? missing(output, "os-release");
  const settings = parseOsRelease(frame.text);
  const id = settings.get("ID");
  if (id === undefined || frame.state !== "ok") return failed("malformed", "os-release has no ID");
  const [kernel, architecture] = fact(output, "os.kernel", /^(\S+) (\S+)\n$/);
  const privilege = /^privilege (root|sudo|none)$/m.exec(frameOf(output, "run")?.text ?? "")?.[1];
  return observed({
    id: visible(id, 100),
    versionId: visible(settings.get("VERSION_ID") ?? "", 100),
    prettyName: visible(settings.get("PRETTY_NAME") ?? id, 200),
    hostname: fact(output, "os.name", /^(.+)\n$/)[0] ?? unknown("uname -n gave no name"),
    kernel: kernel ?? unknown("uname -r gave nothing"),
    architecture: architecture ?? unknown("uname -m gave nothing"),
    machineIdHash: machineIdHash(output) ?? unknown("/etc/machine-id could not be read or hashed"),
    uptimeSeconds: uptime(output),
    user: fact(output, "run", /^user (\S+)$/m)[0] ?? unknown("id -un gave no name"),
    privilege:
      privilege === "root" || privilege === "sudo" || privilege === "none"
        ? privilege
        : unknown("the script did not say"),
  });
}

/** Hash of the machine id, where the script could make it. */
export function machineIdHash(output: HostOutput): string | undefined {
  return fact(output, "os.machine", /^([0-9a-f]{64})\s/)[0];
}

/** nproc(1), or the processors of /proc/cpuinfo. */
export function parseCpu(output: HostOutput): Attempt<Cpu> {
  const frame = frameOf(output, "cpu");
  const failure = failureOf(output, frame, "nproc");
  if (failure !== undefined || frame === undefined) return failure ?? missing(output, "nproc");
  const cores = /^(\d{1,5})\s*$/.exec(frame.text)?.[1];
  return cores === undefined || cores === "0"
    ? failed("malformed", "nproc gave no number")
    : observed({ cores: Number(cores) });
}

/** /proc/meminfo, and the kernel's count of kills since it booted. */
export function parseMemory(output: HostOutput): Attempt<Memory> {
  const frame = frameOf(output, "memory.info");
  const failure = failureOf(output, frame, "/proc/meminfo");
  if (failure !== undefined || frame === undefined) return failure ?? missing(output, "/proc/meminfo");
  const bytes = (name: string): number | undefined => {
    const value = new RegExp(`^${name}:\\s+(\\d{1,12}) kB$`, "m").exec(frame.text)?.[1];
    return value === undefined ? undefined : Number(value) * 1024;
  };
  const totalBytes = bytes("MemTotal");
  if (totalBytes === undefined) return failed("malformed", "/proc/meminfo has no MemTotal");
  const kills = fact(output, "memory.kills", /^oom_kill (\d{1,12})$/m)[0];
  return observed({
    totalBytes,
    availableBytes: bytes("MemAvailable") ?? unknown("/proc/meminfo has no MemAvailable"),
    swapBytes: bytes("SwapTotal") ?? unknown("/proc/meminfo has no SwapTotal"),
    oomKills: kills === undefined ? unknown("/proc/vmstat does not count them") : Number(kills),
    oomSource: kills === undefined ? unknown("/proc/vmstat does not count them") : "/proc/vmstat, since boot",
  });
}

/** Settings of os-release(5); shell quotes taken off. */
function parseOsRelease(text: string): ReadonlyMap<string, string> {
  const settings = new Map<string, string>();
  for (const line of lines(text)) {
    const match = /^([A-Z0-9_]+)=(.*)$/.exec(line.trim());
    if (match === null) continue;
    const value = match[2] ?? "";
    const quoted = /^(["'])(.*)\1$/.exec(value);
    settings.set(match[1] ?? "", (quoted?.[2] ?? value).replace(/\\(["'$`\\])/g, "$1"));
  }
  return settings;
}

function uptime(output: HostOutput): Maybe<number> {
  const first = output.frames[0];
  return first === undefined || !(isComplete(output) || output.frames.length > 0) || first.startMs === 0
    ? unknown("/proc/uptime could not be read")
    : Math.floor(first.startMs / 1000);
}

function fact(output: HostOutput, name: string, pattern: RegExp): (string | undefined)[] {
  const frame = frameOf(output, name);
  if (frame === undefined || faultOf(frame) !== undefined || frame.state !== "ok") return [];
  return (pattern.exec(frame.text) ?? []).slice(1).map((value) => visible(value, 200));
}
