import type { Openclaw } from "#evidence/host.ts";
import { visible } from "#model/sanitise.ts";
import { unknown } from "#model/unknown.ts";
import { type Frame, frameOf, type HostOutput, lines } from "./frames.ts";

type PrivateFile = Exclude<Openclaw["privateFiles"][number], { $unknown: string }>;

interface Entry {
  readonly mode: string;
  readonly owner: string;
  readonly path: string;
}

/** As many files as are told; a list with more ends open. Those that others may read come first. */
const mostFiles = 200;

/**
 * Files that hold what OpenClaw was told and what it stored. The list is open where the folder of the configuration in force was not looked
 * through.
 *
 * @param config Path of that configuration, where it is known.
 */
export function privateFiles(output: HostOutput, config: string | undefined): Openclaw["privateFiles"] {
  const frame = frameOf(output, "openclaw.files");
  if (frame === undefined || (frame.state !== "ok" && frame.state !== "truncated"))
    return [unknown("who may read its files could not be asked")];
  const folders = entries(frame, "folder");
  const modes = new Map(folders.map(({ path, mode }) => [path, mode]));
  const files = entries(frame, "file").map((file) => toFile(file, modes));
  const told = files.toSorted((a, b) => Number(b.othersRead) - Number(a.othersRead)).slice(0, mostFiles);
  const why = gapIn(frame, modes, config);
  if (why !== undefined) return [...told, unknown(why)];
  return told.length < files.length ? [...told, unknown("it has more files")] : told;
}

function entries(frame: Frame, kind: "folder" | "file"): readonly Entry[] {
  return [...frame.text.matchAll(new RegExp(`^${kind} ([0-7]{1,4}) (\\S{1,64}) (/.*)$`, "gm"))].map(
    ([, mode = "", owner = "", path = ""]) => ({ mode, owner, path }),
  );
}

/** Modes alone are looked at: whoever has an entry of its own in an access control list is not among the others. */
function toFile({ mode, owner, path }: Entry, folders: ReadonlyMap<string, string>): PrivateFile {
  const entered = above(path).every((folder) => allows(folders.get(folder) ?? "755", 1));
  return {
    path: visible(path, 300),
    mode: visible(mode, 4),
    owner: visible(owner, 60),
    othersRead: allows(mode, 4) && entered,
  };
}

/** Whether a mode gives others a right. */
function allows(mode: string, right: 1 | 4): boolean {
  return (Number.parseInt(mode.slice(-1), 8) & right) !== 0;
}

function above(path: string): readonly string[] {
  const parts = path.split("/").slice(1, -1);
  return parts.map((_, index) => `/${parts.slice(0, index + 1).join("/")}`);
}

/** Why there may be more files than were seen. */
function gapIn(frame: Frame, folders: ReadonlyMap<string, string>, config: string | undefined): string | undefined {
  // Where it looks first need not be there; what is gone by the time it is looked at cannot be read either.
  const missing = /^(\/\S*\/)?find: .*: No such file or directory$/;
  const odd = lines(frame.text).some((line) => !/^(folder|file) [0-7]/.test(line) && !missing.test(line));
  if (frame.state === "truncated" || odd) return "not all of its files could be looked at";
  if (config === undefined) return "where its configuration lies is not known, so its files were not all found";
  const folder = config.slice(0, config.lastIndexOf("/"));
  return folders.has(folder) ? undefined : "the folder of its configuration was not looked through";
}
