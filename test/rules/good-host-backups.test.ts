import { describe, expect, it } from "vitest";
import { type Change, failing } from "./good-host.ts";

const database = "host.backups.databases.0";
const job = "host.backups.jobs.0";
const transfer = "host.backups.logTransfer";

describe("a host whose backups follow the guide", () => {
  it.each<[string, Change, readonly string[]]>([
    [
      "nothing is backed up",
      {
        [`${database}.copied`]: false,
        [`${database}.dailyGenerations`]: 0,
        [`${database}.scheduled`]: false,
        [`${database}.failureNoticed`]: false,
        "host.backups.jobs": [],
      },
      ["backup-failure-notice", "database-backup-age", "database-backup-generations"],
    ],
    ["the newest copy is of the day before yesterday", { [`${database}.newestAgeHours`]: 50 }, ["database-backup-age"]],
    ["the newest copy is empty", { [`${database}.newestFault`]: "it is empty" }, ["database-backup-integrity"]],
    ["every copy is the same", { [`${database}.unchangedDays`]: 7 }, ["database-backup-integrity"]],
    ["three generations are kept", { [`${database}.dailyGenerations`]: 3 }, ["database-backup-generations"]],
    [
      "the server is three days old",
      { [`${database}.dailyGenerations`]: 3, [`${database}.dueGenerations`]: 3, [`${database}.existsHours`]: 80 },
      [],
    ],
    [
      "an agent was made an hour ago",
      {
        "host.backups.databases+": {
          name: "/a",
          copied: false,
          existsHours: 1,
          scheduled: true,
          dailyGenerations: 0,
          dueGenerations: 0,
          failureNoticed: true,
        },
      },
      [],
    ],
    [
      "a new server has no job",
      {
        [`${database}.copied`]: false,
        [`${database}.existsHours`]: 1,
        [`${database}.dailyGenerations`]: 0,
        [`${database}.dueGenerations`]: 0,
        [`${database}.scheduled`]: false,
      },
      ["database-backup-age", "database-backup-generations"],
    ],
    ["the timer is off", { [`${database}.scheduled`]: false }, ["backup-schedule"]],
    [
      "the job copies the live file",
      { [`${job}.copiesLiveFiles`]: true, [`${job}.methods`]: ["cp"] },
      ["database-backup-method"],
    ],
    ["the last run failed", { [`${job}.lastRunFailed`]: true }, ["backup-job-result"]],
    ["the last run of another job failed", { "host.backups.jobs.1.lastRunFailed": true }, []],
    ["nobody is told", { [`${database}.failureNoticed`]: false }, ["backup-failure-notice"]],
    ["copies lie on the same disk alone", { [`${database}.sentAway`]: false }, ["backup-same-disk"]],
    ["copies lie on another disk", { [`${database}.sentAway`]: false, [`${database}.sameDisk`]: false }, []],
    ["a change was not committed", { "host.backups.configuration.0.committed": false }, ["configuration-backup"]],
    [
      "configuration is in no repository",
      { "host.backups.configuration.1.committed": false, "host.backups.configuration.1.inGit": false },
      ["configuration-backup", "configuration-versioning"],
    ],
    ["no log is sent away", { [transfer]: { found: false } }, ["log-transfer"]],
    ["the transfer is off", { [`${transfer}.scheduled`]: false }, ["log-transfer"]],
    ["the transfer failed", { [`${transfer}.lastRunFailed`]: true }, ["log-transfer"]],
    ["the transfer succeeded nine days ago", { [`${transfer}.lastSuccessAgeHours`]: 216 }, ["log-transfer"]],
  ])("fails exactly what belongs to it: %s", (_name, change, expected) => {
    expect(failing(change)).toEqual([...expected].toSorted());
  });
});
