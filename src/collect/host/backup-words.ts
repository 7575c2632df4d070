import type { RawJob } from "./backup-jobs.ts";

/** Files that jobs may name: databases by path, and folders in which copies lie. */
export interface Places {
  /** Paths of databases; /var/lib/mysql for a server. */
  readonly databases: readonly string[];
  readonly folders: readonly string[];
  /** Where storage of other machines is mounted. */
  readonly remoteMounts: readonly string[];
}

/** What a job does, by its words. */
export interface JobWork {
  readonly methods: readonly string[];
  readonly backsUpDatabase: boolean;
  readonly copiesLiveFiles: boolean;
  readonly sendsLogs: boolean;
  readonly sendsBackups: boolean;
  /** Names copies and asks for their age. */
  readonly watchesCopies: boolean;
  /** Tells of itself: pings a monitor, or mails. */
  readonly tells: boolean;
}

type Line = readonly string[];

/** Means that copy whole transactions, each by words that stand on one line. */
const consistent: readonly (readonly [method: string, words: readonly string[]])[] = [
  ["sqlite3 .backup", ["sqlite3", ".backup"]],
  ["sqlite3 .clone", ["sqlite3", ".clone"]],
  ["sqlite3 .dump", ["sqlite3", ".dump"]],
  ["VACUUM INTO", ["VACUUM", "INTO"]],
  ["sqlite3_rsync", ["sqlite3_rsync"]],
  ["litestream", ["litestream"]],
  ["openclaw backup", ["openclaw", "backup", "create"]],
  ["openclaw backup", ["openclaw", "backup", "enable"]],
  ["mysqldump", ["mysqldump"]],
  ["mariadb-dump", ["mariadb-dump"]],
  ["mydumper", ["mydumper"]],
  ["mariabackup", ["mariabackup"]],
  ["mariabackup", ["mariadb-backup"]],
  ["xtrabackup", ["xtrabackup"]],
];
/** Means that name what they copy by themselves. */
const selfNaming = /^(openclaw backup|litestream|mysqldump|mariadb-dump|mydumper|mariabackup|xtrabackup)$/;
const copyFolders = ["tar", "rsync", "zip", "restic", "borg", "borgmatic", "kopia", "duplicity", "rsnapshot"];
const copyFiles = ["cp", "install", "scp", "dd", "gzip", "zstd", "cat", "mv"];
const senders = ["rclone", "s3cmd", "s5cmd", "gsutil", "azcopy", "lftp", "sftp", "smbclient", "litestream"];
const mailers = ["mail", "mailx", "sendmail", "msmtp", "ssmtp", "healthchecks", "runitor", "cronitor", "@notice"];

/** What the words of a job say that it does. */
export function workOf(job: RawJob, places: Places): JobWork {
  const { lines } = job;
  const words = lines.flat();
  const means = [
    ...new Set(consistent.filter(([, wanted]) => lines.some((line) => holds(line, wanted))).map(([method]) => method)),
  ];
  const namesDatabase = words.some((word) => isDatabase(word, places));
  const whole = means.length > 0;
  const raw = rawTools(lines, places, { namesDatabase, whole });
  const backsUpDatabase =
    (whole && (namesDatabase || means.some((method) => selfNaming.test(method)) || namesState(words))) ||
    raw.length > 0;
  const away = lines.some((line) => sends(line, places));
  const namesCopies = words.some((word) => isUnder(word, places.folders));
  return {
    methods: [...means, ...raw],
    backsUpDatabase,
    copiesLiveFiles:
      raw.length > 0 &&
      !lines.some((line) => line.includes("stop") && (line.includes("systemctl") || line.includes("docker"))),
    sendsLogs: away && words.some(isLog),
    sendsBackups: away && (namesCopies || backsUpDatabase),
    watchesCopies: namesCopies && !backsUpDatabase && !away && asksForAge(words),
    tells: words.some(
      (word) => mailers.includes(word) || /^\$\{?[A-Z_]*(WEBHOOK|HEALTHCHECK|PING_URL|HC_URL)[A-Z_]*\}?$/.test(word),
    ),
  };
}

