/**
 * Does the jobs in their order, some at once, and gives what came of each in the same order. Once the signal is aborted no further job is
 * begun; its place stays undefined.
 */
export async function inLanes<T>(
  jobs: readonly (() => Promise<T>)[],
  lanes: number,
  signal: AbortSignal,
): Promise<readonly (T | undefined)[]> {
  const results = new Array<T | undefined>(jobs.length).fill(undefined);
  const waiting = jobs.entries();
  const lane = async () => {
    for (const [index, job] of waiting) {
      if (signal.aborted) return;
      results[index] = await job();
    }
  };
  await Promise.all(Array.from({ length: Math.min(lanes, jobs.length) }, lane));
  return results;
}

/** A gate that lets one through at a time, in the order of their coming. */
export type Gate = <T>(action: () => Promise<T>) => Promise<T>;

/** A gate that nobody has gone through yet. */
export function newGate(): Gate {
  let last: Promise<unknown> = Promise.resolve();
  return (action) => {
    const turn = last.then(action);
    // Whoever waits next goes on also when this one failed.
    last = turn.catch(() => undefined);
    return turn;
  };
}
