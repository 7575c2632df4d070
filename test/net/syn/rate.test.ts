import { expect, test } from "vitest";
import { createCanaries } from "#net/syn/canaries.ts";
import { createRate, type Rate } from "#net/syn/rate.ts";

const limits = { start: 8000, least: 1000, most: 20_000 };
const canariesPerSecond = 250;

/** Lets a rate work on a path that carries so much and loses so much besides, and gives the rate at the end of each second. */
function drive(rate: Rate, seconds: number, path: { capacity: number; loss: number }): number[] {
  const perSecond: number[] = [];
  // A generator of its own, so that every run is the same (Park and Miller).
  let seed = 42;
  const random = () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  for (let second = 0; second < seconds; second += 1) {
    for (let canary = 0; canary < canariesPerSecond; canary += 1) {
      const carried = Math.min(1, path.capacity / rate.perSecond);
      rate.add(random() < carried * (1 - path.loss));
    }
    perSecond.push(rate.perSecond);
  }
  return perSecond;
}

test("on a clean path it grows to the most and stays there", () => {
  const rates = drive(createRate(limits), 10, { capacity: 1e9, loss: 0 });
  expect(rates.at(-1)).toBe(20_000);
  expect(rates.toSorted((a, b) => a - b)).toEqual(rates);
});

test("loss by chance is no reason to go slower", () => {
  for (const loss of [0.01, 0.03]) {
    const rates = drive(createRate(limits), 20, { capacity: 1e9, loss });
    expect(Math.min(...rates.slice(3))).toBeGreaterThan(12_000);
  }
});

test("loss that going slower does not lower is the path's own", () => {
  const rates = drive(createRate(limits), 60, { capacity: 1e9, loss: 0.3 });
  expect(Math.max(...rates.slice(30))).toBeGreaterThan(8000);
});

test.each([3000, 6000, 12_000])("it comes to what a path of %i a second carries, and stays near", (capacity) => {
  const rates = drive(createRate(limits), 40, { capacity, loss: 0 }).slice(10);
  expect(Math.max(...rates)).toBeLessThan(capacity * 1.3);
  expect(Math.min(...rates)).toBeGreaterThan(capacity * 0.6);
});

test("it never goes below the least", () => {
  expect(Math.min(...drive(createRate(limits), 10, { capacity: 10, loss: 0 }))).toBeGreaterThanOrEqual(1000);
});

test("starting again forgets what was learnt", () => {
  const rate = createRate(limits);
  drive(rate, 5, { capacity: 100, loss: 0 });
  rate.restart();
  expect(rate.perSecond).toBe(8000);
});

test("as many packets as the rate allows may be sent, and a pause does not end in a burst", () => {
  const rate = createRate(limits);
  let sent = 0;
  for (let now = 0; now <= 1000; now += 2) sent += rate.take(now, 1000);
  expect(sent).toBeGreaterThan(7900);
  expect(sent).toBeLessThan(8100);
  expect(rate.take(60_000, 100_000)).toBeLessThanOrEqual(96);
  expect(rate.take(60_000, 100_000)).toBe(0);
});

test("canaries are booked as answered or, past their time, as lost", () => {
  const canaries = createCanaries(65_535, 16);
  const numbers = [0, 1, 2, 3].map((now) => {
    const number = canaries.next();
    canaries.sent({ number, kind: now === 3 ? "open" : "closed", port: 80 + now }, now);
    return number;
  });
  expect(numbers).toEqual([65_535, 0, 1, 2]);
  expect(canaries.answer(0, 80, 5)).toBeUndefined();
  expect(canaries.answer(0, 81, 5)).toBe(4);
  expect(canaries.answer(0, 81, 6)).toBeUndefined();
  expect(canaries.answer(9, 81, 6)).toBeUndefined();
  expect(canaries.expire(101, 100)).toBe(1);
  expect(canaries.expire(102, 100)).toBe(1);
  expect(canaries).toMatchObject({ answered: 1, streak: 2 });
  expect(canaries.tally("closed")).toEqual({ asked: 3, lost: 2 });
  expect(canaries.tally("open")).toEqual({ asked: 0, lost: 0 });
});
