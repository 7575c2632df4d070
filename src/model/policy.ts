import Type, { type Static } from "typebox";
import { Attestor } from "./attestation.ts";

const strict = { additionalProperties: false } as const;

/** Who allowed this audit, of which addresses, and for how long. Nothing outside it is contacted. */
export const Authorisation = Type.Object(
  {
    by: Type.String({ minLength: 1, description: "Who allowed it: name and role" }),
    reference: Type.String({ minLength: 1, description: "Contract, ticket or mail that says so" }),
    from: Type.Optional(Type.String({ format: "date", description: "First day, YYYY-MM-DD" })),
    until: Type.Optional(Type.String({ format: "date", description: "Last day, YYYY-MM-DD" })),
    addresses: Type.Array(Type.String(), { minItems: 1, description: "Addresses or CIDR ranges in scope" }),
  },
  { ...strict, title: "Authorisation" },
);
export type Authorisation = Readonly<Static<typeof Authorisation>>;

/** A port that is meant to be open beside 22 and 443, for instance a VPN's. */
const OpenPort = Type.Object(
  {
    port: Type.Integer({ minimum: 1, maximum: 65535 }),
    protocol: Type.Enum(["tcp", "udp"]),
    reason: Type.String({ minLength: 1 }),
  },
  { ...strict, title: "OpenPort" },
);

/** An AI service that data may go to. */
const AiService = Type.Object(
  {
    provider: Type.String({
      pattern: "^[a-z0-9][a-z0-9._-]*$",
      description: "As OpenClaw calls it: what stands before the slash of a model, such as anthropic",
    }),
    endpoints: Type.Optional(
      Type.Array(Type.String(), { maxItems: 16, description: "Its hosts, such as api.anthropic.com" }),
    ),
    data: Type.String({ minLength: 1, description: "Which data goes to it" }),
  },
  { ...strict, title: "AiService" },
);

/** What the audited server may reach. Each list replaces the one that the product brings along. */
const OutboundPolicy = Type.Object(
  {
    needed: Type.Optional(
      Type.Array(Type.String(), {
        maxItems: 16,
        description:
          "Hosts that OpenClaw's work needs, host or host:port; Gmail's, Slack's and Claude's API when left out",
      }),
    ),
    canaries: Type.Optional(
      Type.Array(Type.String(), {
        maxItems: 16,
        description:
          "Hosts that the server must not reach, host:port; some well-known ones when left out. An address of each family is added where none stands",
      }),
    ),
    resolvers: Type.Optional(
      Type.Array(Type.String(), {
        maxItems: 8,
        description: "Addresses of foreign DNS servers that must not answer; some public ones when left out",
      }),
    ),
  },
  {
    ...strict,
    title: "OutboundPolicy",
    description:
      "Where it stands, connections to these hosts are tried from the server and from OpenClaw's container. Without it none is",
  },
);

/** A finding that somebody in charge accepts for a time. It stays in the report, and no longer blocks. */
export const Waiver = Type.Object(
  {
    rule: Type.String({ minLength: 1, description: "Rule whose findings are accepted" }),
    subjects: Type.Optional(
      Type.Array(Type.String({ minLength: 1 }), {
        minItems: 1,
        maxItems: 100,
        description: "Which of them, as the report names what each is about; all when left out",
      }),
    ),
    reason: Type.String({ minLength: 1, description: "Why it is accepted, and what is done instead" }),
    by: Type.String({ minLength: 1, description: "Who accepts it: name and role" }),
    from: Type.String({ format: "date", description: "First day on which it counts, YYYY-MM-DD" }),
    until: Type.String({ format: "date", description: "Last day on which it counts, a year after the first at most" }),
  },
  { ...strict, title: "Waiver" },
);
export type Waiver = Readonly<Static<typeof Waiver>>;

/** What the owner declares. What is left out is not known: rules that need it are not checked, never passed. */
export const Policy = Type.Object(
  {
    allowedSources: Type.Optional(
      Type.Array(Type.String(), {
        description: "Addresses or CIDR ranges that may reach the admin UI: office and VPN",
      }),
    ),
    workloads: Type.Optional(Type.Integer({ minimum: 1, description: "Number of workloads OpenClaw serves" })),
    severalTeams: Type.Optional(Type.Boolean({ description: "Several teams use the server" })),
    personalData: Type.Optional(Type.Boolean({ description: "Personal data is handled" })),
    regulatedData: Type.Optional(
      Type.Boolean({ description: "Financial or medical data under regulation is handled" }),
    ),
    cloudAiForbidden: Type.Optional(Type.Boolean({ description: "Company rules forbid cloud AI" })),
    competitiveSecrets: Type.Optional(
      Type.Boolean({ description: "Unreleased products, M&A and the like are handled" }),
    ),
    logsKeptOneYear: Type.Optional(Type.Boolean({ description: "Logs are to be kept for a year" })),
    openPorts: Type.Optional(Type.Array(OpenPort, { description: "Ports meant to be open beside 22/tcp and 443/tcp" })),
    neededServices: Type.Optional(
      Type.Array(Type.String(), { description: "systemd units that are needed beside what the guide names" }),
    ),
    backups: Type.Optional(
      Type.Object(
        {
          paths: Type.Optional(
            Type.Array(Type.String(), {
              description: "Folders on the server that hold the backups; others do not count then",
            }),
          ),
          jobs: Type.Optional(
            Type.Array(Type.String(), {
              description: "Timers of systemd, or tables of cron with the line, that back up the database",
            }),
          ),
        },
        {
          ...strict,
          title: "BackupPolicy",
          description: "Where backups lie and what makes them, where the audit does not find it by itself",
        },
      ),
    ),
    outbound: Type.Optional(OutboundPolicy),
    aiServices: Type.Optional(
      Type.Array(AiService, {
        maxItems: 16,
        description: "AI services that data may go to, and which data that is; an empty list: none",
      }),
    ),
    region: Type.Optional(Type.String({ description: "Region of the VPS" })),
    waivers: Type.Optional(Type.Array(Waiver, { maxItems: 100, description: "Findings that are accepted for a time" })),
    attestors: Type.Optional(
      Type.Array(Attestor, { maxItems: 100, description: "Who may state what no probe can see, and by which key" }),
    ),
  },
  { ...strict, title: "Policy" },
);
export type Policy = Readonly<Static<typeof Policy>>;
