import { expect, test } from "vitest";
import type { Backups } from "#evidence/backups.ts";
import { captured, read, value } from "./capture.ts";

const backupsOf = (name: string) => value(read(captured(name)), "backups") as Backups;
const hidden = { $unknown: expect.any(String) };

test("a host whose backups follow the guide is read alike by root and by the rule of sudo", () => {
  const root = backupsOf("systemd-252/backups-root");
  const database = root.databases[0];
  expect(database).toMatchObject({
    name: "/home/openclaw/.openclaw/state/openclaw.sqlite",
    copied: true,
    copies: "/var/backups/openclaw/openclaw-#.sqlite",
    newestAgeHours: 0,
    newestFault: "",
    dailyGenerations: 8,
    dueGenerations: 7,
    unchangedDays: 0,
    sameDisk: true,
    sentAway: true,
    scheduled: true,
    failureNoticed: true,
  });
  expect(root.jobs).toEqual([
    expect.objectContaining({
      name: "offsite-copy.timer",
      schedule: "OnCalendar=Sun *-*-* 04:10:00",
      backsUpDatabase: false,
      sendsLogs: true,
      sendsBackups: true,
      lastRunFailed: false,
    }),
    expect.objectContaining({
      name: "openclaw-backup.timer",
      schedule: "OnCalendar=*-*-* 03:10:00",
      backsUpDatabase: true,
      methods: ["sqlite3 .backup"],
      copiesLiveFiles: false,
      lastRunFailed: false,
      failureNotice: "OnFailure=notify@openclaw-backup.service.service",
    }),
  ]);
  expect(root.configuration).toEqual([
    expect.objectContaining({ name: "/home/openclaw/.openclaw/openclaw.json", inGit: true, committed: true }),
    expect.objectContaining({ name: "/etc/nginx", inGit: true, committed: true }),
  ]);
  expect(root.logTransfer).toMatchObject({ found: true, job: "offsite-copy.timer", scheduled: true });
  expect(backupsOf("systemd-252/backups-ops")).toEqual(root);
});

test("a login without rights is told nothing for certain", () => {
  const { databases, jobs, configuration } = backupsOf("systemd-252/backups-viewer");
  expect(databases).toEqual([hidden]);
  expect(jobs.at(-1)).toEqual(hidden);
  expect(configuration).toContainEqual(hidden);
});

test.each<[string, object]>([
  ["damaged", { newestFault: "SQLite finds it damaged", dailyGenerations: 8 }],
  ["raw-copy", { newestFault: "", scheduled: true }],
  ["failing", { newestFault: "", scheduled: true, failureNoticed: true }],
])("what is wrong with backups is told apart: %s", (name, expected) => {
  const { databases, jobs } = backupsOf(`systemd-252/backups-${name}`);
  expect(databases[0]).toMatchObject(expected);
  const job = jobs.find((each) => "name" in each && each.name === "openclaw-backup.timer");
  expect(job).toMatchObject({ copiesLiveFiles: name === "raw-copy", lastRunFailed: name === "failing" });
});

test("configuration without a repository", () => {
  const { configuration } = backupsOf("systemd-252/backups-without-git");
  expect(configuration).toEqual([
    expect.objectContaining({ name: "/home/openclaw/.openclaw/openclaw.json", inGit: false, committed: false }),
    expect.objectContaining({ name: "/etc/nginx", inGit: false, committed: false }),
  ]);
});

test("tables of cron", () => {
  const { jobs, logTransfer, databases } = backupsOf("cron/tables");
  expect(jobs).toEqual([
    expect.objectContaining({
      name: "/etc/cron.d/backup:3",
      methods: ["sqlite3 .backup"],
      failureNotice: "MAILTO of its table",
    }),
    expect.objectContaining({ name: "/etc/cron.d/backup:4", sendsLogs: true, backsUpDatabase: false }),
    expect.objectContaining({
      name: "/var/spool/cron/crontabs/root:3",
      schedule: "*/30 9-18 * * mon-fri",
      methods: ["cp"],
      copiesLiveFiles: true,
      failureNotice: "",
    }),
  ]);
  expect(logTransfer).toMatchObject({ job: "/etc/cron.d/backup:4", scheduled: true, lastRunFailed: hidden });
  expect(databases[0]).toMatchObject({ scheduled: true, failureNoticed: false, newestFault: "" });
});
