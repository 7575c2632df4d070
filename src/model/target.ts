import Type, { type Static } from "typebox";

const strict = { additionalProperties: false } as const;

/** How the host is logged into. The key's path stays on the scanner; no password is ever configured. */
export const SshLogin = Type.Object(
  {
    host: Type.String({ description: "Host name or address to connect to" }),
    port: Type.Optional(Type.Integer({ minimum: 1, maximum: 65535, description: "Port of sshd; 22 when left out" })),
    user: Type.String({ description: "Login name on the target" }),
    identity: Type.Optional(Type.String({ description: "Path of the private key; the agent's keys when left out" })),
    jump: Type.Optional(Type.String({ description: "Bastion to go through, user@host[:port]" })),
  },
  { ...strict, title: "SshLogin" },
);
export type SshLogin = Readonly<Static<typeof SshLogin>>;

/** The server under audit, as its owner describes it. */
export const Target = Type.Object(
  {
    id: Type.String({ pattern: "^[A-Za-z0-9][A-Za-z0-9._-]*$", description: "Short name, used in file names" }),
    names: Type.Array(Type.String(), { description: "Host names; each is resolved, IPv4 and IPv6" }),
    addresses: Type.Array(Type.String(), { description: "IPv4 and IPv6 addresses without prefix length" }),
    local: Type.Boolean({ description: "The target is the machine this runs on" }),
    pattern: Type.Optional(
      Type.Enum(["in-house", "vps"], { description: "The guide's pattern: a server of one's own, or a rented VPS" }),
    ),
    adminUrl: Type.Optional(Type.String({ description: "URL at which people open the admin UI" })),
    ssh: Type.Optional(SshLogin),
    container: Type.Optional(Type.String({ description: "Name of the OpenClaw container; openclaw when left out" })),
  },
  { ...strict, title: "Target" },
);
export type Target = Readonly<Static<typeof Target>>;
