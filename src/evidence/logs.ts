import Type, { type Static } from "typebox";
import { listOf, maybe } from "#model/unknown.ts";

const strict = { additionalProperties: false } as const;

/** One thing that deletes entries of a log. */
const LogLimit = Type.Object(
  {
    name: Type.String({ description: "What deletes, and by which setting" }),
    by: Type.Enum(["time", "size"], { description: "What decides when an entry goes: its age, or how much there is" }),
    days: maybe(
      Type.Integer({
        description:
          "Age that an entry is sure to reach before it is deleted; a size promises none: 0 where it could be a time, else not known",
      }),
    ),
  },
  strict,
);

/** One place where a log is kept. */
const LogPlace = Type.Object(
  {
    name: Type.String({ description: "Path, or what keeps it" }),
    kind: Type.Enum(["file", "ledger", "journal", "docker", "remote"]),
    limits: listOf(LogLimit),
    keptDays: maybe(
      Type.Integer({ description: "The smallest of the limits: what is promised; 36500 where nothing deletes" }),
    ),
    heldDays: maybe(Type.Integer({ description: "Age of the oldest entry that is there, rotated files included" })),
    heldBy: maybe(
      Type.Enum(["entry", "file"], {
        description: "entry: the time that stands in the entry. file: the time the oldest file was last written",
      }),
    ),
    dueDays: maybe(
      Type.Integer({
        description: "Age that the oldest entry could have: since the host and OpenClaw exist, less a day",
      }),
    ),
    volatile: maybe(Type.Boolean({ description: "Lost at a reboot, or with the container" })),
    prunedByOpenclaw: maybe(Type.Boolean({ description: "OpenClaw deletes it 24 hours after it was last written" })),
  },
  strict,
);

/** A log that takes up disk of this host. */
const GrowingLog = Type.Object(
  {
    name: Type.String(),
    rotatedBy: maybe(Type.String({ description: "What keeps it from growing without end; empty for nothing" })),
    runs: maybe(Type.Boolean({ description: "That does run, and takes this log" })),
    runsNote: maybe(Type.String({ description: "What shows it, or what stands against it" })),
    sizeBytes: maybe(Type.Integer({ description: "All its files together" })),
    growthBytesPerDay: maybe(Type.Integer()),
    fullInDays: maybe(
      Type.Integer({
        description:
          "Days until it alone fills its file system at today's growth; 36500 where its full size, kept as long as promised, fits",
      }),
    ),
  },
  strict,
);

/** Where the operation log, the error log and the admin UI's access log are kept, what deletes them, and how far back they reach. */
export const Logs = Type.Object(
  {
    hostAgeDays: maybe(Type.Integer({ description: "Days since the host was set up, as far as its files show" })),
    operation: listOf(LogPlace),
    error: listOf(LogPlace),
    access: listOf(LogPlace),
    growing: listOf(GrowingLog),
  },
  { ...strict, title: "Logs" },
);
export type Logs = Static<typeof Logs>;
