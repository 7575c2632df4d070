import { visible } from "#model/sanitise.ts";
import type { FoundDatabase } from "./backup-match.ts";
import { type Frame, faultOf, frameOf, type HostOutput, missing } from "./frames.ts";

/** Files of OpenClaw that are to be backed up, as far as they could be seen. */
export interface StateFiles {
  readonly databases: readonly FoundDatabase[];
  /** Configuration of OpenClaw, with the time of its last change. */
  readonly configurations: readonly { readonly path: string; readonly changedAt: number }[];
  /** Timers of users, whose state only the users' own manager knows. */
  readonly userTimers: readonly string[];
  /** OpenClaw was seen on this host, or may be. */
  readonly openclaw: boolean;
  /** Why there may be more; undefined when all was looked at. */
  readonly open: string | undefined;
}

/** Databases and configuration by what find(1) told of them. */
export function readState(output: HostOutput): StateFiles {
  const frame = frameOf(output, "backups.state");
  const text = frame?.text ?? "";
  const lines = text.split("\n");
  const files = lines.map(readFile).filter((file) => file !== undefined);
  const ending = (end: string) => files.filter(({ path }) => path.endsWith(end));
  const configurations = ending("/openclaw.json").map(({ path, changedAt }) => ({ path, changedAt }));
  const databases = files
    .filter(({ path }) => isDatabase(path))
    .map(({ path, bytes, device, birth }): FoundDatabase => {
      return { path, engine: "sqlite", bytes, device, madeAt: madeAt(path, birth, text) };
    });
  const denied = lines.find((line) => /Permission denied|timed out|not found$/.test(line));
  return {
    databases: lines.some((line) => line.startsWith("daemon ")) ? [...databases, mysql(text)] : databases,
    configurations,
    userTimers: ending(".timer").map(({ path }) => visible(path, 300)),
    openclaw: configurations.length > 0 || lines.some((line) => line.startsWith("state ")),
    open:
      whyCut(output, frame) ?? (denied === undefined ? undefined : `a folder may not be read: ${visible(denied, 150)}`),
  };
}

function whyCut(output: HostOutput, frame: Frame | undefined): string | undefined {
  if (frame === undefined) {
    const none = missing(output, "find");
    return "detail" in none ? none.detail : undefined;
  }
  return frame.state === "ok" ? undefined : (faultOf(frame)?.detail ?? "the list of databases was cut");
}

interface FoundFile {
  readonly path: string;
  readonly changedAt: number;
  readonly bytes: number;
  readonly device: number;
  readonly birth: string | undefined;
}

function readFile(line: string): FoundFile | undefined {
  const match = /^file (\d{1,11})(?:\.\d{1,12})? (\d{1,18}) (\d{1,20}) \S{1,64} (\S{0,30}) (\/.*)$/.exec(line);
  if (match === null) return undefined;
  const [, changedAt, bytes, device, birth, path = ""] = match;
  return { path, changedAt: Number(changedAt), bytes: Number(bytes), device: Number(device), birth };
}

/** OpenClaw's own database, those of its agents and, of older versions, of its memory; the others it makes hold nothing to be restored. */
function isDatabase(path: string): boolean {
  return /\/(state\/openclaw|agents\/[^/]+\/agent\/openclaw-agent|\.openclaw[^/]*\/memory\/[^/]+)\.sqlite$/.test(path);
}

/**
 * Since when there is something to back up: an agent's database since its file was made. OpenClaw's own is made anew when it is restored
 * or moved, so it counts from when the host was set up.
 */
function madeAt(path: string, birth: string | undefined, text: string): number | undefined {
  if (!path.endsWith("/state/openclaw.sqlite"))
    return /^\d{9,11}/.test(birth ?? "") ? Math.trunc(Number(birth)) : undefined;
  const times = [...text.matchAll(/^host (\d{1,11})$/gm)].map((match) => Number(match[1]));
  return times.length === 0 ? undefined : Math.min(...times);
}

function mysql(text: string): FoundDatabase {
  const device = /^mysql (\d{1,20})$/m.exec(text)?.[1];
  return {
    path: "/var/lib/mysql",
    engine: "mysql",
    bytes: undefined,
    device: device === undefined ? undefined : Number(device),
    madeAt: undefined,
  };
}
