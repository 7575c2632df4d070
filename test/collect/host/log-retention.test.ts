import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  daysUntilFull,
  endless,
  type Frequency,
  growthPerDay,
  keptDays,
  type Limit,
  mayReach,
  rotationDays,
  turnDays,
} from "#collect/host/log-retention.ts";
import { unknown } from "#model/unknown.ts";

const why = unknown("not seen");
const limit = (days: number | undefined): Limit => ({ name: "x", by: "time", days: days ?? why });

describe("what a rotation by time promises", () => {
  test.each<readonly [Frequency, number, number]>([
    ["daily", 14, 14],
    ["daily", 0, 0],
    ["weekly", 4, 28],
    ["weekly", 52, 364],
    ["weekly", 53, 371],
    ["monthly", 1, 28],
    ["monthly", 3, 89],
    ["monthly", 6, 181],
    ["monthly", 12, 365],
    ["monthly", 13, 393],
    ["yearly", 1, 365],
    ["hourly", 23, 0],
    ["hourly", 48, 2],
    ["daily", -1, endless],
    ["yearly", 999_999_999, endless],
  ])("%s, rotate %i: %i days", (frequency, rotate, days) => {
    expect(rotationDays(frequency, rotate)).toBe(days);
  });

  test("is what the entry that lives shortest gets, day by day", () => {
    const frequencies = fc.constantFrom<Frequency>("daily", "weekly", "monthly", "yearly");
    fc.assert(
      fc.property(frequencies, fc.integer({ min: 0, max: 14 }), (frequency, rotate) => {
        const turns = frequency === "yearly" ? rotate % 3 : rotate;
        expect(rotationDays(frequency, turns)).toBe(shortestLife({ frequency, rotate: turns }));
      }),
      { numRuns: 60 },
    );
  });

  test("and maxage together never promise more than any entry gets", () => {
    const frequencies = fc.constantFrom<Frequency>("daily", "weekly", "monthly");
    fc.assert(
      fc.property(
        frequencies,
        fc.integer({ min: 0, max: 12 }),
        fc.integer({ min: 0, max: 200 }),
        (frequency, rotate, maxAge) => {
          const promised = Math.min(rotationDays(frequency, rotate), maxAge);
          const life = shortestLife({ frequency, rotate, maxAge });
          expect(life).toBeGreaterThanOrEqual(promised);
          expect(life).toBeLessThanOrEqual(promised + turnDays(frequency) + 1);
        },
      ),
      { numRuns: 60 },
    );
  });
});

/**
 * logrotate, run every night for years: entries of a day go into the file that is written, files move on at each turn, and what goes
 * beyond `rotate` or is too old at a turn is deleted. The shortest life of an entry, in days, of those that were deleted.
 */
function shortestLife(settings: { frequency: Frequency; rotate: number; maxAge?: number }): number {
  const day = 86_400_000;
  const start = Date.UTC(2026, 0, 1);
  let written: number[] = [];
  let rotated: { entries: number[]; last: number }[] = [];
  let shortest = Number.POSITIVE_INFINITY;
  const remove = (entries: readonly number[], today: number) => {
    for (const entry of entries) shortest = Math.min(shortest, today - entry);
  };
  for (let today = 1; today < 365 * 7; today += 1) {
    const date = new Date(start + today * day);
    if (isTurn(settings.frequency, date)) {
      rotated = [{ entries: written, last: today }, ...rotated];
      written = [];
      const gone = (age: number, index: number) =>
        index >= settings.rotate || (settings.maxAge !== undefined && age > settings.maxAge);
      for (const [index, file] of rotated.entries()) if (gone(today - file.last, index)) remove(file.entries, today);
      rotated = rotated.filter((file, index) => !gone(today - file.last, index));
    }
    written.push(today);
    if (isTurn(settings.frequency, new Date(start + (today + 1) * day))) written.push(today + 1);
  }
  return shortest;
}

