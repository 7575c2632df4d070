import { unknown } from "#model/unknown.ts";
import { faultOf, frameOf, type HostOutput } from "./frames.ts";
import { matchesGlob } from "./glob.ts";
import type { Limit } from "./log-retention.ts";
import { timeSpanMs, wholeDays } from "./log-time.ts";

/** A line of tmpfiles.d(5) that ages a folder, or keeps a path from being aged. */
interface Line {
  readonly file: string;
  readonly type: string;
  readonly path: string;
  readonly age: string;
}

/** What systemd-tmpfiles deletes of a path by age. */
export function tmpfilesLimits(output: HostOutput, path: string): readonly Limit[] {
  const frame = frameOf(output, "logs.tmpfiles");
  if (frame === undefined || frame.state !== "ok" || faultOf(frame)?.reason === "timeout")
    return [unknown("the files of tmpfiles.d were not read")];
  const gaps = /^unreadable$/m.test(frame.text) ? [unknown("a file of tmpfiles.d could not be read")] : [];
  // Without its timer nothing is aged.
  const state = /^ActiveState=(.*)$/m.exec(frame.text)?.[1];
  if (state === "inactive" || state === "failed") return gaps;
  const lines = readLines(frame.text);
  const kept = lines.some(
    ({ type, path: pattern }) => /^[xX]/.test(type) && covers(pattern, path, type.startsWith("x")),
  );
  if (kept) return gaps;
  const ageing = lines.filter(
    (line) => /^[dDeqQvC]/.test(line.type) && line.age !== "-" && line.age !== "" && covers(line.path, path, true),
  );
  // The nearest folder that has an age of its own decides.
  const nearest = ageing.toSorted((a, b) => b.path.length - a.path.length)[0];
  if (nearest === undefined) return gaps;
  const ms = timeSpanMs(nearest.age.replace(/^~/, "").replace(/^[abcmABCM]+:/, ""));
  const name = `tmpfiles.d ${nearest.file}: ${nearest.path} ${nearest.age}`;
  return [...gaps, { name, by: "time", days: ms === undefined ? unknown("its age is not understood") : wholeDays(ms) }];
}

function readLines(text: string): Line[] {
  const found: Line[] = [];
  let file = "";
  for (const row of text.split("\n")) {
    const [word = "", ...rest] = row.split(" ");
    if (word === "file") file = rest.join(" ");
    if (word === "line" && rest.length >= 2)
      found.push({ file, type: rest[0] ?? "", path: (rest[1] ?? "").replace(/(.)\/$/, "$1"), age: rest[2] ?? "-" });
  }
  return found;
}

/** Whether a path is of a pattern, or, with `below`, lies in a folder that is. */
function covers(pattern: string, path: string, below: boolean): boolean {
  const parts = path.split("/");
  const folders = parts.map((_, index) => parts.slice(0, index + 1).join("/")).slice(1);
  return (below ? folders : [path]).some((folder) => matchesGlob(pattern, folder));
}
