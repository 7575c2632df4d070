import type { EvidenceValues } from "#evidence/registry.ts";
import type { Attempt } from "#model/attempt.ts";
import { isShownOfAlerts, parseAlerts } from "./alerts.ts";
import { parseBackups } from "./backups.ts";
import { parseClock, type ScannerClock } from "./clock.ts";
import { parseContainers } from "./containers.ts";
import { parseDisks, parseStorage } from "./disks.ts";
import { parseFirewall } from "./firewall.ts";
import type { HostOutput } from "./frames.ts";
import { isShownOfLogs, parseLogs } from "./logs.ts";
import { parseCpu, parseMemory, parseOs } from "./machine.ts";
import { parseHostAddresses, parseListeners, parseVpn } from "./network.ts";
import { parseNginx } from "./nginx.ts";
import { parseOpenclaw } from "./openclaw.ts";
import { parseOutbound } from "./outbound.ts";
import { parseServices } from "./services.ts";
import { isShown, parseSshd } from "./sshd.ts";

/** Kinds of evidence that are read inside the host. */
export type HostKind =
  | "os"
  | "cpu"
  | "memory"
  | "disks"
  | "storage"
  | "clock"
  | "addresses"
  | "listeners"
  | "sshd"
  | "firewall"
  | "services"
  | "vpn"
  | "containers"
  | "openclaw"
  | "nginx"
  | "logs"
  | "backups"
  | "alerts"
  | "outbound";

/** How a kind is read from the script's output. */
export interface HostReader<K extends HostKind> {
  /** Names of frames, or what they begin with, that the value is read from. */
  readonly frames: readonly string[];
  /** The commands the script runs for it. */
  readonly method: string;
  /** Lines that may stand in the excerpt; all of them when left out. */
  readonly shown?: (line: string) => boolean;
  readonly parse: (output: HostOutput, scanner: ScannerClock | undefined) => Attempt<EvidenceValues[K]>;
}

/** One reader for each kind. */
export const hostReaders: { readonly [K in HostKind]: HostReader<K> } = {
  os: {
    frames: ["os", "run"],
    method: "cat /etc/os-release; uname -n; uname -rm; sha256sum of sekisho:<machine-id>; /proc/uptime; id -un",
    parse: parseOs,
  },
  cpu: { frames: ["cpu"], method: "nproc", parse: parseCpu },
  memory: { frames: ["memory"], method: "cat /proc/meminfo; grep oom_kill /proc/vmstat", parse: parseMemory },
  disks: { frames: ["disks"], method: "df -PTkl; df -Pil", parse: parseDisks },
  storage: { frames: ["disks.space"], method: "df -PTkl", parse: parseStorage },
  clock: {
    frames: ["clock"],
    method:
      "date '+%s %N %z'; readlink -f /etc/localtime; cat /etc/timezone; chronyc -n -h 127.0.0.1 tracking, ntpq -c rv or timesyncd's file",
    parse: parseClock,
  },
  addresses: { frames: ["addresses"], method: "ip -o addr show", parse: parseHostAddresses },
  listeners: {
    frames: ["listeners"],
    method: "ss -H -lntup, or /proc/net/tcp, tcp6, udp, udp6",
    parse: parseListeners,
  },
  sshd: {
    frames: ["sshd"],
    method: "sshd -T -ddd; the same with -C user=...,host=...,addr=...; stat of its files and its pid file",
    shown: isShown,
    parse: parseSshd,
  },
  firewall: {
    frames: ["firewall", "addresses", "links", "routes"],
    method: "nft -j list ruleset; iptables-save; ip6tables-save; /etc/ufw/ufw.conf (ENABLED)",
    parse: parseFirewall,
  },
  services: {
    frames: ["services"],
    method: "systemctl list-units --type=service --state=running; systemctl list-unit-files --type=service",
    parse: parseServices,
  },
  vpn: {
    frames: ["links", "addresses"],
    method: "ip -d -o link show; ip -o addr show; names of processes",
    parse: parseVpn,
  },
  containers: {
    frames: ["containers"],
    method: "docker ps --no-trunc; docker inspect --format of named fields",
    parse: parseContainers,
  },
  openclaw: {
    frames: ["openclaw"],
    method:
      "systemctl show; names, control groups, users and start of processes; named settings of openclaw.json; name and version in package.json; find for modes and owners of its files",
    parse: parseOpenclaw,
  },
  nginx: {
    frames: ["nginx"],
    method: "nginx -V; named directives of nginx.conf and of the files it includes",
    parse: parseNginx,
  },
  logs: {
    frames: ["logs", "openclaw.configs", "nginx", "containers", "disks.space", "clock.read"],
    method:
      "find and stat of the folders of logs, the first time in the oldest and newest files; logrotate.conf and what it includes, its status file; systemctl show logrotate.timer; journald.conf, journalctl --header; tmpfiles.d; deletions in schedules",
    shown: isShownOfLogs,
    parse: parseLogs,
  },
  backups: {
    frames: ["backups", "clock.read", "processes"],
    method:
      "find in homes and folders of backups; sha256sum, gzip -t, the head and PRAGMA integrity_check of copies; systemctl show; journalctl (ends of services); listed words of cron's tables and of scripts; git status and log",
    parse: parseBackups,
  },
  alerts: {
    frames: ["alerts", "clock.read", "processes", "nginx", "openclaw.processes", "backups.timers", "backups.services"],
    method:
      "fail2ban-client status, get JAIL actions and -d, by listed words; which programs send mail; systemctl show of OpenClaw's units and of what they start when they fail; listed words of commands and scripts of timers and cron; requests of listed monitors in access logs",
    shown: isShownOfAlerts,
    parse: parseAlerts,
  },
  outbound: {
    frames: ["outbound"],
    method:
      "getent ahosts; openssl s_client and bash's /dev/tcp and /dev/udp to what the policy names, from the host and by nsenter --net from the network of OpenClaw's container",
    parse: parseOutbound,
  },
};

/** Every kind, in the order they are told. */
// Object.keys loses the type of the keys; they are those of the object just above.
export const hostKinds = Object.keys(hostReaders) as HostKind[];
