import { LabError, labExit } from "./run.ts";

/**
 * Does something that Ctrl-C, SIGTERM or the terminal's end makes stop in order: the signal is aborted, and what was begun
 * is cleared away before this throws.
 * @throws LabError with the exit code of an interruption.
 */
export async function interruptible<T>(action: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const stop = new AbortController();
  const heard = () => {
    if (!stop.signal.aborted) process.stderr.write("lab: stopping, and clearing away what was begun …\n");
    stop.abort();
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, heard);
  try {
    return await action(stop.signal);
  } catch (error) {
    // Programs that the same Ctrl-C has ended look like failures of their own.
    if (!stop.signal.aborted) throw error;
    throw new LabError("stopped", { exitCode: labExit.interrupted, cause: error });
  } finally {
    for (const signal of signals) process.off(signal, heard);
  }
}
