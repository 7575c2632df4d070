import fc from "fast-check";
import { expect, it } from "vitest";
import { dayOf, isDay, laterDay } from "#attestation/days.ts";

it.each([
  ["2026-11-22T14:59:59.999Z", "2026-11-22"],
  ["2026-11-22T15:00:00.000Z", "2026-11-23"],
  ["2026-12-31T15:00:00.000Z", "2027-01-01"],
])("%s is in Japan on %s", (instant, day) => expect(dayOf(new Date(instant))).toBe(day));

it.each<[string, number, number, string]>([
  ["2026-11-01", 6, 0, "2027-05-01"],
  ["2026-08-31", 6, 0, "2027-02-28"],
  ["2027-08-31", 6, 0, "2028-02-29"],
  ["2027-01-31", 1, 0, "2027-02-28"],
  ["2027-01-31", 1, 7, "2027-03-07"],
  ["2026-12-31", 12, 0, "2027-12-31"],
  ["2028-02-29", 12, 0, "2029-02-28"],
  ["2026-12-15", 1, 0, "2027-01-15"],
])("%s and %i months and %i days is %s", (day, months, days, expected) => {
  expect(laterDay(day, { months, days })).toBe(expected);
});

it.each([
  ["2026-02-28", true],
  ["2026-02-29", false],
  ["2028-02-29", true],
  ["2026-13-01", false],
  ["2026-1-1", false],
  ["today", false],
  ["", false],
])("%s is a day: %s", (text, expected) => expect(isDay(text)).toBe(expected));

it("no month later is ever an earlier day, and none leaves the month it leads to", () => {
  const days = fc.integer({ min: 0, max: 30_000 }).map((n) => new Date(n * 86_400_000).toISOString().slice(0, 10));
  fc.assert(
    fc.property(days, fc.integer({ min: 1, max: 60 }), (day, months) => {
      const later = laterDay(day, { months, days: 0 });
      const [year = 0, month = 0, date = 0] = day.split("-").map(Number);
      const [laterYear = 0, laterMonth = 0, laterDate = 0] = later.split("-").map(Number);
      expect(later > day).toBe(true);
      expect(laterYear * 12 + laterMonth - (year * 12 + month)).toBe(months);
      expect(laterDate).toBeLessThanOrEqual(date);
    }),
  );
});
