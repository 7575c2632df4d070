import Type, { type Static } from "typebox";

/**
 * From where one looks. outside: should be refused. allowed: office or VPN, should be answered. unplaced: over the network, but
 * nobody said which of the two it is. inside: on the host itself. container: in OpenClaw's namespace.
 * attested: by the signed word of a person.
 */
export const VantageRole = Type.Enum(["outside", "allowed", "unplaced", "inside", "container", "attested"]);
export type VantageRole = Static<typeof VantageRole>;

/** A place from which evidence was gathered. */
export const Vantage = Type.Object(
  {
    id: Type.String(),
    role: VantageRole,
    via: Type.Enum(["local", "ssh2", "ssh", "tunnel", "file"], {
      description:
        "How the vantage acts: on this machine, over ssh2, over the system's ssh, by connections that an SSH server makes on our behalf, or from a file someone else made",
    }),
    addresses: Type.Array(Type.String(), {
      description: "Source addresses seen to be used from here, as far as known",
    }),
    notes: Type.Array(Type.String(), {
      description: "What a reader should know of how one got there, such as a host key accepted for the first time",
    }),
  },
  { additionalProperties: false, title: "Vantage" },
);
export type Vantage = Readonly<Static<typeof Vantage>>;
