import { type Maybe, unknown } from "#model/unknown.ts";
import type { Unit } from "./backup-units.ts";
import { timeSpanMs } from "./log-time.ts";

/** A program that fails at once has failed within this. */
const toFailMs = 10_000;

/**
 * Whether a unit that fails gets to be `failed`, upon which systemd starts the units of OnFailure=. Where systemd starts it again
 * (Restart=), that is so at each failure since systemd 254, where RestartMode= is there and `normal`; before, and with `direct`, only when
 * it was started so often that the limit of starts is reached. What has no Restart= is not started again.
 */
export function countsAsFailed(unit: Unit): Maybe<true> {
  if (/^(no|on-success)?$/.test(unit.get("Restart") ?? "")) return true;
  if (unit.get("RestartMode") === "normal") return true;
  const burst = Number(unit.get("StartLimitBurst"));
  const within = unit.get("StartLimitIntervalUSec") ?? "";
  const interval = within === "infinity" ? Number.POSITIVE_INFINITY : timeSpanMs(within);
  const delay = timeSpanMs(unit.get("RestartUSec") ?? "");
  const limited = burst > 0 && interval !== undefined && delay !== undefined && burst * (delay + toFailMs) <= interval;
  return limited ? true : unknown("systemd starts it again each time, and may never count it as failed");
}
