import { faultOf, frameOf, type HostOutput, lines } from "./frames.ts";
import { growthPerDay } from "./log-retention.ts";
import { entryTimeMs } from "./log-time.ts";

/** A file of a log. */
interface LogFile {
  readonly path: string;
  readonly modifiedMs: number;
  readonly bytes: number;
  /** The first time that stands in it; undefined where none was read. */
  readonly firstMs: number | undefined;
}

/** A log's folder, and its files there and where rotated ones go. */
export interface LogFolder {
  readonly state: "seen" | "missing" | "hidden" | "unlisted";
  readonly mode: string;
  readonly group: number;
  readonly fileSystem: string;
  /** Oldest first. */
  readonly files: readonly LogFile[];
  /** Bytes of files that were not listed one by one. */
  readonly moreBytes: number;
}

/** Logs by the path that was looked for; undefined where nothing was read. */
export function readLogFolders(
  output: HostOutput,
  hostOffsetMinutes: number | undefined,
): ReadonlyMap<string, LogFolder> | undefined {
  const frame = frameOf(output, "logs.files");
  if (frame === undefined || frame.state !== "ok" || faultOf(frame) !== undefined) return undefined;
  const blocks = frame.text.split(/^(?=log \/)/m).filter((block) => block.startsWith("log /"));
  return new Map(blocks.map((block) => readFolder(block, hostOffsetMinutes)));
}

function readFolder(block: string, offset: number | undefined): readonly [string, LogFolder] {
  const [head = "", ...rest] = lines(block);
  const firsts = new Map(
    rest.flatMap((line) => {
      const match = /^first ([^\t]{1,60})\t(.*)$/.exec(line);
      return match === null ? [] : [[match[2] ?? "", entryTimeMs(match[1] ?? "", offset)] as const];
    }),
  );
  const files = rest.flatMap((line): LogFile[] => {
    const match = /^file (\d{1,12}) (\d{1,15}) (\/.*)$/.exec(line);
    if (match === null) return [];
    const modifiedMs = Number(match[1]) * 1000;
    const firstMs = firsts.get(match[3] ?? "");
    // No entry is younger than the last write; a time that says so stands for something else.
    const plausible = firstMs !== undefined && firstMs > 0 && firstMs <= modifiedMs + 86_400_000;
    return [{ path: match[3] ?? "", modifiedMs, bytes: Number(match[2]), firstMs: plausible ? firstMs : undefined }];
  });
  const folder = /^folder ([0-7]{3,4}) \d+ (\d+)$/m.exec(block);
  return [
    head.slice(4),
    {
      state: stateOf(rest, folder !== null),
      mode: folder?.[1] ?? "",
      group: Number(folder?.[2] ?? 0),
      fileSystem: /^filesystem (.*)$/m.exec(block)?.[1] ?? "",
      files: files.toSorted((a, b) => a.modifiedMs - b.modifiedMs),
      moreBytes: Number(/^more \d+ (\d{1,15})$/m.exec(block)?.[1] ?? 0),
    },
  ];
}

function stateOf(rest: readonly string[], seen: boolean): LogFolder["state"] {
  if (rest.includes("unlisted")) return "unlisted";
  if (rest.includes("hidden")) return "hidden";
  return seen ? "seen" : "missing";
}

const compressed = /\.(gz|xz|zst|bz2|lz4)$/;

/** Bytes a day by the newest file that is not compressed and spans a time that says something. */
export function growthOf(folder: LogFolder | undefined): number | undefined {
  const plain = (folder?.files ?? []).filter(({ path, firstMs }) => firstMs !== undefined && !compressed.test(path));
  const rates = plain.toReversed().map((file) => growthPerDay(file.bytes, file.modifiedMs - (file.firstMs ?? 0)));
  return rates.find((rate) => rate !== undefined);
}

/** When the oldest entry that is there was written, and what shows it; undefined where no file holds anything. */
export function oldestOf(
  folder: LogFolder | undefined,
): { readonly ms: number; readonly by: "entry" | "file" } | undefined {
  const oldest = (folder?.files ?? []).find(({ bytes }) => bytes > 0);
  if (oldest === undefined) return undefined;
  return oldest.firstMs === undefined ? { ms: oldest.modifiedMs, by: "file" } : { ms: oldest.firstMs, by: "entry" };
}

/** Bytes of all files of a log. */
export function bytesOf(folder: LogFolder): number {
  return folder.files.reduce((sum, { bytes }) => sum + bytes, folder.moreBytes);
}
