import { describe, expect, test } from "vitest";
import { backups, copy, database, ended, type Frames, good, now, service } from "./backups-host.ts";

const hidden = { $unknown: expect.any(String) };

describe("runs of jobs", () => {
  test.each<[string, Frames, object]>([
    ["that succeeded", {}, { lastRunFailed: false, lastRunAgeHours: 1, lastSuccessAgeHours: 1 }],
    [
      "that failed",
      { "backups.services": `Id=backup.service\nResult=exit-code\n${ended}` },
      { lastRunFailed: true, lastSuccessAgeHours: hidden },
    ],
    [
      "that failed after a success",
      {
        "backups.services": `Id=backup.service\nResult=exit-code\n${ended}`,
        "backups.journal": `success ${now - 90_000} backup.service\n`,
      },
      { lastRunFailed: true, lastSuccessAgeHours: 25 },
    ],
    [
      "before the host booted",
      {
        "backups.services": service("ExecMainExitTimestamp=\n"),
        "backups.journal": `success ${now - 90_000} backup.service\nfailure ${now - 200_000} backup.service\n`,
      },
      { lastRunFailed: false, lastSuccessAgeHours: 25 },
    ],
    [
      "that failed before the host booted",
      { "backups.services": service(""), "backups.journal": `failure ${now - 90_000} backup.service\n` },
      { lastRunFailed: true, lastSuccessAgeHours: hidden },
    ],
    [
      "of which only the copy tells",
      { "backups.services": service("") },
      { lastRunFailed: false, lastSuccessAgeHours: hidden },
    ],
    [
      "of which nothing tells",
      { "backups.services": service(""), "backups.files": `${copy(60)}files 1\n` },
      { lastRunFailed: hidden },
    ],
  ])("%s", (_name, changes, expected) => {
    expect(backups(changes).jobs[0]).toMatchObject({
      name: "backup.timer",
      schedule: "OnCalendar=*-*-* 03:10:00",
      ...expected,
    });
  });

  test("that OpenClaw notes are its own where no other job starts them", () => {
    const runs = {
      "backups.units": "",
      "backups.runs": `database ${database}\nok|${(now - 7200) * 1000}|4\nfailed|${(now - 3600) * 1000}|1\n`,
    };
    expect(backups(runs).jobs).toEqual([
      expect.objectContaining({
        name: "backup_runs of OpenClaw",
        backsUpDatabase: true,
        lastRunFailed: true,
        lastSuccessAgeHours: 2,
      }),
    ]);
  });

  test.each<[string, Frames]>([
    ["a table of cron", { "backups.cron": "hidden /var/spool/cron/crontabs/root\n" }],
    [
      "a timer of a user",
      {
        "backups.state": `${good["backups.state"]}file ${now}.0 1 1 ops ${now}.0 /home/ops/.config/systemd/user/copy.timer\n`,
      },
    ],
  ])("may be more where %s was not read", (_name, changes) => {
    expect(backups(changes).jobs.at(-1)).toEqual(hidden);
  });

  test("are not known of a script that was not read", () => {
    const { jobs } = backups({ "backups.units": "unit backup.service\nunread /root/backup.sh\n" });
    expect(jobs).toEqual([
      expect.objectContaining({
        backsUpDatabase: hidden,
        copiesLiveFiles: hidden,
        sendsLogs: hidden,
        failureNotice: hidden,
      }),
    ]);
  });

  test("that were declared back up a database", () => {
    const { jobs, databases } = backups({
      "backups.declared": "path \njob backup.timer\n",
      "backups.units": "unit backup.service\nunread /root/backup.sh\n",
    });
    expect(jobs[0]).toMatchObject({ backsUpDatabase: true });
    expect(databases[0]).toMatchObject({ scheduled: true });
  });
});

describe("logs that are sent away", () => {
  const sends = "unit backup.service\nline tar /var/log/openclaw\nline curl --upload-file $1 @url\n";
  test.each<[string, Frames, object]>([
    ["by nobody", {}, { found: false }],
    [
      "by a timer",
      { "backups.units": sends },
      { found: true, job: "backup.timer", scheduled: true, lastRunFailed: false, lastSuccessAgeHours: 1 },
    ],
    [
      "by cron, whose results nobody keeps",
      {
        "backups.units": "",
        "backups.cron": "daemon cron\ncron /etc/crontab:3\nschedule @weekly\nline rsync /var/log/ @remote\n",
      },
      { found: true, scheduled: true, lastRunFailed: hidden },
    ],
    [
      "by cron, which does not run",
      { "backups.units": "", "backups.cron": "cron /etc/crontab:3\nschedule @weekly\nline rsync /var/log/ @remote\n" },
      { found: true, scheduled: false },
    ],
    ["perhaps by a program that ships logs", { processes: "1 0 0 0 systemd\n7 1 0 0 fluent-bit\n" }, { found: hidden }],
    [
      "perhaps by a job that was not read",
      { "backups.cron": "hidden /var/spool/cron/crontabs/root\n" },
      { found: hidden },
    ],
  ])("%s", (_name, changes, expected) => {
    expect(backups(changes).logTransfer).toMatchObject(expected);
  });
});
