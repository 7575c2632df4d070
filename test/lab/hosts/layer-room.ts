import { join } from "node:path";
import { equipment } from "./places.ts";
import { attempt } from "./run.ts";

/** A root file system that exists only while a program runs in it. */
export interface Room {
  /** Folder that takes what is written. */
  readonly upper: string;
  /** Empty folder beside `upper` for the overlay's own use, and one to mount on. */
  readonly work: string;
  readonly merged: string;
  /** Layers below, top first. */
  readonly lowers: readonly string[];
  /** The machine's network, or an empty one of its own (default). */
  readonly sharedNetwork?: boolean;
  /** Files and folders of the machine, by where they are seen in the room. */
  readonly binds?: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

/**
 * Runs a program in a room, as root but without the rights to change the machine's clock or its kernel.
 * @returns exit code, and standard output and error together.
 * @throws LabError when it takes too long.
 */
export async function inRoom(
  room: Room,
  command: readonly string[],
): Promise<{ readonly code: number; readonly output: string }> {
  const shared = room.sharedNetwork === true;
  const binds = Object.entries(room.binds ?? {}).flatMap(([to, from]) => ["-b", `${from}:${to}`]);
  const program = [
    join(equipment, "hosts", "layer-room.sh"),
    ...(room.lowers.length === 0 ? [] : ["-l", room.lowers.join(":"), "-w", room.work]),
    ...["-n", shared ? "shared" : "own"],
    ...binds,
    ...[room.upper, room.merged],
    ...command,
  ];
  const { code, stdout, stderr } = await attempt(apart(["sh", ...program], { network: !shared }), {
    timeoutMs: room.timeoutMs,
  });
  return { code, output: stdout + stderr };
}

/** The command line that runs a program where its mounts and its children end with it, and it ends with us. */
export function apart(command: readonly string[], options: { readonly network: boolean }): readonly string[] {
  const confined = ["setpriv", "--pdeathsig", "KILL", "--bounding-set", "-sys_time,-sys_module,-sys_boot"];
  const namespaces = ["--mount", "--pid", "--ipc", "--uts", ...(options.network ? ["--net"] : [])];
  return [...confined, "unshare", ...namespaces, "--fork", "--kill-child", "--mount-proc", ...command];
}
