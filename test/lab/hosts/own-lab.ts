import { type SpawnOptions, spawn } from "node:child_process";
import { join } from "node:path";
import { afterAll, beforeAll, expect } from "vitest";
import { clean } from "./clean.ts";
import { type Lock, lock } from "./locks.ts";
import { snapshot, traces } from "./machine.ts";
import { equipment } from "./places.ts";

const waitMs = 300_000;

/** Gives a test file a lab of its own, beside any other, and holds the machine to how it was found once the lab is cleaned away. */
export function useOwnLab(): void {
  process.env["SEKISHO_LAB"] = "/run/sekisho-labtest";
  let before: ReturnType<typeof snapshot>;
  let turn: Lock;
  beforeAll(async () => {
    // Two runs of the tests at once take turns; any file that is always there can be locked.
    turn = await lock(import.meta.filename, { what: "the lab of the lab's own tests", timeoutMs: waitMs });
    await clean();
    before = snapshot();
  }, 2 * waitMs);
  afterAll(async () => {
    await clean();
    const after = { left: traces(), machine: snapshot() };
    await turn.release();
    expect(after).toEqual({ left: [], machine: before });
  });
}

/** A run of a program, as the leader of a process group of its own, as a shell would start it. */
export interface Command {
  readonly pid: number;
  readonly ended: Promise<{ readonly code: number | null; readonly output: string }>;
  /** Sends a signal to all its processes, as a terminal does at Ctrl-C. */
  interrupt(signal: NodeJS.Signals): void;
}

/** Starts the lab's command line. */
export function lab(...args: readonly string[]): Command {
  return start([process.execPath, join(equipment, "hosts/cli.ts"), ...args]);
}

/** Starts a program. `options` as for node:child_process. */
export function start(command: readonly string[], options: SpawnOptions = {}): Command {
  const [program = "", ...args] = command;
  const child = spawn(program, args, { ...options, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${program} could not be started`);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  const ended = new Promise<{ code: number | null; output: string }>((resolve) =>
    child.on("close", (code) => resolve({ code, output })),
  );
  return { pid, ended, interrupt: (signal) => process.kill(-pid, signal) };
}
