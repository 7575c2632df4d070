import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { InputError } from "#model/input-error.ts";

/** Files of the catalogue and configurations are small; a larger one is not read at all. */
const maximumBytes = 1_000_000;

/**
 * Text of a file in UTF-8.
 * @throws InputError when it is not there, not readable, too large or not UTF-8.
 */
export function readText(path: string, hint?: string): string {
  const place = { file: path };
  try {
    const status = statSync(path);
    if (status.isDirectory()) throw new InputError("is a directory, not a file", { place, hint });
    if (status.size > maximumBytes) throw new InputError(`file is larger than ${maximumBytes} bytes`, { place });
    return new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(path));
  } catch (error) {
    // Each of these is something the operator can mend, unlike what else may be thrown.
    if (error instanceof TypeError) throw new InputError("file is not UTF-8 text", { place });
    if (isSystemError(error))
      throw new InputError(reasons[error.code] ?? `cannot be read (${error.code})`, { place, hint });
    throw error;
  }
}

/**
 * Names in a directory, sorted; files or directories only, links followed, names that begin with a dot left out.
 * @throws InputError when it cannot be read.
 */
export function namesIn(path: string, kind: "files" | "directories"): string[] {
  try {
    return readdirSync(path)
      .filter((name) => !name.startsWith("."))
      .filter((name) => statSync(join(path, name)).isDirectory() === (kind === "directories"))
      .sort();
  } catch (error) {
    // As above: a directory that is missing or closed is the operator's to mend.
    if (isSystemError(error)) {
      throw new InputError(reasons[error.code] ?? `cannot be read (${error.code})`, { place: { file: path } });
    }
    throw error;
  }
}

/** By its name a YAML file as the catalogue has them. */
export function isYaml(name: string): boolean {
  return name.endsWith(".yaml");
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "no such file or directory",
  EACCES: "no permission to read it",
  EPERM: "no permission to read it",
  ENOTDIR: "no such file or directory",
};

function isSystemError(error: unknown): error is { code: string } {
  return error instanceof Error && "code" in error && typeof error.code === "string";
}
