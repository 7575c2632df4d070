import { visible } from "#model/sanitise.ts";
import { type Frame, faultOf, framesOf, type HostOutput, missing } from "./frames.ts";

/** One file in a folder of backups. */
export interface CopyFile {
  readonly path: string;
  readonly bytes: number;
  /** Seconds since 1970. */
  readonly writtenAt: number;
  /** Number of the device it lies on. */
  readonly device: number;
  readonly sha256?: string | undefined;
  /** What the checks of its format say: empty for sound, undefined where none was made. */
  readonly fault?: string | undefined;
}

/** Files in folders of backups. */
export interface Copies {
  readonly files: readonly CopyFile[];
  /** Why there may be any others. */
  readonly open: string | undefined;
  /** Why there may be others that are older than those in the list. */
  readonly cut: string | undefined;
}

/** Files in folders of backups, with what their contents were seen to be. */
export function readCopies(output: HostOutput): Copies {
  const frames = framesOf(output, "backups.files");
  const hashes = readHashes(output);
  const heads = readHeads(output);
  const checks = readChecks(output);
  const found = new Map<string, CopyFile>();
  let open: string | undefined;
  let cut: string | undefined;
  if (frames.length === 0) {
    const why = missing(output, "find");
    open = why.status === "observed" ? undefined : why.detail;
  }
  for (const frame of frames) {
    const list = readList(frame);
    open ??= list.open;
    cut ??= list.cut;
    for (const file of list.files) {
      const fault = faultOfCopy(file, heads.get(file.path), checks.get(file.path));
      found.set(file.path, { ...file, sha256: hashes.get(file.path), fault });
    }
  }
  return { files: [...found.values()], open, cut };
}

function readList(frame: Frame): Copies {
  const files: CopyFile[] = [];
  let open = faultOf(frame)?.detail ?? (frame.state === "truncated" ? "the list was cut" : undefined);
  let count: number | undefined;
  for (const line of frame.text.split("\n")) {
    const match = /^file (\d{1,11})(?:\.\d{1,12})? (\d{1,18}) (\d{1,20}) (\/.*)$/.exec(line);
    const total = /^files (\d{1,9})$/.exec(line)?.[1];
    if (match !== null)
      files.push({
        path: match[4] ?? "",
        writtenAt: Number(match[1]),
        bytes: Number(match[2]),
        device: Number(match[3]),
      });
    else if (total !== undefined) count = Number(total);
    else if (line !== "") open ??= `a folder was not read to its end: ${visible(line, 150)}`;
  }
  if (count === undefined) open ??= "the list does not come to its end";
  const cut =
    count !== undefined && count > files.length
      ? `${count} files are there, the newest ${files.length} were read`
      : undefined;
  return { files, open, cut };
}

function readHashes(output: HostOutput): ReadonlyMap<string, string> {
  const lines = framesOf(output, "backups.hashes").flatMap((frame) => frame.text.split("\n"));
  const pairs = lines.map((line) => /^([0-9a-f]{64}) {2}(\/.*)$/.exec(line));
  return new Map(pairs.flatMap((match) => (match === null ? [] : [[match[2] ?? "", match[1] ?? ""] as const])));
}

function readChecks(output: HostOutput): ReadonlyMap<string, boolean> {
  const checks = new Map<string, boolean>();
  let path: string | undefined;
  for (const line of framesOf(output, "backups.checks").flatMap((frame) => frame.text.split("\n"))) {
    const named = /^check (\/.*)$/.exec(line)?.[1];
    if (named !== undefined) path = named;
    else if (path !== undefined && (line === "sound" || line === "damaged")) {
      checks.set(path, line === "sound");
      path = undefined;
    }
  }
  return checks;
}

/** First bytes of databases, by path. */
function readHeads(output: HostOutput): ReadonlyMap<string, Uint8Array> {
  const heads = new Map<string, Uint8Array>();
  let path: string | undefined;
  for (const line of framesOf(output, "backups.heads").flatMap((frame) => frame.text.split("\n"))) {
    const named = /^head \d{1,18} (\/.*)$/.exec(line)?.[1];
    if (named !== undefined) path = named;
    else if (path !== undefined && /^( [0-9a-f]{2}){1,108} *$/.test(line)) {
      heads.set(
        path,
        Uint8Array.from(line.trim().split(" "), (hex) => Number.parseInt(hex, 16)),
      );
      path = undefined;
    }
  }
  return heads;
}

function faultOfCopy(file: CopyFile, head: Uint8Array | undefined, sound: boolean | undefined): string | undefined {
  if (file.bytes === 0) return "it is empty";
  const fault = head === undefined ? undefined : faultOfHead(head, file.bytes);
  if (fault !== undefined) return fault;
  if (sound === undefined) return undefined;
  if (sound) return "";
  return /\.t?gz$/.test(file.path) ? "gzip cannot unpack it" : "SQLite finds it damaged";
}

/**
 * What the head of a file says against its being a database with content (https://www.sqlite.org/fileformat.html); undefined for nothing.
 */
export function faultOfHead(head: Uint8Array, bytes: number): string | undefined {
  const text = Buffer.from(head);
  if (text.subarray(0, 16).toString("latin1") !== "SQLite format 3\0") return "it is no SQLite database";
  if (head.length < 108) return "it ends within its first page";
  const size = text.readUInt16BE(16);
  const page = size === 1 ? 65_536 : size;
  const pages = text.readUInt32BE(28);
  // The number of pages counts only where the file's change counter is that of the version that wrote it.
  const counts = pages > 0 && text.readUInt32BE(24) === text.readUInt32BE(92);
  if (counts && bytes < pages * page) return `it has ${bytes} of ${pages * page} bytes`;
  if (page < 512 || bytes % page !== 0) return "its length is no multiple of its pages";
  // The first page is the table of tables: a leaf without a cell holds none.
  if (text.readUInt8(100) === 0x0d && text.readUInt16BE(103) === 0) return "it holds no table";
  return undefined;
}

/** Name of a group of copies: digits, days of the week and ids stand as #. */
export function patternOf(path: string): string {
  return path
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, "#")
    .replace(/(?<![A-Za-z])(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?(?![A-Za-z])/gi, "#")
    .replace(/\d+/g, "#")
    .replace(/#(?:[-_.:T+Z]*#)*/g, "#")
    .replace(/\.#(\.[a-z0-9]+)?$/i, "$1");
}
