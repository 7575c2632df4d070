import Type, { type Static } from "typebox";
import { listOf, maybe } from "#model/unknown.ts";

const strict = { additionalProperties: false } as const;
const Family = Type.Enum(["ipv4", "ipv6"]);

/** Operating system and machine (os-release(5), uname(1)). */
export const Os = Type.Object(
  {
    id: Type.String({ description: "ID of os-release, such as ubuntu" }),
    versionId: Type.String({ description: "VERSION_ID of os-release, such as 24.04; empty on a rolling release" }),
    prettyName: Type.String(),
    hostname: maybe(Type.String()),
    kernel: maybe(Type.String()),
    architecture: maybe(Type.String()),
    machineIdHash: maybe(Type.String({ description: "sha256 of sekisho: followed by /etc/machine-id, hex" })),
    uptimeSeconds: maybe(Type.Integer()),
    user: maybe(Type.String({ description: "Login the host was read with" })),
    privilege: maybe(Type.Enum(["root", "sudo", "none"], { description: "How privileged commands could be run" })),
  },
  { ...strict, title: "Os" },
);
export type Os = Static<typeof Os>;

/** Logical processors (nproc(1), /proc/cpuinfo). */
export const Cpu = Type.Object({ cores: Type.Integer() }, { ...strict, title: "Cpu" });
export type Cpu = Static<typeof Cpu>;

/** Memory (/proc/meminfo) and kills by the kernel for lack of it. */
export const Memory = Type.Object(
  {
    totalBytes: Type.Integer({ description: "MemTotal: the installed memory less what the kernel keeps for itself" }),
    availableBytes: maybe(Type.Integer()),
    swapBytes: maybe(Type.Integer()),
    oomKills: maybe(
      Type.Integer({ description: "Processes killed by the kernel for lack of memory, as far back as can be seen" }),
    ),
    oomSource: maybe(Type.String({ description: "Where kills were counted: /proc/vmstat, journal, dmesg" })),
  },
  { ...strict, title: "Memory" },
);
export type Memory = Static<typeof Memory>;

/** Local file systems that hold data (df(1)), without pseudo ones. */
export const Disks = listOf(
  Type.Object(
    {
      mount: Type.String(),
      device: Type.String(),
      fsType: Type.String(),
      totalBytes: Type.Integer(),
      usedBytes: Type.Integer(),
      availableBytes: Type.Integer(),
      usedPercent: Type.Integer({ description: "Used of used plus available, rounded up, as df says" }),
      inodesUsedPercent: maybe(Type.Integer()),
    },
    strict,
  ),
);
export type Disks = Static<typeof Disks>;

/** Size of local storage as a whole: each device once. */
export const Storage = Type.Object(
  { totalBytes: maybe(Type.Integer({ description: "Sum of the local file systems, each device counted once" })) },
  { ...strict, title: "Storage" },
);
export type Storage = Static<typeof Storage>;

/** Timezone and clock (localtime(5), timedatectl(1), chronyc(1)). */
export const Clock = Type.Object(
  {
    timezone: maybe(Type.String({ description: "IANA name /etc/localtime stands for" })),
    timezoneFile: maybe(Type.String({ description: "Content of /etc/timezone; empty without it" })),
    utcOffsetMinutes: maybe(Type.Integer()),
    epochMs: maybe(Type.Integer({ description: "The host's clock when read" })),
    offsetMs: maybe(Type.Integer({ description: "The host's clock minus the scanner's" })),
    synchronized: maybe(Type.Boolean({ description: "A time daemon says that the clock follows a source" })),
    source: maybe(Type.String({ description: "What says so: chrony, ntpd, timesyncd; empty when none runs" })),
  },
  { ...strict, title: "Clock" },
);
export type Clock = Static<typeof Clock>;

/** Addresses of the host's interfaces (ip-address(8)). */
export const Addresses = listOf(
  Type.Object(
    {
      address: Type.String(),
      family: Family,
      interface: Type.String(),
      public: Type.Boolean({ description: "Globally routable by its range" }),
    },
    strict,
  ),
);
export type Addresses = Static<typeof Addresses>;