function isTurn(frequency: Frequency, date: Date): boolean {
  switch (frequency) {
    case "hourly":
    case "daily":
      return true;
    case "weekly":
      return date.getUTCDay() === 0;
    case "monthly":
      return date.getUTCDate() === 1;
    case "yearly":
      return date.getUTCDate() === 1 && date.getUTCMonth() === 0;
  }
}

describe("limits together", () => {
  test.each<readonly [string, readonly Limit[], unknown]>([
    ["none", [], endless],
    ["the smallest", [limit(400), limit(14), limit(90)], 14],
    ["one that is not known", [limit(400), limit(undefined)], { $unknown: expect.stringContaining("no age") }],
    ["one that may be there", [limit(400), why], why],
    ["nothing is nothing, whatever else there is", [limit(0), limit(undefined), why], 0],
  ])("%s", (_name, limits, days) => {
    expect(keptDays(limits)).toEqual(days);
  });

  test("promise as long as a slow walk through the days finds every one of them willing", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 500 }), { maxLength: 6 }), (days) => {
        let age = 0;
        while (age < endless && days.every((most) => age < most)) age += 1;
        expect(keptDays(days.map(limit))).toBe(age);
      }),
    );
  });

  test("knowing less never makes it longer", () => {
    const days = fc.option(fc.integer({ min: 0, max: 500 }), { nil: undefined });
    fc.assert(
      fc.property(fc.array(days, { minLength: 1, maxLength: 6 }), (all) => {
        const known = all.map((value) => value ?? 77);
        const whole = keptDays(known.map(limit));
        const part = keptDays(all.map(limit));
        if (typeof part === "number") expect(part).toBe(whole);
      }),
    );
  });
});

describe("growth", () => {
  test.each([
    [1000, 86_400_000, 1000],
    [1000, 43_200_000, 2000],
    [1000, 1_800_000, undefined],
    [0, 86_400_000, 0],
  ])("%i bytes in %i ms are %s a day", (bytes, ms, growth) => {
    expect(growthPerDay(bytes, ms)).toBe(growth);
  });

  test("at twice of it a size must not come first", () => {
    expect(mayReach(1000, 70, 7)).toBe(false);
    expect(mayReach(1000, 72, 7)).toBe(true);
    expect(mayReach(1000, undefined, 7)).toBeUndefined();
  });

  test.each([
    [{ availableBytes: 1000, growthPerDay: 10, keptDays: undefined, heldDays: 5 }, 100],
    [{ availableBytes: 1000, growthPerDay: 10, keptDays: 105, heldDays: 5 }, endless],
    [{ availableBytes: 1000, growthPerDay: 10, keptDays: 106, heldDays: 5 }, 100],
    [{ availableBytes: 1000, growthPerDay: 0, keptDays: undefined, heldDays: undefined }, endless],
    [{ availableBytes: 0, growthPerDay: 10, keptDays: 10, heldDays: 20 }, endless],
    [{ availableBytes: 0, growthPerDay: 10, keptDays: 30, heldDays: undefined }, 0],
  ])("%j fills in %i days", (log, days) => {
    expect(daysUntilFull(log)).toBe(days);
  });

  test("fills the disk on the day that a slow count finds", () => {
    const bytes = fc.integer({ min: 0, max: 5000 });
    const days = fc.integer({ min: 0, max: 60 });
    fc.assert(
      fc.property(bytes, fc.integer({ min: 1, max: 500 }), days, days, (availableBytes, growth, kept, held) => {
        let free = availableBytes;
        let day = 0;
        // It grows until the oldest entry is as old as it may get; from then on as much goes as comes.
        while (held + day < kept && free >= growth) {
          free -= growth;
          day += 1;
        }
        const slow = held + day < kept ? day : endless;
        expect(daysUntilFull({ availableBytes, growthPerDay: growth, keptDays: kept, heldDays: held })).toBe(slow);
      }),
    );
  });
});
