import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readHostOutput } from "#collect/host/output.ts";
import { hostScript } from "#collect/host/script.ts";
import type { Backups } from "#evidence/backups.ts";

const boundary = "0123456789abcdef0123456789abcdef";
const script = hostScript({ boundary, sshUsers: ["root"] });
let folder = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "sekisho-backups-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A home with a database that somebody has open, a folder for its copies, and one for tables of cron. */
interface Host {
  readonly state: string;
  readonly copies: string;
  readonly cron: string;
  readonly run: (shell?: readonly string[]) => string;
}

function makeHost(): Host {
  const place = mkdtempSync(join(folder, "host-"));
  const [root, copies, cron] = ["root", "copies", "cron"].map((name) => join(place, name)) as [string, string, string];
  const state = join(root, ".openclaw", "state");
  for (const each of [state, copies, cron]) mkdirSync(each, { recursive: true });
  sql(
    join(state, "openclaw.sqlite"),
    "PRAGMA journal_mode=wal; CREATE TABLE t(a); CREATE TABLE backup_runs(status, created_at); INSERT INTO t VALUES ('planted')",
  );
  const setup = [
    "mount --make-rprivate /",
    `mount --bind ${root} /root`,
    `mount --bind ${copies} /var/backups`,
    `mount --bind ${cron} /etc/cron.d`,
    // A process of this name is what runs the tables.
    "cp /usr/bin/sleep /run/cron && (/run/cron 60 &)",
  ];
  const start = "mount -t tmpfs tmpfs /run";
  const run = (shell: readonly string[] = ["dash"]) => {
    const command = `${setup[0]} && ${start} && ${setup.slice(1).join(" && ")} && sleep 1\nexec ${shell.join(" ")} -s`;
    const flags = ["-m", "-p", "-f", "-n", "--mount-proc", "--kill-child"];
    const result = spawnSync("unshare", [...flags, "sh", "-c", command], {
      input: script,
      encoding: "latin1",
      maxBuffer: 64 << 20,
    });
    expect(result.stderr).toBe("");
    return result.stdout;
  };
  return { state, copies, cron, run };
}

function sql(file: string, statement: string): void {
  const result = spawnSync("sqlite3", [file, statement], { encoding: "utf8" });
  expect(result.stderr).toBe("");
}

function backupsOf(output: string): Backups {
  const at = new Date();
  const result = readHostOutput(Buffer.from(output, "latin1"), {
    vantage: "host",
    receivedAt: at,
    startedAt: at,
    end: "exit",
  });
  if ("error" in result) throw new Error(result.error);
  const attempt = result.evidence.find(({ kind }) => kind === "backups")?.attempt;
  if (attempt?.status !== "observed") throw new Error(JSON.stringify(attempt));
  return attempt.value as Backups;
}

const header =
  "#!/bin/sh\n# planted-comment sqlite3 .backup\nexport AWS_SECRET_ACCESS_KEY=planted/secret\nTOKEN='planted'\n";
const ways: readonly (readonly [name: string, lines: string, methods: readonly string[], raw: boolean])[] = [
  [
    "sqlite3",
    "sqlite3 /root/.openclaw/state/openclaw.sqlite \".backup '/var/backups/o.sqlite'\"",
    ["sqlite3 .backup"],
    false,
  ],
  [
    "VACUUM INTO",
    "sqlite3 ~/.openclaw/state/openclaw.sqlite \"vacuum into '/var/backups/o.sqlite'\"",
    ["VACUUM INTO"],
    false,
  ],
  ["cp", "cp /root/.openclaw/state/openclaw.sqlite /var/backups/", ["cp"], true],
  ["cp of a variable", 'db=/root/.openclaw/state/openclaw.sqlite\ncp -p "$db" /var/backups/', ["cp"], true],
  ["tar of the home", "tar czf /var/backups/home.tgz --exclude=planted /root/.openclaw", ["tar"], true],
  ["rsync", "rsync -a -e 'ssh -i planted' /root/.openclaw/ planted@planted.example:/planted/", ["rsync"], true],
  [
    "cp while it stands still",
    "systemctl stop openclaw-gateway\ncp /root/.openclaw/state/openclaw.sqlite /var/backups/",
    ["cp"],
    false,
  ],
  [
    "restic of a copy",
    "sqlite3 /root/.openclaw/state/openclaw.sqlite '.backup /var/backups/o.sqlite'\nRESTIC_PASSWORD=planted restic -r sftp:planted@x:/y backup /var/backups",
    ["sqlite3 .backup"],
    false,
  ],
];

describe("jobs", () => {
  test.each(ways)("are known by their words, and nothing else of them leaves: %s", (_name, lines, methods, raw) => {
    const host = makeHost();
    writeFileSync(join(host.copies, "job"), `${header}${lines}\ncurl -fsS https://hc-ping.com/planted-uuid\n`, {
      mode: 0o755,
    });
    writeFileSync(join(host.cron, "job"), "PASSWORD=planted\n10 3 * * * root /root/job --planted planted\n");
    spawnSync("mv", [join(host.copies, "job"), join(host.state, "..", "..", "job")]);
    const output = host.run();
    expect(output).not.toContain("planted");
    const { jobs } = backupsOf(output);
    expect(jobs[0]).toMatchObject({
      name: "/etc/cron.d/job:2",
      schedule: "10 3 * * *",
      scheduled: true,
      backsUpDatabase: true,
      methods,
      copiesLiveFiles: raw,
      failureNotice: "it tells of its runs itself",
    });
  });
});

describe("copies", () => {
  const day = 86_400;

  test.each([[["dash"]], [["busybox", "sh"]], [["bash", "--posix"]]])(
    "are counted and checked under %s, and nothing is written",
    (shell) => {
      const host = makeHost();
      for (let ago = 0; ago < 7; ago += 1) {
        const file = join(host.copies, `openclaw-${ago}.sqlite`);
        sql(file, `CREATE TABLE t(a); INSERT INTO t VALUES ('planted${ago}')`);
        spawnSync("touch", ["-d", `@${Math.floor(Date.now() / 1000) - ago * day}`, file]);
      }
      const before = readdirSync(host.state);
      const output = host.run(shell);
      expect(output).not.toContain("planted");
      expect(readdirSync(host.state)).toEqual(before);
      expect(readdirSync(host.copies)).toHaveLength(7);
      expect(backupsOf(output).databases[0]).toMatchObject({
        name: "/root/.openclaw/state/openclaw.sqlite",
        copied: true,
        copies: "/var/backups/openclaw-#.sqlite",
        newestAgeHours: 0,
        newestFault: "",
        dailyGenerations: 7,
        unchangedDays: 0,
        sameDisk: true,
      });
    },
  );

  test("take little time and room, however many and large they are", () => {
    const host = makeHost();
    for (let index = 0; index < 10_000; index += 1) writeFileSync(join(host.copies, `openclaw-${index}.txt`), "");
    spawnSync("truncate", ["-s", "50G", join(host.copies, "openclaw-1.sqlite")]);
    const started = Date.now();
    const output = host.run();
    expect(Date.now() - started).toBeLessThan(40_000);
    expect(output.length).toBeLessThan(2 << 20);
    const [database] = backupsOf(output).databases;
    expect(database).toMatchObject({ newestFault: expect.stringMatching(/no SQLite database/) });
  });
});
