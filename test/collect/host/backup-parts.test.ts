import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type CopyFile, faultOfHead, patternOf } from "#collect/host/backup-files.ts";
import { countGenerations } from "#collect/host/backup-generations.ts";
import { copiedBy, type FoundDatabase } from "#collect/host/backup-match.ts";
import { timeOf } from "#collect/host/backup-units.ts";
import { type JobWork, workOf } from "#collect/host/backup-words.ts";

const state = "/home/openclaw/.openclaw/state/openclaw.sqlite";
const found = (path: string, engine: "sqlite" | "mysql" = "sqlite"): FoundDatabase => ({
  path,
  engine,
  bytes: 1,
  device: 1,
  madeAt: 0,
});

describe("times of systemctl", () => {
  test.each([
    ["@1795397901", 1795397901],
    ["Mon 2026-11-23 03:10:00 JST", Date.parse("2026-11-22T18:10:00Z") / 1000],
    ["Mon 2026-11-23 03:10:00 UTC", Date.parse("2026-11-23T03:10:00Z") / 1000],
    ["2026-11-23 03:10:00.123456 JST", Date.parse("2026-11-22T18:10:00Z") / 1000],
    ["", undefined],
    ["n/a", undefined],
    ["@", undefined],
    ["Mon 2026-13-45 99:10:00 JST", undefined],
  ])("%s", (text, seconds) => {
    expect(timeOf(text, 540)).toBe(seconds);
  });
});

describe("names of copies", () => {
  test.each([
    ["/b/openclaw-20261123.sqlite", "/b/openclaw-#.sqlite"],
    ["/b/openclaw-2026-11-23T03-10-02.123+09-00.sqlite", "/b/openclaw-#.sqlite"],
    ["/b/2026-11-23/openclaw.sqlite", "/b/#/openclaw.sqlite"],
    ["/b/openclaw-Mon.sqlite.gz", "/b/openclaw-#.sqlite.gz"],
    ["/b/openclaw.sqlite.3.gz", "/b/openclaw.sqlite.gz"],
    ["/b/openclaw.sqlite.3", "/b/openclaw.sqlite"],
    ["/b/20261123T0310-0f0e0d0c-0000-4000-8000-000000000000/database.sqlite", "/b/#/database.sqlite"],
    ["/b/monitor.sqlite", "/b/monitor.sqlite"],
  ])("%s", (path, pattern) => {
    expect(patternOf(path)).toBe(pattern);
  });
});

describe("which database a file is a copy of", () => {
  const main = found(state);
  const agent = found("/home/openclaw/.openclaw/agents/main/agent/openclaw-agent.sqlite");
  const second = found("/home/openclaw/.openclaw/agents/sales/agent/openclaw-agent.sqlite");
  const server = found("/var/lib/mysql", "mysql");
  test.each<[string, readonly FoundDatabase[], readonly FoundDatabase[]]>([
    ["/b/openclaw-20261123.sqlite", [main, agent], [main]],
    ["/b/openclaw.sqlite.gz", [main, agent], [main]],
    ["/b/claw01-openclaw-20261123.db.zst", [main], [main]],
    ["/b/agent-main-20261123.sqlite", [main, agent, second], [agent]],
    ["/b/openclaw-agent-20261123.sqlite", [main, agent], [agent]],
    ["/b/openclaw-agent-20261123.sqlite", [main, agent, second], []],
    ["/b/2026-11-23/database.sqlite", [main, agent], [main]],
    ["/b/2026-11-23T03-10-02.123+09-00-openclaw-backup.tar.gz", [main, agent, server], [main, agent]],
    ["/b/openclaw-home-20261123.tgz", [main, agent], [main, agent]],
    ["/b/etc-20261123.tar.gz", [main], []],
    ["/b/dump-20261123.sql.gz", [main, server], [server]],
    ["/b/openclaw-20261123.sql", [main], [main]],
    ["/b/openclaw-20261123.sqlite-wal", [main], []],
    ["/var/backups/dpkg.status.1.gz", [main], []],
    ["/var/backups/apt.extended_states.0", [main], []],
    ["/b/grafana-20261123.db", [main], []],
  ])("%s", (path, databases, expected) => {
    expect(copiedBy({ path, bytes: 1, writtenAt: 0, device: 1 }, databases)).toEqual(expected);
  });
});

