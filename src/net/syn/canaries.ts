/** What a canary is asked of. */
export type CanaryKind = "closed" | "open" | "echo";

/** Canaries asked, and lost. */
export interface Tally {
  readonly asked: number;
  readonly lost: number;
}

/** Probes whose answer is certain, sent in the midst of a scan: they tell how much of it gets lost, and how long answers take. */
export interface Canaries {
  /** Number for the next one; the answer has to bring it back. */
  next(): number;
  /** Books one of that number as sent now, to that port; none for an echo request. */
  sent(canary: { readonly number: number; readonly kind: CanaryKind; readonly port: number }, now: number): void;
  /** Books an answer; gives its round trip in ms, or undefined where none of that number and port is waited for. */
  answer(number: number, port: number, now: number): number | undefined;
  /** Gives up those that are older than `patienceMs`; the number of them. */
  expire(now: number, patienceMs: number): number;
  tally(kind: CanaryKind): Tally;
  /** Lost since the last answer, of whatever kind. */
  readonly streak: number;
  /** Answered so far. */
  readonly answered: number;
}

/** Canaries of one scan. Numbers begin at `first` and go up by one, within `bits` bits. */
export function createCanaries(first: number, bits: number): Canaries {
  const waiting = new Map<number, { at: number; kind: CanaryKind; port: number }>();
  const tallies: Record<CanaryKind, { asked: number; lost: number }> = {
    closed: { asked: 0, lost: 0 },
    open: { asked: 0, lost: 0 },
    echo: { asked: 0, lost: 0 },
  };
  const range = 2 ** bits;
  let following = first;
  let streak = 0;
  let answered = 0;
  return {
    next() {
      const number = following % range;
      following = (number + 1) % range;
      return number;
    },
    sent({ number, kind, port }, now) {
      waiting.set(number, { at: now, kind, port });
    },
    answer(number, port, now) {
      const canary = waiting.get(number);
      if (canary === undefined || canary.port !== port) return undefined;
      waiting.delete(number);
      tallies[canary.kind].asked += 1;
      answered += 1;
      streak = 0;
      return now - canary.at;
    },
    expire(now, patienceMs) {
      let count = 0;
      for (const [number, { at, kind }] of waiting) {
        if (now - at < patienceMs) break;
        waiting.delete(number);
        tallies[kind].asked += 1;
        tallies[kind].lost += 1;
        count += 1;
      }
      streak += count;
      return count;
    },
    tally: (kind) => ({ ...tallies[kind] }),
    get streak() {
      return streak;
    },
    get answered() {
      return answered;
    },
  };
}
