const dayMs = 86_400_000;
const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** Units of systemd.time(7), in milliseconds; a month is 30.44 days and a year 365.25 there. */
const units: readonly (readonly [names: string, ms: number])[] = [
  ["us usec µs", 0.001],
  ["ms msec", 1],
  ["s sec second seconds", 1000],
  ["m min minute minutes", 60_000],
  ["h hr hour hours", 3_600_000],
  ["d day days", dayMs],
  ["w week weeks", 7 * dayMs],
  ["M month months", 30.44 * dayMs],
  ["y year years", 365.25 * dayMs],
];
const unitMs = new Map(units.flatMap(([names, ms]) => names.split(" ").map((name) => [name, ms] as const)));

/** Milliseconds of a time span of systemd, such as `1month` or `2w 3d`; a bare number is in seconds. Undefined where it is none. */
export function timeSpanMs(text: string): number | undefined {
  const parts = [...text.trim().matchAll(/(\d{1,12}(?:\.\d{1,6})?)\s*([A-Za-zµ]*)\s*/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join("") !== text.trim()) return undefined;
  let sum = 0;
  for (const [, number = "", unit = ""] of parts) {
    const ms = unit === "" ? 1000 : unitMs.get(unit);
    if (ms === undefined) return undefined;
    sum += Number(number) * ms;
  }
  return sum;
}

/** Bytes of a size with a binary suffix, such as `100M`; undefined where it is none. */
export function sizeBytes(text: string): number | undefined {
  const match = /^(\d{1,15}(?:\.\d{1,6})?)([KMGTPE]?)B?$/i.exec(text.trim());
  if (match === null) return undefined;
  return Math.floor(Number(match[1]) * 1024 ** ("KMGTPE".indexOf((match[2] ?? "").toUpperCase()) + 1 || 0));
}

/** Milliseconds since 1970 of a time as logs write it: ISO 8601, that of nginx, or seconds or milliseconds; without a zone it is the host's own. */
export function entryTimeMs(text: string, hostOffsetMinutes: number | undefined): number | undefined {
  const nginx = /^(\d\d)\/([A-Z][a-z]{2})\/(\d{4}):(\d\d:\d\d:\d\d) ([-+]\d\d)(\d\d)$/.exec(text);
  if (nginx !== null) {
    const month = months.indexOf(nginx[2] ?? "") + 1;
    const iso = `${nginx[3]}-${String(month).padStart(2, "0")}-${nginx[1]}T${nginx[4]}${nginx[5]}:${nginx[6]}`;
    return month === 0 ? undefined : parsed(iso);
  }
  if (/^\d{10}$|^\d{13}$/.test(text)) return Number(text) * (text.length === 10 ? 1000 : 1);
  const match = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:[.,](\d{1,9}))?(Z|[-+]\d\d:?\d\d)?$/.exec(text);
  if (match === null) return undefined;
  const zone = match[4]?.replace(/^([-+]\d\d)(\d\d)$/, "$1:$2") ?? zoneOf(hostOffsetMinutes);
  return zone === undefined ? undefined : parsed(`${match[1]}T${match[2]}.${(match[3] ?? "0").slice(0, 3)}${zone}`);
}

function parsed(iso: string): number | undefined {
  const ms = Date.parse(iso);
  return Number.isNaN(ms) ? undefined : ms;
}

function zoneOf(minutes: number | undefined): string | undefined {
  if (minutes === undefined) return undefined;
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  return `${minutes < 0 ? "-" : "+"}${String(hours).padStart(2, "0")}:${String(rest).padStart(2, "0")}`;
}

/** Whole days in a time, none less than 0. */
export function wholeDays(ms: number): number {
  return Math.max(0, Math.floor(ms / dayMs));
}
