import Type, { type Static } from "typebox";
import { listOf, maybe } from "#model/unknown.ts";

const strict = { additionalProperties: false } as const;

const common = {
  from: Type.Enum(["host", "container"], {
    description: "container: in the network namespace of OpenClaw's container",
  }),
  network: Type.Integer({ description: "Which network it was tried from: 0 is the host's, containers' count from 1" }),
  family: maybe(Type.Enum(["ipv4", "ipv6"])),
  connection: Type.String({ description: "Both in words, such as container IPv6; or host proxy" }),
};

/** What the packet filter that the host's kernel holds says of it. */
const filtered = {
  filter: maybe(
    Type.Enum(["accept", "drop", "reject"], {
      description:
        "What the rules of the packet filter in the host's kernel say of a new connection to the address that was tried; of a container's, those for packets that the host passes on",
    }),
  ),
  filterRule: maybe(Type.String({ description: "The rule, or the policy of a chain, by which they do" })),
};

const Cause = Type.Enum(
  ["", "refused", "timeout", "no-route", "no-family", "filtered", "dns", "tls", "untrusted", "proxy", "other"],
  {
    description:
      "Why not: refused, timeout, no-route, no-family (no route of this family at all), filtered (by this host itself), dns (no address was found for the name), tls (the handshake was cut), untrusted (a certificate that does not verify: something on the way answers), proxy (it said no); empty where it was reached",
  },
);

const Connection = Type.Object(
  {
    ...common,
    name: Type.String({ description: "Name, or address where it was asked for by address" }),
    port: Type.Integer(),
    way: Type.Enum(["direct", "proxy"], { description: "proxy: through the one that OpenClaw is told of" }),
    towards: maybe(
      Type.Enum(["internet", "network", "host"], {
        description:
          "Where the address that was tried lies, the proxy's where one was used: on the internet, in a network of one's own, on the host itself",
      }),
    ),
    connected: maybe(Type.Boolean({ description: "Something took the TCP connection; of a proxy: it was passed on" })),
    reached: maybe(
      Type.Boolean({ description: "Connected, and to 443 with a TLS handshake in which the server showed who it is" }),
    ),
    cause: maybe(Cause),
    ...filtered,
  },
  strict,
);

const Resolver = Type.Object(
  {
    ...common,
    address: Type.String(),
    protocol: Type.Enum(["tcp", "udp"]),
    reached: maybe(Type.Boolean({ description: "It answered a question" })),
    cause: maybe(Cause),
    ...filtered,
  },
  strict,
);

/** Connections that were tried from the host, and from OpenClaw's container where it runs in one, as the policy asks. */
export const Outbound = Type.Object(
  {
    asked: listOf(
      Type.String({ description: "What the host was asked to try, such as ai api.x.ai 443 or resolver 8.8.8.8" }),
    ),
    needed: listOf(Connection),
    canaries: listOf(Connection),
    ai: listOf(Connection),
    resolvers: listOf(Resolver),
  },
  { ...strict, title: "Outbound" },
);
export type Outbound = Static<typeof Outbound>;
