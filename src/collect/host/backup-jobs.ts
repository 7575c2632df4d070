import { visible } from "#model/sanitise.ts";
import { framesOf, type HostOutput } from "./frames.ts";

/** What starts something at set times, and the words of a list that stand in its command and in the scripts it names. */
export interface RawJob {
  /** Service of systemd, or table of cron with the line. */
  readonly name: string;
  readonly kind: "unit" | "cron";
  readonly schedule: string;
  readonly mailto: boolean;
  /** Words of each line; variables stand in for what they were given. */
  readonly lines: readonly (readonly string[])[];
  /** A script that it names could not be read, or not to its end. */
  readonly partly: boolean;
}

/** Jobs as the host told them; `hidden` names what could not be read. */
export interface RawJobs {
  readonly jobs: readonly RawJob[];
  readonly hidden: readonly string[];
  readonly cronRuns: boolean;
}

interface Draft {
  readonly name: string;
  readonly kind: "unit" | "cron";
  schedule: string;
  partly: boolean;
  readonly lines: string[][];
}

/** Reads the frames of units and of cron. */
export function readJobs(output: HostOutput): RawJobs {
  const frames = [...framesOf(output, "backups.units"), ...framesOf(output, "backups.cron")];
  const lines = frames
    .flatMap((frame) => frame.text.split("\n"))
    .map((line): Told => {
      const [word = "", ...rest] = line.split(" ");
      return { word, text: rest.join(" ") };
    });
  const told = (word: string) => lines.filter((line) => line.word === word).map(({ text }) => visible(text, 200));
  const mailed = told("mailto");
  const jobs = draftsOf(lines).map(
    (each): RawJob => ({
      ...each,
      mailto: mailed.some((file) => each.name.startsWith(`${file}:`)),
      lines: substituted(each.lines),
    }),
  );
  return { jobs, hidden: told("hidden"), cronRuns: told("daemon").length > 0 };
}

interface Told {
  readonly word: string;
  readonly text: string;
}

function draftsOf(lines: readonly Told[]): readonly Draft[] {
  const drafts = new Map<string, Draft>();
  let draft: Draft | undefined;
  for (const { word, text } of lines) {
    if (word === "unit" || word === "cron") draft = draftOf(drafts, word, text);
    else if (draft !== undefined) addTo(draft, word, text);
  }
  return [...drafts.values()];
}

function draftOf(drafts: Map<string, Draft>, kind: "unit" | "cron", name: string): Draft {
  const shown = visible(name, 200);
  const draft = drafts.get(shown) ?? { name: shown, kind, schedule: "", partly: false, lines: [] };
  drafts.set(shown, draft);
  return draft;
}

function addTo(draft: Draft, word: string, text: string): void {
  if (word === "schedule") draft.schedule = visible(text, 100);
  else if (word === "line") draft.lines.push(text.split(" ").filter((each) => each !== ""));
  else if (word === "unread" || word === "more") draft.partly = true;
}

/** Lines with the variables replaced that were given a plain path. */
function substituted(lines: readonly (readonly string[])[]): string[][] {
  const values = new Map<string, string>();
  const fill = (word: string) =>
    word.replace(/^\$\{?([A-Za-z_][A-Za-z0-9_]*)\}?/, (whole, name: string) => values.get(name) ?? whole).slice(0, 400);
  return lines.map((line) => {
    const filled = line.map(fill);
    for (const [index, word] of line.entries()) {
      const name = /^([A-Za-z_][A-Za-z0-9_]*)=$/.exec(word)?.[1];
      const value = filled[index + 1];
      if (name !== undefined && value !== undefined && /^[/~]/.test(value)) values.set(name, value);
    }
    return filled;
  });
}