/** Listening TCP and bound UDP sockets (ss(8)). */
export const Listeners = listOf(
  Type.Object(
    {
      protocol: Type.Enum(["tcp", "udp"]),
      address: Type.String({ description: "Bound address; 0.0.0.0 or :: for all" }),
      port: Type.Integer(),
      scope: Type.Enum(["loopback", "all", "one"], { description: "Loopback only, every address, or one address" }),
      process: maybe(Type.String({ description: "Name of the process that holds the socket" })),
    },
    strict,
  ),
);
export type Listeners = Static<typeof Listeners>;

/** What sshd would do, by its own word (sshd -T), for each kind of connection asked about. */
export const Sshd = Type.Object(
  {
    effective: listOf(
      Type.Object(
        {
          connection: Type.String({ description: "What was asked with -C; empty for the defaults" }),
          passwordAuthentication: maybe(Type.Boolean()),
          kbdInteractiveAuthentication: maybe(Type.Boolean()),
          pubkeyAuthentication: maybe(Type.Boolean()),
          permitEmptyPasswords: maybe(Type.Boolean()),
          permitRootLogin: maybe(Type.String()),
          usePam: maybe(Type.Boolean()),
          authenticationMethods: maybe(Type.String({ description: "any, or lists of methods" })),
          passwordSuffices: maybe(
            Type.Boolean({
              description: "A password or a keyboard-interactive answer alone completes a login, by the settings above",
            }),
          ),
        },
        strict,
      ),
    ),
    ports: listOf(Type.Integer()),
    changedAfterStart: maybe(
      Type.Boolean({ description: "A configuration file is newer than the running daemon's start or reload" }),
    ),
  },
  { ...strict, title: "Sshd" },
);
export type Sshd = Static<typeof Sshd>;

/** The packet filter in force for packets to this host (ufw(8), nft(8), iptables(8)). */
export const Firewall = Type.Object(
  {
    manager: Type.Enum(["ufw", "firewalld", "nftables", "iptables", "none"]),
    active: maybe(Type.Boolean({ description: "The kernel holds rules that drop or reject packets to this host" })),
    enabledAtBoot: maybe(Type.Boolean({ description: "What loads the rules is enabled" })),
    inputPolicyIpv4: maybe(
      Type.Enum(["accept", "drop", "reject"], { description: "What becomes of a packet no rule names" }),
    ),
    inputPolicyIpv6: maybe(Type.Enum(["accept", "drop", "reject"])),
    outgoingPolicies: listOf(
      Type.Object(
        { family: Family, policy: maybe(Type.Enum(["accept", "drop", "reject"])) },
        { ...strict, description: "What becomes of a packet from this host that no rule names" },
      ),
    ),
    outgoingDeclared: maybe(
      Type.Enum(["", "accept", "drop", "reject"], {
        description: "What UFW's own settings (/etc/default/ufw) say of it; empty where UFW is not switched on",
      }),
    ),
    accepts: listOf(
      Type.Object(
        {
          family: Family,
          protocol: Type.Enum(["tcp", "udp", "any"]),
          firstPort: Type.Integer(),
          lastPort: Type.Integer(),
          source: Type.String({ description: "CIDR range, or any" }),
          rule: Type.String({ description: "The rule as the tool prints it" }),
        },
        { ...strict, description: "New connections that are let in on a network interface" },
      ),
    ),
  },
  { ...strict, title: "Firewall" },
);
export type Firewall = Static<typeof Firewall>;

/** Services that run (systemctl(1)). */
export const Services = listOf(
  Type.Object({ unit: Type.String({ description: "Name without .service" }), enabled: maybe(Type.Boolean()) }, strict),
);
export type Services = Static<typeof Services>;

/** VPN interfaces and daemons: WireGuard, OpenVPN, Tailscale. */
export const Vpn = Type.Object(
  {
    kinds: Type.Array(Type.Enum(["wireguard", "openvpn", "tailscale"]), { description: "Those that are up" }),
    networks: maybe(
      Type.Array(Type.String(), { description: "Networks of the VPN interfaces and those routed into them, CIDR" }),
    ),
  },
  { ...strict, title: "Vpn" },
);
export type Vpn = Static<typeof Vpn>;

