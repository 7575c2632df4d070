import Type, { type Static } from "typebox";
import { listOf, maybe } from "#model/unknown.ts";

const strict = { additionalProperties: false } as const;

const Database = Type.Object(
  {
    name: Type.String({ description: "File of the database; mysql for a server of MySQL or MariaDB" }),
    engine: Type.Enum(["sqlite", "mysql"]),
    sizeBytes: maybe(Type.Integer()),
    existsHours: maybe(
      Type.Integer({
        description:
          "Since there is something to back up: for an agent's database since its file was made, for OpenClaw's own since the host was set up",
      }),
    ),
    copied: maybe(Type.Boolean({ description: "Copies of it were found" })),
    copies: maybe(Type.String({ description: "Where, digits as #; empty for none" })),
    newestAgeHours: maybe(Type.Integer({ description: "Since the newest copy was written, by the host's clock" })),
    newestBytes: maybe(Type.Integer()),
    newestFault: maybe(
      Type.String({
        description:
          "What the newest copy lacks by the checks of its format (SQLite's integrity_check, gzip -t, pages by length, tables); empty when it stands them",
      }),
    ),
    dailyGenerations: maybe(
      Type.Integer({
        description: "Local days among the last eight, today included, on which a copy that is not empty was written",
      }),
    ),
    dueGenerations: maybe(Type.Integer({ description: "As many as there can be by its age, seven at most" })),
    unchangedDays: maybe(
      Type.Integer({ description: "Days in a row before the newest copy whose copy holds the very same bytes" }),
    ),
    sameDisk: maybe(Type.Boolean({ description: "Every copy lies on a disk that also holds the database" })),
    sentAway: maybe(Type.Boolean({ description: "A job that is on sends copies to another machine" })),
    scheduled: maybe(Type.Boolean({ description: "A job that copies it is on; its timer waits, or cron runs" })),
    failureNoticed: maybe(Type.Boolean({ description: "Somebody is told when a job that copies it fails" })),
  },
  strict,
);

const Job = Type.Object(
  {
    name: Type.String({ description: "Timer, or table of cron with the line" }),
    schedule: Type.String({ description: "As it is written" }),
    scheduled: maybe(Type.Boolean()),
    backsUpDatabase: maybe(Type.Boolean({ description: "It copies a database of OpenClaw or MySQL" })),
    methods: Type.Array(Type.String(), { description: "Recognised means, such as sqlite3 .backup, restic, cp" }),
    copiesLiveFiles: maybe(
      Type.Boolean({
        description: "It copies the files of a database by cp, tar or the like while the database is in use",
      }),
    ),
    sendsLogs: maybe(Type.Boolean({ description: "It sends log files to another machine or a mounted storage" })),
    sendsBackups: maybe(Type.Boolean({ description: "It sends copies of databases to another machine" })),
    lastRunFailed: maybe(Type.Boolean()),
    lastRunAgeHours: maybe(Type.Integer({ description: "Since it last started, well or not" })),
    lastSuccessAgeHours: maybe(Type.Integer()),
    failureNotice: maybe(Type.String({ description: "What tells somebody that it failed; empty for nothing" })),
  },
  strict,
);

const Configuration = Type.Object(
  {
    name: Type.String({ description: "File or folder" }),
    inGit: maybe(Type.Boolean({ description: "A Git repository on the host holds it" })),
    committed: maybe(Type.Boolean({ description: "What stands there now is what was committed last" })),
    uncommitted: maybe(Type.String({ description: "A file of it that is not committed as it is; empty for none" })),
    copiedSinceChange: maybe(
      Type.Boolean({ description: "A copy in a folder of backups is not older than its last change" }),
    ),
    remote: maybe(Type.Boolean({ description: "The repository names another one to push to" })),
  },
  strict,
);

/** Databases and the copies of them, the jobs that make and send copies, and the configuration under version control. No row or setting. */
export const Backups = Type.Object(
  {
    databases: listOf(Database),
    jobs: listOf(Job),
    configuration: listOf(Configuration),
    logTransfer: Type.Object(
      {
        found: maybe(Type.Boolean({ description: "A job sends log files away" })),
        job: maybe(Type.String({ description: "The one that succeeded last" })),
        scheduled: maybe(Type.Boolean()),
        lastRunFailed: maybe(Type.Boolean()),
        lastSuccessAgeHours: maybe(Type.Integer()),
      },
      strict,
    ),
  },
  { ...strict, title: "Backups" },
);
export type Backups = Static<typeof Backups>;
