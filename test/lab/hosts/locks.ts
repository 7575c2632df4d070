import { spawn } from "node:child_process";
import { type FileHandle, mkdir, open, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { LabError, labExit, missingProgram } from "./run.ts";

/** A lock on a file. The kernel gives it back when its holder ends, however that happens. */
export interface Lock {
  release(): Promise<void>;
}

export interface LockOptions {
  /** Several may hold a shared lock at once, none beside an exclusive one. */
  readonly kind?: "exclusive" | "shared";
  /** Longest wait for others to give it back. */
  readonly timeoutMs?: number;
  /** What the error says is busy. */
  readonly what?: string;
}

/**
 * Takes the lock on a file, which is made where it is missing.
 * @throws LabError when others hold it for longer than the wait allowed.
 */
export async function lock(file: string, options: LockOptions = {}): Promise<Lock> {
  const end = performance.now() + (options.timeoutMs ?? 60_000);
  for (;;) {
    const handle = await openOrMake(file).catch((error: unknown) => {
      // Others may remove the folder at any moment while it and the file in it are made: then once more.
      if (performance.now() < end) return unlessMissing(error);
      throw error;
    });
    if (handle === undefined) continue;
    const got = await take(handle, options.kind ?? "exclusive", Math.max(0, end - performance.now()));
    if (got && (await isStill(handle, file))) return { release: () => handle.close() };
    await handle.close();
    if (performance.now() < end) continue;
    const hint = `somebody holds ${file}: "fuser ${file}" (Debian package psmisc) names the process; wait for it or end it`;
    throw new LabError(`${options.what ?? file} is busy`, { hint });
  }
}

/** Does something while holding a lock. */
export async function withLock<T>(file: string, options: LockOptions, action: () => Promise<T>): Promise<T> {
  const held = await lock(file, options);
  try {
    return await action();
  } finally {
    await held.release();
  }
}

async function openOrMake(file: string): Promise<FileHandle> {
  await mkdir(dirname(file), { recursive: true });
  return await open(file, "a");
}

/** flock(1) locks the open file that it inherits; the lock stays with our handle when it ends. */
async function take(handle: FileHandle, kind: "exclusive" | "shared", timeoutMs: number): Promise<boolean> {
  const args = [`--${kind}`, "--wait", (timeoutMs / 1000).toFixed(3), "3"];
  const child = spawn("flock", args, { stdio: ["ignore", "ignore", "ignore", handle.fd] });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", (error: NodeJS.ErrnoException) =>
      reject(error.code === "ENOENT" ? missingProgram("flock") : error),
    );
    child.on("close", resolve);
  });
  if (code === null) throw new LabError("stopped while waiting for a lock", { exitCode: labExit.interrupted });
  return code === 0;
}

/** A file that was removed while we waited locks nothing any more. */
async function isStill(handle: FileHandle, file: string): Promise<boolean> {
  const ours = await handle.stat();
  const there = await stat(file).catch(unlessMissing);
  return there !== undefined && there.ino === ours.ino && there.dev === ours.dev;
}

function unlessMissing(error: unknown): undefined {
  if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
  throw error;
}
