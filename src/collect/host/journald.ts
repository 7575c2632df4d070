import { isUnknown, type Maybe, unknown } from "#model/unknown.ts";
import { faultOf, frameOf, type HostOutput } from "./frames.ts";
import { growthPerDay, type Limit, mayReach } from "./log-retention.ts";
import { sizeBytes, timeSpanMs, wholeDays } from "./log-time.ts";

/** What the journal holds and what deletes it, journald.conf(5). */
export interface Journal {
  readonly limits: readonly Limit[];
  /** Kept in memory only. */
  readonly volatile: Maybe<boolean>;
  readonly oldestMs: Maybe<number>;
}

/** Size the journal takes where none is set: a tenth of its file system, and never more than this. */
const mostByDefault = 4 * 1024 ** 3;
const monthMs = 30.44 * 86_400_000;

/** The journal; undefined where journald keeps none. */
export function readJournal(output: HostOutput): Journal | undefined {
  const frame = frameOf(output, "logs.journald");
  if (frame === undefined || frame.state !== "ok" || faultOf(frame) !== undefined) return unreadJournal;
  if (!/^running$/m.test(frame.text)) return undefined;
  const settings = new Map(
    [...frame.text.matchAll(/^([A-Za-z]+)=(.*)$/gm)].map((match) => [match[1] ?? "", (match[2] ?? "").trim()] as const),
  );
  const storage = settings.get("Storage") || "auto";
  if (storage === "none") return undefined;
  const unsure = /^unreadable$/m.test(frame.text) ? [unknown("a file of journald's settings could not be read")] : [];
  const volatile = storage === "volatile" || (storage === "auto" && !/^persistent folder$/m.test(frame.text));
  const held = readFiles(output, volatile);
  const lost: Limit[] = volatile ? [{ name: "journald: kept in memory, lost at a reboot", by: "time", days: 0 }] : [];
  return {
    limits: [...lost, ...unsure, ...limitsBy(settings, isUnknown(held) ? undefined : held.growthPerDay)],
    volatile: unsure[0] ?? volatile,
    oldestMs: isUnknown(held) ? held : held.oldestMs,
  };
}

const unreadJournal: Journal = {
  limits: [unknown("journald's settings were not read")],
  volatile: unknown("journald's settings were not read"),
  oldestMs: unknown("journald's files were not read"),
};

/**
 * journald deletes whole files by the time of their first entry, so that an entry is sure of the time for retention less the time that
 * one file may span.
 */
function journalDays(retention: string, span: string | undefined): number | undefined {
  const retentionMs = timeSpanMs(retention);
  const spanMs = span === undefined || span === "" ? monthMs : timeSpanMs(span);
  if (retentionMs === undefined || spanMs === undefined) return undefined;
  return wholeDays(retentionMs - (spanMs === 0 ? retentionMs : spanMs));
}

function limitsBy(settings: ReadonlyMap<string, string>, growth: number | undefined): Limit[] {
  const retention = settings.get("MaxRetentionSec") ?? "";
  const none = retention === "" || timeSpanMs(retention) === 0;
  const span = settings.get("MaxFileSec");
  const days = none ? undefined : journalDays(retention, span);
  const byTime: Limit[] = none
    ? []
    : [
        {
          name: `journald: MaxRetentionSec=${retention}, less MaxFileSec=${span || "1month"}`,
          by: "time",
          days: days ?? unknown("MaxRetentionSec or MaxFileSec is not understood"),
        },
      ];
  const set = settings.get("SystemMaxUse") ?? "";
  const size = set === "" ? mostByDefault : sizeBytes(set);
  if (days !== undefined && size !== undefined && set !== "" && mayReach(size, growth, days) === false) return byTime;
  const why = unknown("the journal goes by size, which promises no age");
  return [...byTime, { name: `journald: SystemMaxUse=${set === "" ? "10%, at most 4G" : set}`, by: "size", days: why }];
}

/** What `journalctl --header` says of the files of the system's journal. */
function readFiles(
  output: HostOutput,
  volatile: boolean,
): Maybe<{ oldestMs: Maybe<number>; growthPerDay: number | undefined }> & object {
  const frame = frameOf(output, "logs.journald.files");
  if (frame === undefined || frame.state !== "ok") return unknown("journalctl could not be asked");
  if (/^none readable$/m.test(frame.text)) return unknown("journalctl was not allowed to read the journal");
  const files = frame.text
    .split(/^(?=path )/m)
    .flatMap(readFile)
    .filter(({ path, head }) => head > 0 && path.startsWith(volatile ? "/run" : "/var"));
  if (files.length === 0 || /^more$/m.test(frame.text))
    return unknown("journalctl named no file of the journal, or too many");
  const oldest = Math.min(...files.map(({ head }) => head));
  const newest = Math.max(...files.map(({ tail }) => tail));
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  return { oldestMs: oldest, growthPerDay: growthPerDay(bytes, newest - oldest) };
}

interface JournalFile {
  readonly path: string;
  readonly head: number;
  readonly tail: number;
  readonly bytes: number;
}

function readFile(block: string): JournalFile[] {
  const value = (name: string) => new RegExp(`^${name} (\\S+)$`, "m").exec(block)?.[1] ?? "";
  const path = value("path");
  if (path === "") return [];
  return [
    {
      path,
      head: microseconds(value("head")),
      tail: microseconds(value("tail")),
      bytes: sizeBytes(value("usage")) ?? 0,
    },
  ];
}

function microseconds(hex: string): number {
  const value = /^[0-9a-f]{1,16}$/.test(hex) ? Number.parseInt(hex, 16) / 1000 : 0;
  return value > 0 && value < 1e14 ? value : 0;
}
