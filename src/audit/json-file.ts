import { readFileSync, statSync } from "node:fs";
import { InputError } from "#model/input-error.ts";

const maxBytes = 256 * 1024 * 1024;

/** Bytes of a file the operator named. Throws InputError when it cannot be read. */
export function readNamedFile(file: string): Buffer {
  try {
    if (statSync(file).size > maxBytes) {
      throw new InputError(`${file} is larger than 256 MiB.`, {
        hint: "Evidence and reports are far smaller: is this the right file?",
      });
    }
    return readFileSync(file);
  } catch (error) {
    if (error instanceof InputError) throw error;
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    throw new InputError(`${file} cannot be read (${code === "" ? String(error) : code}).`, {
      hint: code === "ENOENT" ? "Check the path." : "Check the file's permissions.",
    });
  }
}

/** Parses JSON of a named file. Throws InputError. */
export function parseNamedJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const detail = error instanceof Error ? error.message.slice(0, 200) : "";
    throw new InputError(`${file} is not JSON: ${detail}`, {
      hint: "It may have been cut off while it was copied.",
    });
  }
}
