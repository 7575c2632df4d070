/** How long answers take, smoothed as TCP does (RFC 6298). */
export interface RoundTrip {
  /** Takes in one measured round trip. */
  add(elapsedMs: number): void;
  /** How long to wait for an answer: the smoothed time, `deviations` of its variation and 50 ms; undefined before the first. */
  patience(deviations: number): number | undefined;
}

/** An estimator that has seen nothing yet. */
export function createRoundTrip(): RoundTrip {
  let smoothed: number | undefined;
  let variation = 0;
  return {
    add(elapsedMs) {
      if (smoothed === undefined) {
        smoothed = elapsedMs;
        variation = elapsedMs / 2;
        return;
      }
      variation = 0.75 * variation + 0.25 * Math.abs(smoothed - elapsedMs);
      smoothed = 0.875 * smoothed + 0.125 * elapsedMs;
    },
    patience(deviations) {
      return smoothed === undefined ? undefined : smoothed + deviations * variation + 50;
    },
  };
}
