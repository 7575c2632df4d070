import type { Static } from "typebox";
import type { Logs } from "#evidence/logs.ts";
import { isUnknown, type Maybe, unknown } from "#model/unknown.ts";

/** A place where a log is kept. */
export type Place = Exclude<Static<typeof Logs>["error"][number], { $unknown: string }>;

/** What deletes entries of a log, or why it is not known whether something does. */
export type Limit = Place["limits"][number];

/** Stands for a log that nothing deletes. */
export const endless = 36_500;

/** How often logrotate turns a log over, when it does so by time. */
export type Frequency = "hourly" | "daily" | "weekly" | "monthly" | "yearly";

const monthDays = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * Age in days that every entry is sure to reach: `rotate` turns of the log after its own. What was written just before a turn lives
 * shortest, and of months the shortest that follow each other.
 */
export function rotationDays(frequency: Frequency, rotate: number): number {
  if (rotate < 0) return endless;
  const turns = Math.min(rotate, endless);
  return Math.min(endless, shortest(frequency, turns));
}

function shortest(frequency: Frequency, turns: number): number {
  switch (frequency) {
    case "hourly":
      return Math.floor(turns / 24);
    case "daily":
      return turns;
    case "weekly":
      return turns * 7;
    case "monthly": {
      const years = Math.floor(turns / 12) * 365;
      const sums = monthDays.map((_, first) => sumOf(first, turns % 12));
      return years + Math.min(...sums);
    }
    case "yearly":
      return turns * 365;
  }
}

function sumOf(first: number, count: number): number {
  let sum = 0;
  for (let index = 0; index < count; index += 1) sum += monthDays[(first + index) % 12] ?? 0;
  return sum;
}

/** Longest time between two turns, in days. */
export function turnDays(frequency: Frequency): number {
  return { hourly: 1, daily: 1, weekly: 7, monthly: 31, yearly: 366 }[frequency];
}

/**
 * What is promised when all limits hold together: the smallest. One that is not known may be smaller than any other, unless one is
 * nothing already.
 */
export function keptDays(limits: readonly Limit[]): Maybe<number> {
  const known = limits.flatMap((limit) => ("days" in limit && typeof limit.days === "number" ? [limit.days] : []));
  const smallest = Math.min(endless, ...known);
  const open = limits.find((limit) => isUnknown(limit) || isUnknown(limit.days));
  if (open === undefined || smallest === 0) return smallest;
  return unknown(isUnknown(open) ? open.$unknown : `${open.name}: no age is promised`);
}

/**
 * Whether a size may be reached before the time is over, at twice the growth that was seen; undefined where the growth is not known.
 */
export function mayReach(size: number, growthPerDay: number | undefined, days: number): boolean | undefined {
  return growthPerDay === undefined ? undefined : growthPerDay * days * 2 > size;
}

/** Bytes a day, from what was written in a time; undefined for less than an hour, which says little. */
export function growthPerDay(bytes: number, ms: number): number | undefined {
  const days = ms / 86_400_000;
  return days < 1 / 24 ? undefined : Math.ceil(bytes / days);
}

/** Days until a log alone fills what is free: `endless` where it stops growing before, since entries are deleted at the age promised. */
export function daysUntilFull(log: {
  readonly availableBytes: number;
  readonly growthPerDay: number;
  /** Undefined where it is not known how long entries are kept. */
  readonly keptDays: number | undefined;
  readonly heldDays: number | undefined;
}): number {
  if (log.growthPerDay <= 0) return endless;
  const days = Math.floor(log.availableBytes / log.growthPerDay);
  const left = log.keptDays === undefined ? endless : Math.max(0, log.keptDays - (log.heldDays ?? 0));
  return days >= left ? endless : Math.min(endless, days);
}
