import { type Maybe, unknown } from "#model/unknown.ts";
import { type CopyFile, patternOf } from "./backup-files.ts";

/** When and where to count from. */
export interface CountedFrom {
  /** Seconds since 1970. */
  readonly now: number;
  readonly utcOffsetMinutes: number;
}

/** What the copies of one database come to. */
export interface Generations {
  readonly copied: Maybe<boolean>;
  readonly copies: Maybe<string>;
  readonly newestAgeHours: Maybe<number>;
  readonly newestBytes: Maybe<number>;
  readonly newestFault: Maybe<string>;
  readonly dailyGenerations: Maybe<number>;
  readonly unchangedDays: Maybe<number>;
}

const daysBack = 7;

/** Why there may be more copies than were seen. */
export interface Missed {
  readonly open: string | undefined;
  /** They are older than those that were seen. */
  readonly cut: string | undefined;
}

/** Counts the copies of a database. */
export function countGenerations(files: readonly CopyFile[], { open, cut }: Missed, from: CountedFrom): Generations {
  const more = open ?? cut;
  // What was written in the future has no age.
  const sorted = files
    .filter(({ writtenAt }) => writtenAt <= from.now + 3600)
    .toSorted((a, b) => b.writtenAt - a.writtenAt);
  const [newest] = sorted;
  if (newest === undefined) return noCopies(more);
  const ageHours = Math.max(0, Math.floor((from.now - newest.writtenAt) / 3600));
  const days = byDay(sorted, from);
  const today = dayOf(from.now, from);
  const generations = [...days.keys()].filter((day) => day >= today - daysBack && day <= today).length;
  return {
    copied: true,
    copies: [...new Set(sorted.map(({ path }) => patternOf(path)))].slice(0, 4).join(", "),
    // A newer one may lie where we could not look: what was seen stands only where that would change nothing.
    newestAgeHours: open !== undefined && ageHours >= 24 ? unknown(open) : ageHours,
    newestBytes: open !== undefined && ageHours >= 24 ? unknown(open) : newest.bytes,
    newestFault: faultOf(newest, open),
    dailyGenerations: more !== undefined && generations < daysBack ? unknown(more) : generations,
    unchangedDays: unchanged([...days.values()]),
  };
}

function noCopies(open: string | undefined): Generations {
  const none = unknown(open ?? "there is no copy");
  return {
    copied: open === undefined ? false : unknown(open),
    copies: open === undefined ? "" : unknown(open),
    newestAgeHours: none,
    newestBytes: none,
    newestFault: none,
    dailyGenerations: open === undefined ? 0 : unknown(open),
    unchangedDays: none,
  };
}

function faultOf(newest: CopyFile, open: string | undefined): Maybe<string> {
  if (newest.fault === undefined)
    return unknown("the newest copy was not checked: too large, too old, or without a program for it");
  return newest.fault !== "" && open !== undefined ? unknown(open) : newest.fault;
}

function dayOf(seconds: number, { utcOffsetMinutes }: CountedFrom): number {
  return Math.floor((seconds + utcOffsetMinutes * 60) / 86_400);
}

/** Newest copy of each local day that is not empty, newest first. */
function byDay(sorted: readonly CopyFile[], from: CountedFrom): ReadonlyMap<number, CopyFile> {
  const days = new Map<number, CopyFile>();
  for (const file of sorted) {
    const day = dayOf(file.writtenAt, from);
    if (file.bytes > 0 && !days.has(day)) days.set(day, file);
  }
  return days;
}

/** How many days in a row before the newest hold its very bytes; at most eight are looked at. */
function unchanged([newest, ...older]: readonly CopyFile[]): Maybe<number> {
  if (newest === undefined) return 0;
  const looked = older.slice(0, daysBack);
  for (const [index, file] of looked.entries()) {
    if (patternOf(file.path) !== patternOf(newest.path) || file.bytes !== newest.bytes) return index;
    if (file.sha256 === undefined || newest.sha256 === undefined)
      return unknown("copies of the same size were not compared: too large, or older than nine days");
    // gzip and others write the time into the file: other bytes may hold the same.
    if (file.sha256 !== newest.sha256)
      return /\.(gz|tgz|zst|xz|gpg|age)$/.test(file.path)
        ? unknown("packed copies of the same size were not unpacked")
        : index;
  }
  return looked.length;
}
