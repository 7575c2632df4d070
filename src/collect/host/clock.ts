import type { Clock } from "#evidence/host.ts";
import { type Attempt, failed, observed } from "#model/attempt.ts";
import { visible } from "#model/sanitise.ts";
import { type Maybe, unknown } from "#model/unknown.ts";
import { failureOf, faultOf, frameOf, type HostOutput, missing } from "./frames.ts";

/** How far the host's clock is from the scanner's, and how sure that is. */
export interface Offset {
  readonly offsetMs: number;
  /** Half of the time in which the reading may have been made, the script's own running time left out. */
  readonly errorMs: number;
}

/** When the scanner sent the script and had its output, by its own clock. */
export interface ScannerClock {
  readonly sentAt: Date;
  readonly receivedAt: Date;
}

/** Timezone, clock and what keeps it. */
export function parseClock(output: HostOutput, scanner: ScannerClock | undefined): Attempt<Clock> {
  const frame = frameOf(output, "clock.read");
  const failure = failureOf(output, frame, "date");
  if (failure !== undefined || frame === undefined) return failure ?? missing(output, "date");
  const reading = readClock(output);
  if (reading === undefined) return failed("malformed", "date gave no time");
  const offset = clockOffset(output, scanner);
  return observed({
    ...zoneOf(output),
    utcOffsetMinutes: reading.utcOffsetMinutes ?? unknown("date gave no offset"),
    epochMs: reading.epochMs,
    offsetMs: offset?.offsetMs ?? unknown("the scanner's clock was not read at the same time"),
    ...synchronization(output),
  });
}

/** The host's clock minus the scanner's; undefined when they were not read in one run. */
export function clockOffset(output: HostOutput, scanner: ScannerClock | undefined): Offset | undefined {
  const reading = readClock(output);
  const begin = output.frames[0]?.startMs;
  if (scanner === undefined || reading === undefined || begin === undefined || output.endMs === undefined)
    return undefined;
  // The script tells when it read the clock between its own begin and end; the rest of the time is the way there and back.
  const earliest = scanner.sentAt.getTime() + (reading.atMs - begin);
  const latest = scanner.receivedAt.getTime() - (output.endMs - reading.atMs);
  const middle = (earliest + latest) / 2;
  return {
    offsetMs: Math.round(reading.epochMs - middle),
    errorMs: Math.max(0, Math.ceil((latest - earliest) / 2)) + reading.errorMs,
  };
}

/** The host's clock as `date` printed it. */
export function readClock(
  output: HostOutput,
): { epochMs: number; errorMs: number; atMs: number; utcOffsetMinutes: number | undefined } | undefined {
  const frame = frameOf(output, "clock.read");
  const match = /^(\d{9,11}) (\d{9}|\S*) ?([+-])(\d\d)(\d\d)\n$/.exec(frame?.text ?? "");
  if (frame === undefined || match === null) return undefined;
  // busybox knows no %N: half a second is the best guess, and its error.
  const exact = /^\d{9}$/.test(match[2] ?? "");
  const epochMs = Number(match[1]) * 1000 + (exact ? Math.floor(Number(match[2]) / 1e6) : 500);
  const minutes = Number(match[4]) * 60 + Number(match[5]);
  return {
    epochMs,
    errorMs: (exact ? 0 : 500) + 10,
    atMs: frame.startMs + Math.round(frame.durationMs / 2),
    utcOffsetMinutes: match[3] === "-" ? -minutes : minutes,
  };
}

function zoneOf(output: HostOutput): Pick<Clock, "timezone" | "timezoneFile"> {
  const frame = frameOf(output, "clock.zone");
  if (frame === undefined || faultOf(frame) !== undefined || frame.state !== "ok") {
    const why = unknown("/etc/localtime could not be read");
    return { timezone: why, timezoneFile: why };
  }
  const value = (name: string) => new RegExp(`^${name} (.+)$`, "m").exec(frame.text)?.[1];
  const linked = /\/zoneinfo\/(?:posix\/|right\/)?(.+)$/.exec(value("link") ?? "")?.[1];
  const same = /\/?(?:.*\/zoneinfo\/)?(.+)$/.exec(value("same") ?? "")?.[1];
  // Without /etc/localtime the C library takes UTC (localtime(5)).
  const zone = /^missing$/m.test(frame.text) ? "UTC" : (linked ?? same);
  return {
    timezone: zone === undefined ? unknown("/etc/localtime is like no known zone") : visible(zone, 100),
    timezoneFile: visible(value("file") ?? "", 100),
  };
}

function synchronization(output: HostOutput): Pick<Clock, "synchronized" | "source"> {
  const frame = frameOf(output, "clock.sync");
  if (frame === undefined || frame.state !== "ok") {
    const why = unknown("what keeps the clock could not be asked");
    return { synchronized: why, source: why };
  }
  const [source = "", ...rest] = frame.text.split("\n");
  if (source === "none") {
    const other = /^other (\S+)$/m.exec(frame.text)?.[1];
    if (other === undefined) return { synchronized: false, source: "" };
    return { synchronized: unknown(`${visible(other, 50)} runs, which was not asked`), source: visible(other, 50) };
  }
  return { synchronized: answerOf(source, rest.join("\n")), source: visible(source, 50) };
}

function answerOf(source: string, text: string): Maybe<boolean> {
  switch (source) {
    case "chrony": {
      const leap = /^Leap status\s*:\s*(.+)$/m.exec(text)?.[1];
      const reference = /^Reference ID\s*:\s*([0-9A-F]+)/m.exec(text)?.[1];
      if (leap === undefined || reference === undefined) return unknown("chronyc tracking gave no leap status");
      // 7F7F0101 is chronyd's own clock, 0 is none.
      return leap !== "Not synchronised" && reference !== "7F7F0101" && !/^0+$/.test(reference);
    }
    case "ntpd": {
      const leap = /leap_(none|add_sec|del_sec|alarm)/.exec(text)?.[1];
      return leap === undefined
        ? unknown("ntpq gave no leap status")
        : leap !== "alarm" && !/sync_(unspec|local)/.test(text);
    }
    case "timesyncd": {
      const [when = "", now = ""] = text.split("\n");
      if (when === "never") return false;
      // timesyncd asks at least every 2048 s by default; three missed answers are no synchronisation.
      return /^\d+$/.test(when) && /^\d+$/.test(now)
        ? Number(now) - Number(when) < 3 * 2048
        : unknown("timesyncd's file has no time");
    }
    default:
      return unknown("what keeps the clock is not known");
  }
}
