import Type, { type Static } from "typebox";
import { Text } from "./text.ts";
import { VantageRole } from "./vantage.ts";

const strict = { additionalProperties: false } as const;

/** How a thing on the map stands to what the rules ask. required: proven to be as they ask. against: a rule fails on it. unproven: not enough was seen. */
export const Standing = Type.Enum(["required", "against", "unproven"]);
export type Standing = Static<typeof Standing>;

const findings = Type.Array(Type.String(), {
  description: "Ids of the rules that fail on it, or that it keeps undecided; where neither, of those that speak of it",
});

/** One port as seen from one side. */
export const Approach = Type.Object(
  {
    role: VantageRole,
    state: Type.Enum(["open", "closed", "unknown"], {
      description: "closed: shown to be, with a control. unknown: nothing was proven either way",
    }),
    standing: Standing,
    conflict: Type.Optional(
      Type.Enum(["unheard", "filtered"], {
        description:
          "Seen open, but: unheard: nothing on the host listens there. filtered: the host's packet filter lets nobody in there from everywhere",
      }),
    ),
    findings,
  },
  { ...strict, title: "Approach" },
);
export type Approach = Readonly<Static<typeof Approach>>;

/** A port of the target, and what is known of it from outside and from inside. */
export const Door = Type.Object(
  {
    protocol: Type.Enum(["tcp", "udp"]),
    port: Type.Integer({ minimum: 1, maximum: 65535 }),
    speaks: Type.Array(Type.Enum(["ssh", "tls", "http", "openclaw"]), { description: "What answered there" }),
    listener: Type.Enum(["everywhere", "loopback", "none", "unknown"], {
      description: "Where a process of the host listens, as the host says",
    }),
    holder: Type.Optional(Type.String({ description: "Process or container behind it, as the host says" })),
    filter: Type.Enum(["everyone", "some", "nobody", "off", "unknown"], {
      description: "Whom the host's packet filter lets in there. off: none is in force",
    }),
    leads: Type.Boolean({ description: "It leads to OpenClaw, directly or through nginx" }),
    standing: Standing,
    approaches: Type.Array(Approach),
    findings,
  },
  { ...strict, title: "Door" },
);
export type Door = Readonly<Static<typeof Door>>;

/** What stands between the network and OpenClaw. */
export const Layer = Type.Object(
  {
    id: Type.Enum(["firewall", "nginx", "openclaw"]),
    state: Type.Enum(["on", "off", "unknown"]),
    name: Type.Optional(Type.String({ description: "Such as ufw, or the name of OpenClaw's container" })),
    container: Type.Optional(Type.Boolean({ description: "OpenClaw runs in a container" })),
    standing: Standing,
    findings,
  },
  { ...strict, title: "Layer" },
);
export type Layer = Readonly<Static<typeof Layer>>;

/** Somewhere the target was made to connect to. */
export const Exit = Type.Object(
  {
    group: Type.Enum(["needed", "canary", "ai", "resolver"]),
    name: Type.String(),
    port: Type.Optional(Type.Integer()),
    state: Type.Enum(["reached", "blocked", "partly", "unknown"], {
      description: "Over all ways that were tried; partly: over some",
    }),
    standing: Standing,
    findings,
  },
  { ...strict, title: "Exit" },
);
export type Exit = Readonly<Static<typeof Exit>>;

/** Who can get in, through what, and where the target can get out: what the exposure map draws. */
export const Exposure = Type.Object(
  {
    sides: Type.Array(
      Type.Object(
        {
          role: VantageRole,
          vantages: Type.Array(Type.String()),
          rest: Type.Enum(["closed", "unknown"], {
            description: "TCP ports beside the listed ones. closed: each was asked and shown to be",
          }),
          why: Type.Optional(Text),
        },
        strict,
      ),
    ),
    doors: Type.Array(Door),
    moreDoors: Type.Integer({ minimum: 0, description: "Further ports that are not listed one by one" }),
    layers: Type.Array(Layer),
    exits: Type.Array(Exit),
  },
  { ...strict, title: "Exposure" },
);
export type Exposure = Readonly<Static<typeof Exposure>>;
