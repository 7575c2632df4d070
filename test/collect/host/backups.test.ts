import { describe, expect, test } from "vitest";
import { backups, copy, ended, type Frames, good, home, now, service, timer } from "./backups-host.ts";
import { attempt, output, read } from "./capture.ts";

const hidden = { $unknown: expect.any(String) };

describe("databases", () => {
  test.each<[string, Frames, object]>([
    [
      "copied",
      {},
      {
        copied: true,
        newestAgeHours: 1,
        dailyGenerations: 7,
        dueGenerations: 7,
        sameDisk: true,
        scheduled: true,
        sentAway: false,
        failureNoticed: false,
      },
    ],
    [
      "on a host of three days",
      { "backups.state": good["backups.state"]?.replace(/host \d+/, `host ${now - 3 * 86_400}`) ?? "" },
      { dueGenerations: 3, existsHours: 72 },
    ],
    [
      "copied to a partition of the same disk",
      { "backups.files": `${copy(1, "openclaw-1.sqlite", 2050)}files 1\n` },
      { sameDisk: true },
    ],
    [
      "copied to another disk",
      { "backups.files": `${copy(1, "openclaw-1.sqlite", 2065)}files 1\n` },
      { sameDisk: false },
    ],
    ["whose timer is off", { "backups.timers": timer("inactive") }, { scheduled: false }],
    ["whose timers were not read", { "backups.timers": "" }, { scheduled: hidden }],
    [
      "without a copy",
      { "backups.files": "files 0\n" },
      { copied: false, dailyGenerations: 0, newestAgeHours: hidden },
    ],
    ["without a job", { "backups.units": "" }, { scheduled: hidden, failureNoticed: hidden }],
    [
      "without either",
      { "backups.units": "", "backups.files": "files 0\n" },
      { copied: false, scheduled: false, failureNoticed: false },
    ],
    [
      "in a repository of restic",
      { "backups.files": "files 0\n", "backups.units": `unit backup.service\nline restic backup ${home}\n` },
      { copied: hidden, dailyGenerations: hidden },
    ],
    [
      "with a folder that may not be read",
      { "backups.files": "find: '/var/backups/openclaw': Permission denied\nfiles 0\n" },
      { copied: hidden },
    ],
    [
      "with copies where they were not declared",
      { "backups.declared": "path /srv/backups\njob \n" },
      { copied: false },
    ],
    [
      "with copies where they were declared",
      { "backups.declared": "path /srv/x /var/backups/\njob \n" },
      { copied: true, dailyGenerations: 7 },
    ],
    [
      "with a list that was cut",
      { "backups.files": copy(1) },
      { copied: true, newestAgeHours: 1, dailyGenerations: hidden },
    ],
    [
      "with a table of cron that may not be read",
      { "backups.cron": "hidden /var/spool/cron/crontabs/root\n" },
      { scheduled: true, sentAway: hidden, failureNoticed: hidden },
    ],
    [
      "told of by OnFailure",
      { "backups.services": service(`${ended}OnFailure=notify@backup.service.service\n`) },
      { failureNoticed: true },
    ],
    [
      "told of by a unit that is not there",
      { "backups.services": service(`${ended}OnFailure=gone.service\n`) },
      { failureNoticed: false },
    ],
    [
      "told of by its script",
      { "backups.units": `${good["backups.units"]}line curl @notice\n` },
      { failureNoticed: true },
    ],
    [
      "sent away",
      { "backups.units": `${good["backups.units"]}line rclone /var/backups/openclaw @remote\n` },
      { sentAway: true },
    ],
  ])("%s", (_name, changes, expected) => {
    expect(backups(changes).databases[0]).toMatchObject(expected);
  });

  test("that were not found are not taken for none", () => {
    expect(backups({ "backups.state": `state ${home}\n` }).databases).toEqual([hidden]);
    expect(backups({ "backups.state": "find: '/home/openclaw': Permission denied\n" }).databases).toEqual([hidden]);
    expect(backups({ "backups.state": "" }).databases).toEqual([]);
  });

  test("of a server are told by its daemon", () => {
    const { databases } = backups({
      "backups.state": "daemon mariadbd\nmysql 2049\n",
      "backups.units": "unit backup.service\nline mysqldump gzip /var/backups/openclaw/x.sql.gz\n",
      "backups.files": `${copy(1, "all-1.sql.gz")}files 1\n`,
    });
    expect(databases).toEqual([
      expect.objectContaining({
        name: "mysql",
        engine: "mysql",
        copied: true,
        scheduled: true,
        dueGenerations: hidden,
      }),
    ]);
  });

  test("are not read without the host's clock", () => {
    const frames = Object.entries({ ...good, "clock.read": "" }).map(([name, text]) => [name, text] as const);
    expect(attempt(read(output(frames)), "backups")).toMatchObject({ status: "failed", reason: "malformed" });
    expect(attempt(read(output([["cpu", "2\n"]])), "backups")).toMatchObject({
      status: "failed",
      reason: "unsupported",
    });
  });
});

