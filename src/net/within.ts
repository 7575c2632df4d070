/**
 * Waits for a promise no longer than `timeoutMs` and not beyond an abort; gives undefined then. The promise's late rejection is
 * swallowed, since nobody waits for it any more.
 */
export async function within<T>(
  promise: Promise<T>,
  limits: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<T | undefined> {
  const { promise: over, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => resolve(undefined), limits.timeoutMs);
  const stop = () => resolve(undefined);
  limits.signal.addEventListener("abort", stop, { once: true });
  if (limits.signal.aborted) stop();
  promise.catch(() => undefined);
  try {
    return await Promise.race([promise, over]);
  } finally {
    clearTimeout(timer);
    limits.signal.removeEventListener("abort", stop);
  }
}

/** Sleeps, shorter when aborted. */
export async function pause(timeoutMs: number, signal: AbortSignal): Promise<void> {
  await within(new Promise<never>(() => undefined), { timeoutMs, signal });
}
