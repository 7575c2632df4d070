import { readFileSync } from "node:fs";
import { join } from "node:path";
import { equipment } from "./places.ts";
import { LabError, labExit } from "./run.ts";

/**
 * The Node that the project itself ships to Linux.
 * @throws LabError when the project's packages are not installed.
 */
export function projectNode(): { readonly binary: string; readonly version: string } {
  const folder = join(equipment, "../../node_modules", `node-linux-${process.arch}`);
  try {
    const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { version: string };
    return { binary: join(folder, "bin/node"), version };
  } catch (cause) {
    throw new LabError(`${folder} is missing`, { hint: "npm ci", exitCode: labExit.missing, cause });
  }
}