/** Tools that copy the files of a database as they lie there. */
function rawTools(lines: readonly Line[], places: Places, job: KnownOfJob): string[] {
  return [...new Set(lines.flatMap((line) => rawToolsOf(line, places, job)))];
}

interface KnownOfJob {
  readonly namesDatabase: boolean;
  /** It has a means that keeps transactions whole. */
  readonly whole: boolean;
}

function rawToolsOf(line: Line, places: Places, { namesDatabase, whole }: KnownOfJob): readonly string[] {
  const named = line.some((word) => isDatabase(word, places));
  // What a function is given stands on another line.
  const given = !whole && namesDatabase && line.some((word) => /^\$\{?\w+\}?$/.test(word));
  const around = !whole && line.some((word) => isAround(word, places));
  // A second tool on the line takes the first one's output, as in `sqlite3 ... .dump | gzip`.
  const takes = consistent.some(([, wanted]) => holds(line, wanted));
  return line.filter(
    (tool) =>
      (copyFolders.includes(tool) && (named || given || around)) ||
      (copyFiles.includes(tool) && (named || given) && !takes),
  );
}

/** Whether a line holds words in this order, with nothing but other words between. */
function holds(line: Line, wanted: readonly string[]): boolean {
  let from = 0;
  for (const word of wanted) {
    const at = line.indexOf(word, from);
    if (at < 0) return false;
    from = at + 1;
  }
  return true;
}

/** The file of a database: by its path, or by its name in a folder that is not one of copies. */
function isDatabase(word: string, { databases, folders }: Places): boolean {
  const plain = word.replace(/\*/g, "");
  if (!plain.includes("/") || isUnder(word, folders) || /^\/(var\/)?tmp\//.test(plain)) return false;
  if (databases.some((path) => plain === path || (path === "/var/lib/mysql" && plain.startsWith(`${path}/`))))
    return true;
  const name = plain.slice(plain.lastIndexOf("/") + 1);
  if (!/\.sqlite3?$/.test(name) || !databases.some((path) => path.endsWith(`/${name}`))) return false;
  return /^[/~]/.test(plain) || plain.includes(".openclaw/");
}

/** Whether it asks how old files are, and not to delete the old ones. */
function asksForAge(words: readonly string[]): boolean {
  const asks = words.some((word) => /^-(mmin|mtime|newermt)$/.test(word)) || words.includes("stat");
  return asks && !words.includes("-delete") && !words.includes("rm");
}

function namesState(words: readonly string[]): boolean {
  return words.some((word) => /\.openclaw(\/|$)/.test(word));
}

/** A folder that a database lies in. */
function isAround(word: string, { databases }: Places): boolean {
  const folder = word.replace(/\/?\**$/, "");
  if (/(^|\/)\.openclaw(\/state)?$/.test(folder)) return true;
  return (
    folder.startsWith("/") &&
    folder.length > 1 &&
    databases.some((path) => path === folder || path.startsWith(`${folder}/`))
  );
}

function isUnder(word: string, folders: readonly string[]): boolean {
  return folders.some((folder) => word === folder || word.startsWith(`${folder}/`));
}

function isLog(word: string): boolean {
  return /^\/?var\/log(\/|$)/.test(word) || /^[/~$].*\/logs?(\/|$)/.test(word);
}

/** Whether a line hands something to another machine. */
function sends(line: Line, { remoteMounts }: Places): boolean {
  const has = (word: string) => line.includes(word);
  const remote = has("@remote") || has("@url");
  if (
    senders.some(has) ||
    (has("aws") && has("s3")) ||
    (has("az") && has("storage")) ||
    (has("gcloud") && has("storage"))
  )
    return true;
  if (has("curl") && (has("--upload-file") || has("-T"))) return true;
  if (["rsync", "scp", "restic", "borg", "kopia", "duplicity", "sqlite3_rsync", "mc", "b2"].some(has) && remote)
    return true;
  return line.some((word) => isUnder(word, remoteMounts)) && [...copyFolders, ...copyFiles].some(has);
}