/** Containers that run (docker-inspect(1)). */
export const Containers = listOf(
  Type.Object(
    {
      name: Type.String(),
      image: Type.String(),
      restartPolicy: maybe(Type.String()),
      timezone: maybe(Type.String({ description: "TZ of its environment; empty without it" })),
      openclaw: Type.Boolean({ description: "Its name or image is OpenClaw's" }),
      imageId: maybe(Type.String({ description: "Id of its image: sha256 of the image's own description" })),
      createdAt: maybe(Type.String({ description: "When it was made from its image, UTC" })),
      user: maybe(Type.String({ description: "User its first process starts as, as it is set; root when none is" })),
      startsAsRoot: maybe(Type.Boolean({ description: "That user is number 0 or called root" })),
      privileged: maybe(Type.Boolean({ description: "It has every capability and every device of the host" })),
      addedCapabilities: maybe(
        Type.Array(Type.String(), {
          description: "Capabilities beyond those that Docker gives to all, such as NET_ADMIN",
        }),
      ),
      networkMode: maybe(Type.String({ description: "bridge, host, container:... or the name of a network" })),
      health: maybe(
        Type.Enum(["healthy", "unhealthy", "starting", "none"], {
          description: "What its health check says; none without one",
        }),
      ),
      logDriver: maybe(Type.String()),
      mounts: listOf(
        Type.Object(
          {
            source: Type.String({ description: "Place on the host" }),
            destination: Type.String({ description: "Place in the container" }),
            readOnly: Type.Boolean(),
          },
          strict,
        ),
      ),
      reachesEngine: maybe(
        Type.Boolean({ description: "A mount is a container engine's socket, or a folder of the host that holds one" }),
      ),
      ports: listOf(
        Type.Object(
          {
            hostAddress: Type.String(),
            hostPort: Type.Integer(),
            containerPort: Type.Integer(),
            protocol: Type.Enum(["tcp", "udp"]),
          },
          strict,
        ),
      ),
    },
    strict,
  ),
);
export type Containers = Static<typeof Containers>;

/** OpenClaw's presence and how it is set up; no secret's value. */
export const Openclaw = Type.Object(
  {
    install: Type.Enum(["systemd", "container", "process", "files"], {
      description: "How it runs, or files when only those are there",
    }),
    unit: maybe(Type.String({ description: "systemd unit or container name; empty for a bare process" })),
    user: maybe(Type.String({ description: "User its process runs as" })),
    enabledAtBoot: maybe(
      Type.Boolean({ description: "Its unit starts with the machine; of a container its restart policy says so" }),
    ),
    configPath: maybe(Type.String()),
    configMode: maybe(Type.String({ description: "Octal, such as 600" })),
    version: maybe(Type.String({ description: "Version of the package it was started from, such as 2026.9.6" })),
    runsAsRoot: maybe(
      Type.Boolean({ description: "Its process is root's; of a container, its first process starts as root" }),
    ),
    privateFiles: listOf(
      Type.Object(
        {
          path: Type.String(),
          mode: Type.String({ description: "Octal, such as 600" }),
          owner: Type.String({ description: "Name, or number where it has none" }),
          othersRead: Type.Boolean({
            description: "By its mode and those of the folders above it any user of the host may read it",
          }),
        },
        { ...strict, description: "Files of its folder that hold settings, credentials or what it stored" },
      ),
    ),
    bind: maybe(Type.String({ description: "gateway.bind; loopback when left out" })),
    port: maybe(Type.Integer({ description: "gateway.port; 18789 when left out" })),
    authMode: maybe(Type.String({ description: "gateway.auth.mode; empty when left out" })),
    trustedProxies: maybe(Type.Array(Type.String())),
    logFile: maybe(Type.String({ description: "logging.file; empty when left out" })),
    aiProviders: listOf(
      Type.Object(
        { name: Type.String({ description: "What stands before the slash of a model, such as anthropic" }) },
        { ...strict, description: "AI services that it is set up with; openai when no model is set" },
      ),
    ),
  },
  { ...strict, title: "Openclaw" },
);
export type Openclaw = Static<typeof Openclaw>;

/** The admin UI's place in nginx (nginx -T). */
export const Nginx = Type.Object(
  {
    servers: listOf(
      Type.Object(
        {
          names: Type.Array(Type.String()),
          ports: Type.Array(Type.Integer()),
          proxiesOpenclaw: maybe(Type.Boolean({ description: "A location passes requests to OpenClaw's port" })),
          allow: maybe(
            Type.Array(Type.String(), { description: "Sources that allow names where OpenClaw is proxied" }),
          ),
          denyAll: maybe(Type.Boolean({ description: "deny all ends the list" })),
        },
        strict,
      ),
    ),
  },
  { ...strict, title: "Nginx" },
);
export type Nginx = Static<typeof Nginx>;
