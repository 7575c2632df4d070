import type { CopyFile } from "./backup-files.ts";

/** A database that was found. */
export interface FoundDatabase {
  readonly path: string;
  readonly engine: "sqlite" | "mysql";
  readonly bytes: number | undefined;
  readonly device: number | undefined;
  /** Seconds since 1970 at which there was something in it to back up. */
  readonly madeAt: number | undefined;
}

const ends = /\.(gz|tgz|zst|xz|bz2|lz4|gpg|age|enc|bak)$/;
const generic = new Set([
  "backup",
  "backups",
  "bak",
  "copy",
  "db",
  "sqlite",
  "database",
  "daily",
  "dump",
  "snapshot",
  "full",
  "auto",
  "state",
  "global",
]);

/** Which of the databases a file is a copy of, by what such files are called; empty for none. */
export function copiedBy(file: CopyFile, databases: readonly FoundDatabase[]): readonly FoundDatabase[] {
  const path = file.path.toLowerCase();
  let name = path.slice(path.lastIndexOf("/") + 1);
  if (/-(wal|shm|journal)$/.test(name)) return [];
  const sqlite = databases.filter(({ engine }) => engine === "sqlite");
  if (/-openclaw-backup\.tar\.gz$/.test(name)) return sqlite;
  const archive = /\.(tar(\.[a-z0-9]+)?|tgz|tbz2?|txz|zip)(\.[a-z0-9]+)?$/.test(name);
  if (archive) return /openclaw|clawdbot|moltbot/.test(path) ? sqlite : [];
  name = name.replace(/(\.\d+)+$/, "");
  while (ends.test(name)) name = name.replace(ends, "");
  const words = (/^(.*)\.(?:sqlite3?|db|sql)/.exec(name)?.[1] ?? "")
    .split(/[^a-z]+/)
    .filter((word) => word !== "" && !generic.has(word));
  if (/\.sql$/.test(name)) {
    const servers = databases.filter(({ engine }) => engine === "mysql");
    return servers.length > 0 ? servers : sqlite.filter((each) => isNamed(each, words, sqlite));
  }
  return /\.(sqlite3?|db)([.-]|$)/.test(name) ? sqlite.filter((each) => isNamed(each, words, sqlite)) : [];
}

/** Whether the words of a copy's name are those of a database: for an agent's, its id; for OpenClaw's own, nothing else. */
function isNamed(database: FoundDatabase, words: readonly string[], all: readonly FoundDatabase[]): boolean {
  const agent = agentOf(database.path);
  const ofAgent = words.includes("agent") || words.includes("agents");
  if (agent !== undefined) {
    const only = all.filter(({ path }) => agentOf(path) !== undefined).length === 1;
    const id = agent
      .toLowerCase()
      .split(/[^a-z]+/)
      .filter((word) => word !== "");
    return id.every((word) => words.includes(word))
      ? ofAgent
      : ofAgent && only && words.every((word) => /^(openclaw|agents?)$/.test(word));
  }
  if (ofAgent) return false;
  const own = stemOf(database.path);
  if (words.includes(own)) return true;
  return words.length === 0 && (own === "openclaw" || all.length === 1);
}

function agentOf(path: string): string | undefined {
  return /\/agents\/([^/]+)\//.exec(path)?.[1];
}

function stemOf(path: string): string {
  return path
    .slice(path.lastIndexOf("/") + 1)
    .replace(/\.sqlite3?$/, "")
    .toLowerCase();
}
