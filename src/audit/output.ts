import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmdirSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { InputError } from "#model/input-error.ts";

const neededBytes = 32 * 1024 * 1024;

/**
 * Makes the folder `<base>/<target>/<time>` for one run and checks that there is room, before anything is gathered.
 * Throws InputError when it cannot be written.
 */
export function makeRunFolder(base: string, target: string, now: Date): string {
  const time = now.toISOString().slice(0, 19).replace(/:/g, "");
  const parent = join(base, target);
  try {
    ensureFolder(parent);
    accessSync(parent, constants.W_OK);
    const { bavail, bsize } = statfsSync(parent);
    if (bavail * bsize < neededBytes) throw new Error("less than 32 MiB are free");
    return makeFresh(join(parent, `${time}Z`));
  } catch (error) {
    throw new InputError(`${parent} cannot be written: ${reasonOf(error)}.`, {
      hint: "Make room or choose another folder with --out.",
    });
  }
}

/** Makes a folder and those above it, one by one: a recursive mkdir does not come back from a file system that makes none, such as /proc. */
function ensureFolder(folder: string): void {
  if (existsSync(folder)) return;
  ensureFolder(dirname(folder));
  mkdirSync(folder, { mode: 0o700 });
}

function makeFresh(wanted: string): string {
  for (let count = 1; ; count += 1) {
    const folder = count === 1 ? wanted : `${wanted}-${count}`;
    try {
      mkdirSync(folder, { mode: 0o700 });
      return folder;
    } catch (error) {
      // Two runs within one second: the later one takes the next name.
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST") || count > 100) throw error;
    }
  }
}

/** What was written where. `instead` is set when the wanted folder failed and the temporary one took the file. */
export interface Written {
  readonly file: string;
  readonly instead?: string;
}

/**
 * Writes a file in one move: it is there whole or not at all. When the folder does not take it (disk full), the system's
 * temporary folder does, so that what was gathered is kept. Throws InputError when neither can.
 */
export function writeWhole(file: string, content: string | Uint8Array): Written {
  try {
    writeBeside(file, content);
    return { file };
  } catch (error) {
    // Disk full or gone: the only thing left to do is to keep the content somewhere else.
    const reason = reasonOf(error);
    return { file: keepElsewhere(file, content, reason), instead: `${file} could not be written: ${reason}` };
  }
}

/** Writes a file whole, folders above it included, or throws InputError: for what can be made again. */
export function writeOrRefuse(file: string, content: string | Uint8Array): void {
  try {
    ensureFolder(dirname(file));
    writeBeside(file, content);
  } catch (error) {
    throw new InputError(`${file} could not be written: ${reasonOf(error)}.`, {
      hint: "Choose another place with --out.",
    });
  }
}

/** Takes back a folder of a run that came to nothing. */
export function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // It holds something: that is to be kept.
  }
}

function keepElsewhere(file: string, content: string | Uint8Array, reason: string): string {
  try {
    const other = join(mkdtempSync(join(tmpdir(), "sekisho-")), basename(file));
    writeBeside(other, content);
    return other;
  } catch (error) {
    throw new InputError(`${file} could not be written (${reason}), nor could ${tmpdir()} (${reasonOf(error)}).`, {
      hint: "Make room, or choose another folder with --out, and run again.",
    });
  }
}

function writeBeside(file: string, content: string | Uint8Array): void {
  const temporary = join(dirname(file), `.${basename(file)}.part`);
  try {
    writeFileSync(temporary, content, { mode: 0o600, flush: true });
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = "code" in error ? String(error.code) : "";
  switch (code) {
    case "ENOSPC":
      return "no space is left on the device";
    case "EACCES":
    case "EPERM":
      return "permission is denied";
    case "EROFS":
      return "the file system is read-only";
    case "ENOTDIR":
      return "a part of the path is not a folder";
    case "ENOENT":
      return "there is no such folder, and none can be made";
    default:
      return error.message;
  }
}