describe("generations", () => {
  const now = Date.parse("2026-11-23T01:00:00Z") / 1000;
  const from = { now, utcOffsetMinutes: 540 };
  const copy = (hoursAgo: number, more: Partial<CopyFile> = {}): CopyFile => ({
    path: `/b/openclaw-${hoursAgo}.sqlite`,
    bytes: 100,
    writtenAt: now - hoursAgo * 3600,
    device: 1,
    sha256: String(hoursAgo).padStart(64, "0"),
    fault: "",
    ...more,
  });
  const nightly = [0, 1, 2, 3, 4, 5, 6, 7].map((day) => copy(7 + 24 * day));
  const all = { open: undefined, cut: undefined };
  const hidden = { $unknown: expect.any(String) };
  test.each<[string, readonly CopyFile[], object, object]>([
    [
      "one a night",
      nightly,
      all,
      { copied: true, newestAgeHours: 7, dailyGenerations: 8, unchangedDays: 0, newestFault: "" },
    ],
    ["the last one missed", nightly.slice(1), all, { newestAgeHours: 31, dailyGenerations: 7 }],
    [
      "seven of one day",
      [1, 2, 3, 4, 5, 6, 7].map((hours) => copy(hours)),
      all,
      { dailyGenerations: 1, unchangedDays: 0 },
    ],
    // 10:00 in Tokyo: two hours before midnight there is the day before.
    ["days are the host's", [copy(9), copy(11)], all, { dailyGenerations: 2 }],
    [
      "an empty one is no generation",
      [copy(7, { bytes: 0, fault: "it is empty" }), ...nightly.slice(1)],
      all,
      { newestAgeHours: 7, newestFault: "it is empty", dailyGenerations: 7 },
    ],
    ["older than a week", [7, 8, 9].map((days) => copy(24 * days + 20)), all, { dailyGenerations: 0 }],
    ["always the same", nightly.map((file) => ({ ...file, sha256: "a" })), all, { unchangedDays: 7 }],
    [
      "the same for three days",
      nightly.map((file, index) => ({ ...file, sha256: index < 4 ? "a" : String(index) })),
      all,
      { unchangedDays: 3 },
    ],
    [
      "of another size",
      nightly.map((file, index) => ({ ...file, sha256: undefined, bytes: 100 + index })),
      all,
      { unchangedDays: 0 },
    ],
    [
      "of the same size, not compared",
      nightly.map((file) => ({ ...file, sha256: undefined })),
      all,
      { unchangedDays: hidden },
    ],
    ["packed", nightly.map((file) => ({ ...file, path: `${file.path}.gz` })), all, { unchangedDays: hidden }],
    ["not checked", [copy(7, { fault: undefined })], all, { newestFault: hidden }],
    ["written in the future", [copy(-48)], all, { copied: false, dailyGenerations: 0 }],
    [
      "none",
      [],
      all,
      {
        copied: false,
        copies: "",
        dailyGenerations: 0,
        newestAgeHours: hidden,
        newestFault: hidden,
        unchangedDays: hidden,
      },
    ],
    ["none seen", [], { ...all, open: "x" }, { copied: hidden, copies: hidden, dailyGenerations: hidden }],
    [
      "old ones seen",
      nightly.slice(2),
      { ...all, open: "x" },
      { copied: true, newestAgeHours: hidden, dailyGenerations: hidden },
    ],
    ["fresh ones seen", nightly, { ...all, open: "x" }, { newestAgeHours: 7, dailyGenerations: 8 }],
    ["a bad one seen", [copy(7, { fault: "it is empty" })], { ...all, open: "x" }, { newestFault: hidden }],
    [
      "the newest of many seen",
      [copy(50, { fault: "it is empty" })],
      { ...all, cut: "x" },
      { newestAgeHours: 50, newestFault: "it is empty", dailyGenerations: hidden },
    ],
  ])("%s", (_name, files, missed, expected) => {
    expect(countGenerations(files, missed as typeof all, from)).toMatchObject(expected);
  });
});

describe("the head of a database", () => {
  const whole = Buffer.alloc(108);
  whole.write("SQLite format 3\0", "latin1");
  whole.writeUInt16BE(4096, 16);
  whole.writeUInt32BE(1, 24);
  whole.writeUInt32BE(3, 28);
  whole.writeUInt32BE(1, 92);
  whole.writeUInt8(0x0d, 100);
  whole.writeUInt16BE(2, 103);
  const changed = (write: (head: Buffer) => void) => {
    const head = Buffer.from(whole);
    write(head);
    return head;
  };
  test.each<[string, Uint8Array, number, string | undefined]>([
    ["whole", whole, 12_288, undefined],
    ["an inner page", changed((head) => head.writeUInt8(0x05, 100)), 12_288, undefined],
    ["another format", Buffer.from("PK\u0003\u0004".padEnd(108, "x")), 12_288, "it is no SQLite database"],
    ["short", whole.subarray(0, 60), 60, "it ends within its first page"],
    ["cut", whole, 8192, "it has 8192 of 12288 bytes"],
    ["a page count that does not count", changed((head) => head.writeUInt32BE(2, 92)), 8192, undefined],
    ["half a page", changed((head) => head.writeUInt32BE(0, 28)), 10_000, "its length is no multiple of its pages"],
    ["no table", changed((head) => head.writeUInt16BE(0, 103)), 12_288, "it holds no table"],
    ["large pages", changed((head) => head.writeUInt16BE(1, 16)), 196_608, undefined],
  ])("%s", (_name, head, bytes, fault) => {
    expect(faultOfHead(head, bytes)).toBe(fault);
  });

  test("may be anything", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), fc.nat(), (head, bytes) =>
        ["string", "undefined"].includes(typeof faultOfHead(head, bytes)),
      ),
    );
  });
});