describe("configuration", () => {
  const said = (lines: string) => ({
    "backups.configuration": `git installed\nconfiguration ${home}/openclaw.json\n${lines}`,
  });
  const nginx = (lines: string) => ({
    "backups.configuration": `${good["backups.configuration"]}configuration /etc/nginx\n${lines}changed ${now - 7200}.1 /etc/nginx/nginx.conf\n`,
  });
  test.each<[string, Frames, object]>([
    ["committed", {}, { inGit: true, committed: true, uncommitted: "", remote: false, copiedSinceChange: false }],
    ["with a remote", said(`commit ${now}\nremote origin\n`), { remote: true }],
    [
      "changed",
      said(`status  M openclaw.json\ncommit ${now}\n`),
      { inGit: true, committed: false, uncommitted: "openclaw.json" },
    ],
    ["not known to git", said("status ?? openclaw.json\n"), { inGit: false, committed: false }],
    ["ignored by git", said(`status !! openclaw.json\ncommit ${now}\n`), { inGit: false, committed: false }],
    [
      "in no repository",
      said(
        "status fatal: not a git repository (or any of the parent directories): .git\ncommit fatal: not a git repository\n",
      ),
      { inGit: false },
    ],
    [
      "in one without a commit",
      said("commit fatal: your current branch 'main' does not have any commits yet\n"),
      { inGit: false },
    ],
    [
      "in one of another user",
      said("status fatal: detected dubious ownership in repository at '/x'\n"),
      { inGit: hidden, committed: hidden },
    ],
    ["that nobody may ask about", said(""), { inGit: hidden }],
    ["without git", { "backups.configuration": `configuration ${home}/openclaw.json\n` }, { inGit: false }],
    ["copied", { "backups.files": `${copy(1, "2026-openclaw-backup.tar.gz")}files 1\n` }, { copiedSinceChange: true }],
    [
      "copied before it changed",
      { "backups.files": `${copy(30, "openclaw.json")}files 1\n` },
      { copiedSinceChange: false },
    ],
    ["copied, perhaps", { "backups.files": "odd\nfiles 0\n" }, { copiedSinceChange: hidden }],
  ])("%s", (_name, changes, expected) => {
    expect(backups(changes).configuration[0]).toMatchObject(expected);
  });

  test.each<[string, string, object]>([
    [
      "committed but for a file",
      `status ?? nginx/conf.d/new.conf\ncommit ${now}\n`,
      { inGit: true, committed: false, uncommitted: "nginx/conf.d/new.conf" },
    ],
    ["committed but for what is ignored", `status !! nginx/x.bak\ncommit ${now}\n`, { inGit: true, committed: true }],
  ])("in a folder, %s", (_name, lines, expected) => {
    expect(backups(nginx(lines)).configuration[1]).toMatchObject(expected);
  });

  test("of OpenClaw that was not found is not taken for none", () => {
    expect(backups({ "backups.configuration": "git installed\n" }).configuration).toEqual([hidden]);
  });
});
