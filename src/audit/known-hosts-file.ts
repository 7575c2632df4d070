import { readFile } from "node:fs/promises";
import { InputError } from "#model/input-error.ts";

/**
 * The contents of known_hosts files, one after the other. A file that is not there holds nothing; one that can not be read throws
 * InputError, since a revoked key may stand in it.
 */
export async function readKnownHosts(files: readonly string[]): Promise<string> {
  const contents = await Promise.all(files.map(readOne));
  return contents.join("\n");
}

async function readOne(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    // Not there, or not a directory on the way: the usual case of a file that ssh too would pass over.
    if (code === "ENOENT" || code === "ENOTDIR") return "";
    throw new InputError(`The known_hosts file ${file} can not be read (${code}).`, {
      hint: `Make it readable for this user: chmod u+r ${file}`,
    });
  }
}
