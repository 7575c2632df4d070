import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { LabError, labExit, missingProgram } from "./run.ts";

const programs = ["systemd-nspawn", "ip", "sysctl", "unshare", "nsenter", "setpriv", "flock", "tar", "ssh-keygen"];

/**
 * Whether hosts can be had here at all: Linux, root, and the programs that make them.
 * @throws LabError that says what is missing, with the command that mends it.
 */
export function preflight(): void {
  if (process.platform !== "linux") {
    throw new LabError("the lab needs Linux: its hosts are containers with kernel namespaces of their own", {
      exitCode: labExit.missing,
    });
  }
  if (process.getuid?.() !== 0) {
    throw new LabError("the lab needs root: it makes network namespaces, mounts and control groups", {
      hint: "run the same command with sudo, or as root",
      exitCode: labExit.permission,
    });
  }
  const missing = programs.find((program) => !installed(program));
  if (missing !== undefined) throw missingProgram(missing);
}

function installed(program: string): boolean {
  return (process.env["PATH"] ?? "").split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
