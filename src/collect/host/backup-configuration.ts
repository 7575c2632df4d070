import type { Static } from "typebox";
import type { Backups } from "#evidence/backups.ts";
import { visible } from "#model/sanitise.ts";
import { type Maybe, unknown } from "#model/unknown.ts";
import type { Copies } from "./backup-files.ts";
import type { StateFiles } from "./backup-state.ts";
import { frameOf, type HostOutput } from "./frames.ts";

type Configuration = Static<typeof Backups>["configuration"];
type Item = Exclude<Configuration[number], { $unknown: string }>;

/** Configuration, and what git and the folders of backups say of it. */
export function readConfiguration(output: HostOutput, state: StateFiles, copies: Copies): Configuration {
  const frame = frameOf(output, "backups.configuration");
  const text = frame?.text ?? "";
  const git = text.startsWith("git installed\n");
  const items: Configuration = [];
  for (const block of text.split(/^configuration (?=\/)/m).slice(1)) {
    const [path = "", ...lines] = block.split("\n");
    const changed = /^changed (\d{1,11})/m.exec(block)?.[1];
    const changedAt =
      changed === undefined ? state.configurations.find((each) => each.path === path)?.changedAt : Number(changed);
    items.push({
      name: visible(path, 300),
      ...ofGit(lines, git, path),
      copiedSinceChange: copied(path, changedAt, copies),
    });
  }
  const missed = state.openclaw && !items.some((item) => "name" in item && item.name.endsWith("/openclaw.json"));
  if (frame?.state !== "ok" || missed)
    return [...items, unknown("the configuration of OpenClaw could not be looked at")];
  return state.open === undefined ? items : [...items, unknown(state.open)];
}

function ofGit(
  lines: readonly string[],
  git: boolean,
  path: string,
): Pick<Item, "inGit" | "committed" | "uncommitted" | "remote"> {
  if (!git) return outside;
  const status = valuesOf(lines, "status");
  const commit = valuesOf(lines, "commit");
  const said = [...status, ...commit].find((line) => /^(fatal|error|sudo|runuser|su): |^Sorry, user/.test(line));
  if (said !== undefined && /not a git repository|does not have any commits/.test(said)) return outside;
  // A file that git ignores or does not know is in no repository; of a folder, some may be.
  const single = path.endsWith(".json");
  if (single && status.some((line) => /^(\?\?|!!) /.test(line))) return outside;
  const tracked = commit.some((line) => /^\d{1,11}$/.test(line));
  if (said !== undefined || !tracked) {
    // git told that it looked and found neither the file nor a commit of it.
    const why =
      said === undefined
        ? "git could not be asked as the user whose repository it is"
        : `git says: ${visible(said, 150)}`;
    return { inGit: unknown(why), committed: unknown(why), uncommitted: unknown(why), remote: unknown(why) };
  }
  const changed = status.find((line) => !line.startsWith("!! "));
  return {
    inGit: true,
    committed: changed === undefined,
    uncommitted: changed === undefined ? "" : visible(changed.slice(3), 300),
    remote: valuesOf(lines, "remote").some((line) => !line.startsWith("fatal")),
  };
}

const outside = { inGit: false, committed: false, uncommitted: "", remote: false } as const;

function valuesOf(lines: readonly string[], word: string): string[] {
  return lines.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1));
}

/** A copy of OpenClaw's file, or an archive that OpenClaw itself puts it into; of nginx's folder, one that is named after it or after /etc. */
function copied(path: string, changedAt: number | undefined, copies: Copies): Maybe<boolean> {
  if (changedAt === undefined) return unknown("when it was changed last is not known");
  const pattern = path.endsWith("/openclaw.json")
    ? /openclaw\.json|-openclaw-backup\.tar\.gz$/
    : /(^|[/_.-])(etc|nginx)[^/]*\.(tar|t[a-z]z|zip)/;
  const found = copies.files.some((file) => file.bytes > 0 && file.writtenAt >= changedAt && pattern.test(file.path));
  return found || copies.open === undefined ? found : unknown(copies.open);
}
