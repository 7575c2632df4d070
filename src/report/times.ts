import type { Text } from "#model/text.ts";
import { visible } from "./visible.ts";

const parts = new Intl.DateTimeFormat("en-CA-u-ca-gregory-nu-latn", {
  timeZone: "Asia/Tokyo",
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
});

/** An instant as 2026-11-22 14:05 JST. What is no instant is shown as it stands. */
export function jst(instant: string): string {
  const date = new Date(instant);
  if (Number.isNaN(date.getTime())) return visible(instant);
  const part = new Map(parts.formatToParts(date).map(({ type, value }) => [type, value]));
  return `${part.get("year")}-${part.get("month")}-${part.get("day")} ${part.get("hour")}:${part.get("minute")} JST`;
}

/** An instant as 2026-11-22 05:05:31 UTC. What is no instant is shown as it stands. */
export function utc(instant: string): string {
  const date = new Date(instant);
  if (Number.isNaN(date.getTime())) return visible(instant);
  return `${date.toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

/** A duration given in milliseconds, with the unit that suits it. */
export function duration(ms: number): Text {
  if (ms < 1000) return { en: `${ms} ms`, ja: `${ms} ms` };
  if (ms < 60_000) {
    const seconds = (Math.floor(ms / 100) / 10).toFixed(1);
    return { en: `${seconds} s`, ja: `${seconds} 秒` };
  }
  const minutes = Math.floor(ms / 60_000);
  const seconds = Math.floor((ms % 60_000) / 1000);
  return { en: `${minutes} min ${seconds} s`, ja: `${minutes} 分 ${seconds} 秒` };
}

/** The time between two instants; null where one of them is none. */
export function between(start: string, end: string): Text | null {
  const ms = new Date(end).getTime() - new Date(start).getTime();
  return Number.isNaN(ms) ? null : duration(Math.max(0, ms));
}
