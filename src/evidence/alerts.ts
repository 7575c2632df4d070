import Type, { type Static } from "typebox";
import { listOf, maybe } from "#model/unknown.ts";

const strict = { additionalProperties: false } as const;

/** Who looks for attempts at one door, and whom that tells. */
const Watch = Type.Object(
  {
    watched: maybe(Type.Boolean({ description: "A program that runs looks for attempts in the log of it" })),
    by: Type.String({ description: "That program, and its jails; empty for none" }),
    told: maybe(Type.Boolean({ description: "Somebody is told of what it finds" })),
    channels: Type.Array(Type.String(), { description: "By which means, such as mail; never an address" }),
  },
  strict,
);

const Monitor = Type.Object(
  {
    name: Type.String(),
    means: Type.Enum(["requests", "heartbeat", "agent"], {
      description:
        "requests: it asks the web server, whose access log names it. heartbeat: a job here reports to it. agent: a program of it runs here",
    }),
    timesLastDay: maybe(Type.Integer({ description: "Requests of the last day that were answered" })),
    lastSeenMinutes: maybe(
      Type.Integer({ description: "Since its last answered request, or since the job last succeeded" }),
    ),
  },
  strict,
);

const Notice = Type.Object(
  {
    name: Type.String({ description: "Unit with what systemd starts when it fails, or the job" }),
    about: Type.Enum(["failure", "log"], {
      description: "failure: OpenClaw's service failed. log: errors stand in OpenClaw's log",
    }),
    active: maybe(
      Type.Boolean({
        description: "The unit is there, and OpenClaw's service gets to be failed; the job's timer waits, or cron runs",
      }),
    ),
    told: maybe(
      Type.Boolean({
        description: "It sends mail or a message; unknown of a request that may as well ask for something",
      }),
    ),
    channels: Type.Array(Type.String(), { description: "By which means, such as mail; never an address" }),
    reaches: maybe(
      Type.Boolean({
        description: "One of its destinations is set, names no placeholder, and the host can send that way",
      }),
    ),
    destinationFault: Type.String({
      description:
        "Why none of its destinations can be reached, as far as they were read; empty where nothing is known",
    }),
  },
  strict,
);

/** Who is told of attempts to break in, of an outage and of errors. No address, webhook or password. */
export const Alerts = Type.Object(
  { ssh: Watch, adminUi: Watch, monitors: listOf(Monitor), errorNotices: listOf(Notice) },
  { ...strict, title: "Alerts" },
);
export type Alerts = Static<typeof Alerts>;
