import { visible } from "#model/sanitise.ts";
import type { Maybe } from "#model/unknown.ts";
import { unknown } from "#model/unknown.ts";
import { type Destination, destinationOf } from "./alert-means.ts";
import { readUnits } from "./backup-units.ts";
import { faultOf, frameOf, framesOf, type HostOutput } from "./frames.ts";

/** A unit or a line of cron, by what its commands and scripts do. */
export interface AlertJob {
  readonly name: string;
  readonly kind: "unit" | "cron";
  /** `mail:...` and `post:...`, as the script prints them. */
  readonly sends: readonly string[];
  readonly variables: ReadonlyMap<string, Destination>;
  /** It looks through OpenClaw's log, or that of attempts to log in, for what is wrong. */
  readonly sifts: { readonly openclaw: Maybe<boolean>; readonly attempts: Maybe<boolean> };
  /** A script or a file of its variables could not be read. */
  readonly partly: boolean;
  /** Its timer waits, or cron runs. Of a unit that no timer starts: undefined. */
  readonly scheduled: Maybe<boolean> | undefined;
}

/** Jobs, and why there may be more of them. */
export interface AlertJobs {
  readonly list: readonly AlertJob[];
  readonly open: string | undefined;
}

interface Draft {
  readonly name: string;
  readonly kind: "unit" | "cron";
  readonly sends: string[];
  readonly variables: Map<string, Destination>;
  readonly words: Set<string>;
}

/** Reads the commands of units and of cron. */
export function readAlertJobs(output: HostOutput): AlertJobs {
  const frames = [...framesOf(output, "alerts.work"), ...framesOf(output, "alerts.cron")];
  const drafts = draftsOf(frames.flatMap(({ text }) => text.split("\n")));
  const timers = readUnits(output, "backups.timers");
  // Where several start one unit, the first counts.
  const timerOf = new Map([...timers.values()].reverse().map((timer) => [timer.get("Unit"), timer] as const));
  const cron = frameOf(output, "alerts.cron")?.text ?? "";
  const timersFrame = frameOf(output, "backups.timers");
  const timersRead =
    timersFrame === undefined
      ? !/^systemd$/m.test(cron)
      : timersFrame.state === "ok" && faultOf(timersFrame) === undefined;
  const scheduledOf = ({ kind, name }: Draft): Maybe<boolean> | undefined => {
    if (kind === "cron") return /^daemon /m.test(cron);
    const timer = timerOf.get(name);
    if (timer === undefined) return timersRead ? undefined : unknown("timers were not read");
    const state = timer.get("ActiveState");
    return state === undefined ? unknown("systemd told no state of its timer") : state === "active";
  };
  const list = drafts.map((draft): AlertJob => {
    return {
      name: draft.name,
      kind: draft.kind,
      sends: draft.sends,
      variables: draft.variables,
      sifts: { openclaw: siftsOf(draft, "openclaw"), attempts: siftsOf(draft, "attempts") },
      partly: draft.words.has("unread") || !draft.words.has("done"),
      scheduled: scheduledOf(draft),
    };
  });
  // What it would send, had it been read, is not known.
  const unread = list.find(({ partly, sends }) => partly && sends.length === 0);
  return {
    list,
    open: openOf(output, cron) ?? (unread === undefined ? undefined : `a script of ${unread.name} could not be read`),
  };
}

/** Whether it looks through a log for errors; not known where it names that log in one place and looks for errors in another. */
function siftsOf({ words }: Draft, log: string): Maybe<boolean> {
  if (words.has("sifts") && words.has(`reads ${log}`)) return true;
  const apart = words.has(`names ${log}`) && (words.has("sifts") || words.has("seeks"));
  return apart ? unknown(`what it looks for errors in is not known`) : false;
}

function draftsOf(lines: readonly string[]): readonly Draft[] {
  const drafts = new Map<string, Draft>();
  let draft: Draft | undefined;
  for (const line of lines) {
    const [word = "", ...rest] = line.split(" ");
    const text = rest.join(" ");
    if (word === "unit" || word === "cron") {
      const name = visible(text, 200);
      draft = drafts.get(name) ?? { name, kind: word, sends: [], variables: new Map(), words: new Set() };
      drafts.set(name, draft);
    } else if (draft !== undefined) addTo(draft, word, rest);
  }
  return [...drafts.values()];
}

function addTo(draft: Draft, word: string, rest: readonly string[]): void {
  const [name = "", value = ""] = rest;
  if (word === "sends") draft.sends.push(...rest.filter((each) => each !== ""));
  // What is set later stands, as in a shell.
  else if (word === "variable") draft.variables.set(name, destinationOf(value));
  else if (word === "reads" || word === "names") draft.words.add(`${word} ${name}`);
  else if (word === "sifts" || word === "seeks" || word === "unread" || word === "done") draft.words.add(word);
}

/** Why there may be jobs that were not read. */
function openOf(output: HostOutput, cron: string): string | undefined {
  const needed = [
    "alerts.cron",
    ...(/^systemd$/m.test(cron) ? ["alerts.units", "alerts.handlers", "alerts.work"] : []),
  ];
  for (const name of needed) {
    const frame = frameOf(output, name);
    if (frame === undefined) return `${name} was not read`;
    const fault = faultOf(frame);
    if (fault !== undefined || frame.state !== "ok") return `${name}: ${fault?.detail ?? "its output was cut"}`;
  }
  if (!/^awk works$/m.test(frameOf(output, "alerts.mail")?.text ?? "")) return "awk does not work on the host";
  const hidden = /^hidden (.{1,200})$/m.exec(cron)?.[1];
  return hidden === undefined ? undefined : `not readable: ${visible(hidden, 200)}`;
}
