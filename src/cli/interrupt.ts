import { exitCodes } from "#model/exit-codes.ts";

/** A wish to stop: the first Ctrl-C aborts the signal, a second one a moment later ends the program at once. */
export interface Interruption {
  readonly signal: AbortSignal;
  readonly release: () => void;
}

/** A terminal sends the signal to the launcher too, which passes it on: two within this time are one. */
const oneKeyPressMs = 700;

/** Listens for SIGINT, SIGTERM and SIGHUP. `told` is called once, at the first. */
export function onInterrupt(told: () => void): Interruption {
  const controller = new AbortController();
  let first = 0;
  const heard = () => {
    if (!controller.signal.aborted) {
      first = Date.now();
      told();
      controller.abort();
    } else if (Date.now() - first > oneKeyPressMs) {
      process.exit(exitCodes.interrupted);
    }
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, heard);
  return {
    signal: controller.signal,
    release: () => {
      for (const signal of signals) process.off(signal, heard);
    },
  };
}
