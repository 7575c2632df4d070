/** Probes whose answer is certain, sent in the midst of a scan: they tell how much of it gets lost, and how long answers take. */
export interface Canaries {
  /** Books one that is sent now and gives its number, which the answer has to bring back. */
  send(now: number): number;
  /** Books an answer; gives its round trip in ms, or undefined where none of that number is waited for. */
  answer(number: number, now: number): number | undefined;
  /** Gives up those that are older than `patienceMs`; the number of them. */
  expire(now: number, patienceMs: number): number;
  readonly asked: number;
  readonly lost: number;
  /** Lost since the last answer. */
  readonly streak: number;
  /** Sent and neither answered nor given up. */
  readonly waiting: number;
}

/** Canaries of one scan. Numbers begin at `first` and go up by one, within `bits` bits. */
export function createCanaries(first: number, bits: number): Canaries {
  const sentAt = new Map<number, number>();
  const range = 2 ** bits;
  let next = first;
  let asked = 0;
  let lost = 0;
  let streak = 0;
  return {
    send(now) {
      const number = next % range;
      next = (number + 1) % range;
      sentAt.set(number, now);
      return number;
    },
    answer(number, now) {
      const at = sentAt.get(number);
      if (at === undefined) return undefined;
      sentAt.delete(number);
      asked += 1;
      streak = 0;
      return now - at;
    },
    expire(now, patienceMs) {
      let count = 0;
      for (const [number, at] of sentAt) {
        if (now - at < patienceMs) break;
        sentAt.delete(number);
        count += 1;
      }
      asked += count;
      lost += count;
      streak += count;
      return count;
    },
    get asked() {
      return asked;
    },
    get lost() {
      return lost;
    },
    get streak() {
      return streak;
    },
    get waiting() {
      return sentAt.size;
    },
  };
}
