/** How fast to send, learnt from what becomes of probes whose answer is certain (canaries). Times in ms, rates per second. */
export interface Rate {
  readonly perSecond: number;
  /** Packets that may be sent now; they count as sent. */
  take(now: number, most: number): number;
  /** What became of a canary. */
  add(answered: boolean): void;
  /** Starts again from the beginning: what was learnt turned out to say nothing of the path. */
  restart(): void;
}

/** Where a rate starts, and how far it may go. */
export interface RateLimits {
  readonly start: number;
  readonly least: number;
  readonly most: number;
}

/** Canaries after which a clean path is gone faster on. */
const cleanWindow = 48;
/** Canaries and losses before a loss is held for more than chance: two lost of twenty-four are no congestion. */
const lossWindow = 64;
const fewestLosses = 5;
/** Loss above what the path loses anyway that is held for congestion. */
const margin = 0.06;
const growth = 1.5;
/** Near the rate at which it was once too much, the way up is slow. */
const nearKnown = 0.75;
const slowGrowth = 1.03;
/** A pause of this process must not end in a burst: queues on the way are short. */
const burstMs = 12;

/**
 * A rate that grows while canaries come back and shrinks to what came through when more of them are lost than the path loses anyway. Where
 * going slower does not lower the loss, it is the path's own, and is no reason to go slower still.
 */
export function createRate({ start, least, most }: RateLimits): Rate {
  let perSecond = start;
  let allowance = 0;
  let reckonedAt: number | undefined;
  let answered = 0;
  let lost = 0;
  let floor = 0;
  let lossBefore = 0;
  let known = Number.POSITIVE_INFINITY;
  const newWindow = () => {
    answered = 0;
    lost = 0;
  };
  const slower = (loss: number) => {
    if (lossBefore > 0 && loss >= lossBefore * 0.8) floor = Math.max(floor, loss);
    lossBefore = loss;
    known = perSecond;
    perSecond = Math.max(least, perSecond * (1 - loss) * 0.9);
  };
  const faster = () => {
    lossBefore = 0;
    perSecond = Math.min(most, perSecond * (perSecond * growth < known * nearKnown ? growth : slowGrowth));
  };
  const decide = () => {
    const total = answered + lost;
    const loss = lost / total;
    const isCongested = lost >= fewestLosses && loss > floor + margin;
    const isClean = !isCongested && lost <= Math.ceil(total * (floor + margin / 2));
    if (total >= lossWindow && isCongested) slower(loss);
    else if (total >= cleanWindow && isClean) faster();
    else if (total < lossWindow * 2) return;
    newWindow();
  };
  return {
    get perSecond() {
      return perSecond;
    },
    take(now, wanted) {
      const elapsed = reckonedAt === undefined ? 1 : Math.max(0, now - reckonedAt);
      reckonedAt = now;
      allowance = Math.min((perSecond * burstMs) / 1000, allowance + (elapsed * perSecond) / 1000);
      const taken = Math.min(Math.floor(allowance), wanted);
      allowance -= taken;
      return taken;
    },
    add(wasAnswered) {
      if (wasAnswered) answered += 1;
      else lost += 1;
      decide();
    },
    restart() {
      perSecond = start;
      floor = 0;
      lossBefore = 0;
      known = Number.POSITIVE_INFINITY;
      newWindow();
    },
  };
}
