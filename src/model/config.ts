import Type, { type Static } from "typebox";
import { Authorisation, Policy } from "./policy.ts";
import { SshLogin } from "./target.ts";

const strict = { additionalProperties: false } as const;

/** A server in sekisho.yaml. */
export const ConfiguredTarget = Type.Object(
  {
    id: Type.String({ pattern: "^[A-Za-z0-9][A-Za-z0-9._-]*$", description: "Short name, used in file names" }),
    host: Type.Optional(Type.String({ description: "Host name or address, or localhost" })),
    addresses: Type.Optional(
      Type.Array(Type.String(), { description: "Further IPv4 and IPv6 addresses of the same server" }),
    ),
    pattern: Type.Optional(Type.Enum(["in-house", "vps"])),
    adminUrl: Type.Optional(Type.String({ description: "URL at which people open the admin UI" })),
    ssh: Type.Optional(SshLogin),
    container: Type.Optional(Type.String({ description: "Name of the OpenClaw container" })),
    policy: Type.Optional(Policy),
  },
  { ...strict, title: "ConfiguredTarget" },
);
export type ConfiguredTarget = Readonly<Static<typeof ConfiguredTarget>>;

/** The file sekisho.yaml. */
export const Config = Type.Object(
  {
    version: Type.Literal(1, { description: "Version of this file's format" }),
    targets: Type.Array(ConfiguredTarget, { minItems: 1 }),
    vantages: Type.Optional(
      Type.Array(
        Type.Object(
          {
            id: Type.String({ pattern: "^[A-Za-z0-9][A-Za-z0-9._-]*$" }),
            role: Type.Enum(["outside", "allowed"], {
              description: "outside: should be refused. allowed: office or VPN, should be answered",
            }),
            via: Type.Enum(["local", "ssh"], {
              description:
                "local: the machine that runs sekisho. ssh: a host one logs into, which connects on our behalf (TCP forwarding); nothing runs there",
            }),
            ssh: Type.Optional(SshLogin),
            controls: Type.Optional(
              Type.Array(Type.String(), {
                description:
                  "Servers in scope that are known to answer from there, address:port, one of them on port 22. They show that this place lets connections out, so that a port that does not answer is blocked and not just out of sight",
              }),
            ),
          },
          { ...strict, title: "ConfiguredVantage" },
        ),
        { maxItems: 2, description: "From where the servers are looked at: one place outside, one that is allowed" },
      ),
    ),
    policy: Type.Optional(Policy),
    authorisation: Type.Optional(Authorisation),
    attestations: Type.Optional(
      Type.String({
        minLength: 1,
        description: "File of signed statements, from this file's folder; attestations.yaml where there is one",
      }),
    ),
    profile: Type.Optional(Type.String({ description: "Name of the profile to judge by; standard when left out" })),
  },
  { ...strict, title: "Config" },
);
export type Config = Readonly<Static<typeof Config>>;

/** A place that sekisho.yaml names. */
export type ConfiguredVantage = NonNullable<Config["vantages"]>[number];
