/** Runs work, some at a time. */
export interface Workers {
  add(work: () => Promise<void>): void;
  /** Ends when nothing runs and nothing waits; rejects with the first thing that was thrown. */
  idle(): Promise<void>;
  /** Runs work on one daemon after other work on it. */
  readonly inTurn: <T>(daemon: string, work: () => Promise<T>) => Promise<T>;
  /** Pieces of work that wait or run. */
  readonly waiting: number;
  readonly done: number;
  readonly total: number;
}

/** Workers for at most `atOnce` pieces of work at a time. */
export function createWorkers(atOnce: number): Workers {
  const queue: (() => Promise<void>)[] = [];
  const turns = new Map<string, Promise<unknown>>();
  const failures: unknown[] = [];
  let running = 0;
  let done = 0;
  let total = 0;
  let wake: () => void = () => undefined;
  const next = () => {
    while (running < atOnce) {
      const work = queue.shift();
      if (work === undefined) break;
      running += 1;
      done += 1;
      work()
        .catch((error: unknown) => failures.push(error))
        .finally(() => {
          running -= 1;
          next();
        });
    }
    if (running === 0) wake();
  };
  return {
    add(work) {
      total += 1;
      queue.push(work);
      next();
    },
    async idle() {
      while (running > 0 || queue.length > 0) {
        const { promise, resolve } = Promise.withResolvers<void>();
        wake = resolve;
        await promise;
      }
      if (failures.length > 0) throw failures[0];
    },
    inTurn(daemon, work) {
      const before = turns.get(daemon) ?? Promise.resolve();
      const mine = before.then(work, work);
      turns.set(daemon, mine);
      return mine;
    },
    get waiting() {
      return queue.length + running;
    },
    get done() {
      return done;
    },
    get total() {
      return total;
    },
  };
}