describe("words of a job", () => {
  const places = {
    databases: [state, "/var/lib/mysql"],
    folders: ["/var/backups/openclaw"],
    remoteMounts: ["/mnt/nas"],
  };
  const work = (lines: readonly string[]): JobWork =>
    workOf(
      {
        name: "x",
        kind: "unit",
        schedule: "",
        mailto: false,
        partly: false,
        lines: lines.map((line) => line.split(" ")),
      },
      places,
    );
  test.each<[string, readonly string[], Partial<JobWork>]>([
    [
      "sqlite3 .backup",
      [`sqlite3 ${state} .backup $x`],
      { methods: ["sqlite3 .backup"], backsUpDatabase: true, copiesLiveFiles: false },
    ],
    [
      "a dump into gzip",
      [`sqlite3 ${state} .dump gzip /b/o.sql.gz`],
      { methods: ["sqlite3 .dump"], copiesLiveFiles: false },
    ],
    [
      "a copy of the copy",
      [`sqlite3 ${state} .backup /var/backups/openclaw/x.sqlite`, "cp $1 $2", "tar /b/x.tgz /var/backups/openclaw"],
      { methods: ["sqlite3 .backup"], copiesLiveFiles: false },
    ],
    [
      "openclaw backup",
      ["openclaw backup create /var/backups/openclaw"],
      { methods: ["openclaw backup"], backsUpDatabase: true, copiesLiveFiles: false },
    ],
    [
      "mysqldump",
      ["mysqldump gzip /b/x.sql.gz"],
      { methods: ["mysqldump"], backsUpDatabase: true, copiesLiveFiles: false },
    ],
    ["cp", [`cp ${state} /b/`], { methods: ["cp"], backsUpDatabase: true, copiesLiveFiles: true }],
    ["cp in a function", ["cp $2 $work/$1", `copy ${state}`], { methods: ["cp"], copiesLiveFiles: true }],
    ["tar of the home", ["tar /b/x.tgz /home/openclaw"], { methods: ["tar"], copiesLiveFiles: true }],
    ["tar of a server's files", ["tar /b/x.tgz /var/lib/mysql"], { methods: ["tar"], copiesLiveFiles: true }],
    [
      "tar of its logs",
      ["tar /b/x.tgz /home/openclaw/.openclaw/logs"],
      { methods: [], backsUpDatabase: false, copiesLiveFiles: false },
    ],
    [
      "both",
      [`sqlite3 ${state} .backup $x`, `cp ${state} /b/`],
      { methods: ["sqlite3 .backup", "cp"], copiesLiveFiles: true },
    ],
    ["while it stands still", ["systemctl stop", `cp ${state} /b/`], { backsUpDatabase: true, copiesLiveFiles: false }],
    [
      "a query",
      [`sqlite3 ${state} $query`, "mv $work/new /var/log/x"],
      { backsUpDatabase: false, copiesLiveFiles: false },
    ],
    [
      "a drill",
      [
        "backup= find /var/backups/openclaw",
        "cp $backup $work/openclaw.sqlite",
        "sqlite3 $work/openclaw.sqlite integrity_check",
      ],
      { backsUpDatabase: false, copiesLiveFiles: false, watchesCopies: false },
    ],
    ["old copies that are deleted", ["find /var/backups/openclaw -mtime -delete"], { watchesCopies: false }],
    ["a check of ages", ["find -mmin", "/var/backups/openclaw"], { watchesCopies: true }],
    [
      "an upload of logs",
      ["find var/log/openclaw", "curl --upload-file $2 $storage/$1"],
      { sendsLogs: true, sendsBackups: false },
    ],
    ["an upload of copies", ["rclone /var/backups/openclaw @remote"], { sendsLogs: false, sendsBackups: true }],
    ["rsync to another folder", ["rsync /var/log/ /b/"], { sendsLogs: false }],
    ["rsync to another machine", ["rsync /var/log/ @remote"], { sendsLogs: true }],
    ["rsync to a mounted storage", ["rsync /var/log/ /mnt/nas/logs"], { sendsLogs: true }],
    ["a page that is fetched", ["curl @url /var/log/x"], { sendsLogs: false }],
    ["a ping", ["curl @notice"], { tells: true }],
    ["a mail", ["mail $1"], { tells: true }],
    ["a hook", ["curl $SLACK_WEBHOOK"], { tells: true }],
    ["nothing", [], { methods: [], backsUpDatabase: false, tells: false }],
  ])("%s", (_name, lines, expected) => {
    expect(work(lines)).toMatchObject(expected);
  });
});
