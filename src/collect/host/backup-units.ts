import { framesOf, type HostOutput } from "./frames.ts";

/** Properties of a unit as systemctl show prints them. */
export type Unit = ReadonlyMap<string, string>;

/** Units of systemctl show, by their Id. */
export function readUnits(output: HostOutput, name: string): ReadonlyMap<string, Unit> {
  const blocks = framesOf(output, name).flatMap((frame) => frame.text.split(/\n\s*\n/));
  const units = blocks.map(readUnit).map((unit) => [unit.get("Id") ?? "", unit] as const);
  return new Map(units.filter(([id]) => id !== ""));
}

function readUnit(block: string): Unit {
  const unit = new Map<string, string>();
  for (const line of block.split("\n")) {
    const [, name, value = ""] = /^([A-Za-z]{1,60})=(.*)$/.exec(line) ?? [];
    if (name === undefined) continue;
    // A timer with several times has a line for each of them.
    const before = unit.get(name);
    unit.set(name, before === undefined ? value : `${before} ${value}`);
  }
  return unit;
}

/**
 * Seconds since 1970 of a time that systemctl prints: `@1795397901`, or `Mon 2026-11-23 03:10:00 JST` in the host's own zone. Undefined for
 * none.
 */
export function timeOf(text: string | undefined, utcOffsetMinutes: number): number | undefined {
  const seconds = /^@(\d{1,11})$/.exec(text ?? "")?.[1];
  if (seconds !== undefined) return Number(seconds);
  const match = /^(?:[A-Z][a-z]{2} )?(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.\d{1,6})?(?: (\S{1,10}))?$/.exec(
    text ?? "",
  );
  if (match === null) return undefined;
  const milliseconds = Date.parse(`${match[1] ?? ""}T${match[2] ?? ""}Z`);
  if (!Number.isFinite(milliseconds)) return undefined;
  return milliseconds / 1000 - (match[3] === "UTC" ? 0 : utcOffsetMinutes * 60);
}

/** When a timer goes off, as it is written. */
export function scheduleOf(timer: Unit): string {
  const texts = [timer.get("TimersCalendar"), timer.get("TimersMonotonic")].filter((text) => text !== undefined);
  return [...texts.join(" ").matchAll(/\b(On[A-Za-z]+)=(.+?) ; /g)]
    .map((match) => `${match[1]}=${match[2]}`)
    .join(", ");
}
