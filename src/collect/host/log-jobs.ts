import { visible } from "#model/sanitise.ts";
import { unknown } from "#model/unknown.ts";
import { faultOf, frameOf, type HostOutput } from "./frames.ts";
import { matchesGlob } from "./glob.ts";
import type { Limit } from "./log-retention.ts";
import { timeSpanMs, wholeDays } from "./log-time.ts";

/** What a schedule or a script deletes. */
interface Deletion {
  readonly job: string;
  readonly words: readonly string[];
}

interface Jobs {
  readonly deletions: readonly Deletion[];
  readonly gaps: readonly string[];
}

function readJobs(output: HostOutput): Jobs {
  const frame = frameOf(output, "logs.jobs");
  if (frame === undefined || frame.state !== "ok" || faultOf(frame) !== undefined)
    return { deletions: [], gaps: ["schedules that may delete logs were not read"] };
  const hidden = [...frame.text.matchAll(/^hidden (.*)$/gm)].map((match) => match[1] ?? "");
  const deletions: Deletion[] = [];
  let job = "";
  for (const line of frame.text.split("\n")) {
    if (line.startsWith("job ")) job = line.slice(4);
    else if (/^(find|remove|other|vacuum) /.test(line)) deletions.push({ job, words: line.split(" ") });
  }
  return {
    deletions,
    gaps: hidden.length === 0 ? [] : [`schedules in ${visible(hidden.slice(0, 3).join(", "), 200)} may not be read`],
  };
}

/** What schedules delete of a log's files: the one that is written, and those that rotation leaves beside it. */
export function jobLimits(output: HostOutput, paths: readonly string[]): readonly Limit[] {
  const { deletions, gaps } = readJobs(output);
  return [
    ...gaps.map((gap) => unknown(gap)),
    ...deletions.flatMap(({ job, words }) => {
      const limit = limitOf(words, paths);
      return limit === undefined
        ? []
        : [{ name: visible(`${job}: ${words.join(" ")}`, 300), by: "time" as const, days: limit }];
    }),
  ];
}

function limitOf(words: readonly string[], paths: readonly string[]): number | ReturnType<typeof unknown> | undefined {
  const [kind = "", ...rest] = words;
  if (kind === "remove")
    return paths.some((path) => matchesGlob(rest[0] ?? "", path))
      ? unknown("it is deleted when the job runs, whatever its age")
      : undefined;
  if (kind === "other")
    return paths.some((path) => path.startsWith("/tmp/"))
      ? unknown("what its own settings delete was not read")
      : undefined;
  return kind === "find" ? findLimit(rest, paths) : undefined;
}

/** `find AGE [NUMBER] NAME FOLDER...`, as the script's filter prints it. */
function findLimit(
  words: readonly string[],
  paths: readonly string[],
): number | ReturnType<typeof unknown> | undefined {
  const [test = "", ...rest] = words;
  const number = test === "any" ? "" : (rest.shift() ?? "");
  const [name = "?", ...folders] = rest;
  const hits = paths.filter((path) => folders.some((folder) => folder === "?" || isBelow(folder, path)));
  if (hits.length === 0) return undefined;
  const named = name === "?" || hits.some((path) => matchesGlob(name, path.replace(/^.*\//, "")));
  if (!named) return undefined;
  if (name === "?" || folders.every((folder) => folder === "?"))
    return unknown("which files it deletes could not be told");
  // +N is more than N whole days: from N + 1 on. Anything else takes files that are younger.
  const age = /^\+(\d{1,6})$/.exec(number)?.[1];
  if (age === undefined) return number === "?" ? unknown("from which age on it deletes could not be told") : 0;
  return test.endsWith("min") ? Math.floor(Number(age) / 1440) : Number(age) + 1;
}

function isBelow(folder: string, path: string): boolean {
  const parts = path.split("/");
  const pattern = folder.replace(/(.)\/+$/, "$1");
  return parts.some((_, index) => matchesGlob(pattern, parts.slice(0, index + 1).join("/") || "/"));
}

/** What schedules cut from the journal. */
export function vacuumLimits(output: HostOutput): readonly Limit[] {
  const { deletions, gaps } = readJobs(output);
  return [
    ...gaps.map((gap) => unknown(gap)),
    ...deletions
      .filter(({ words }) => words[0] === "vacuum")
      .map(({ job, words }) => {
        const byTime = words[1]?.endsWith("time") === true;
        const ms = byTime ? timeSpanMs(words[2] ?? "") : undefined;
        const name = visible(`${job}: journalctl ${words.slice(1).join(" ")}`, 300);
        return {
          name,
          by: byTime ? ("time" as const) : ("size" as const),
          days: ms === undefined ? unknown("a size or a number of files promises no age") : wholeDays(ms),
        };
      }),
  ];
}
