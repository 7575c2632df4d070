import type { TSchema } from "typebox";
import { Alerts } from "./alerts.ts";
import * as attested from "./attested.ts";
import * as backups from "./backups.ts";
import * as host from "./host.ts";
import { Http } from "./http.ts";
import { Logs } from "./logs.ts";
import * as network from "./network.ts";
import { Outbound } from "./outbound.ts";
import { Ssh } from "./ssh.ts";
import { Tls } from "./tls.ts";

/** One kind of evidence: what its value looks like, and from which kind of vantage it is gathered. */
export interface EvidenceKind {
  readonly id: string;
  readonly place: "network" | "host" | "attested";
  readonly schema: TSchema;
  /**
   * list: rules see the elements; absent is an empty list. record: rules see its fields and `present`. Of what people state rules see the
   * one statement in force, as `Stated` describes it.
   */
  readonly shape: "list" | "record";
}

/** Every kind of evidence, by id. A rule names it as `<root>.<id>`: network kinds under outside, allowed and network; host kinds under host; what people state under attested. */
export const evidenceKinds = {
  resolution: { id: "resolution", place: "network", shape: "list", schema: network.Resolution },
  icmp: { id: "icmp", place: "network", shape: "list", schema: network.Icmp },
  tcp: { id: "tcp", place: "network", shape: "list", schema: network.Tcp },
  udp: { id: "udp", place: "network", shape: "list", schema: network.Udp },
  ssh: { id: "ssh", place: "network", shape: "list", schema: Ssh },
  tls: { id: "tls", place: "network", shape: "list", schema: Tls },
  http: { id: "http", place: "network", shape: "list", schema: Http },
  os: { id: "os", place: "host", shape: "record", schema: host.Os },
  cpu: { id: "cpu", place: "host", shape: "record", schema: host.Cpu },
  memory: { id: "memory", place: "host", shape: "record", schema: host.Memory },
  disks: { id: "disks", place: "host", shape: "list", schema: host.Disks },
  storage: { id: "storage", place: "host", shape: "record", schema: host.Storage },
  clock: { id: "clock", place: "host", shape: "record", schema: host.Clock },
  addresses: { id: "addresses", place: "host", shape: "list", schema: host.Addresses },
  listeners: { id: "listeners", place: "host", shape: "list", schema: host.Listeners },
  sshd: { id: "sshd", place: "host", shape: "record", schema: host.Sshd },
  firewall: { id: "firewall", place: "host", shape: "record", schema: host.Firewall },
  services: { id: "services", place: "host", shape: "list", schema: host.Services },
  vpn: { id: "vpn", place: "host", shape: "record", schema: host.Vpn },
  containers: { id: "containers", place: "host", shape: "list", schema: host.Containers },
  openclaw: { id: "openclaw", place: "host", shape: "record", schema: host.Openclaw },
  nginx: { id: "nginx", place: "host", shape: "record", schema: host.Nginx },
  logs: { id: "logs", place: "host", shape: "record", schema: Logs },
  backups: { id: "backups", place: "host", shape: "record", schema: backups.Backups },
  alerts: { id: "alerts", place: "host", shape: "record", schema: Alerts },
  outbound: { id: "outbound", place: "host", shape: "record", schema: Outbound },
  providerSnapshots: { id: "providerSnapshots", place: "attested", shape: "list", schema: attested.Attestations },
  monthlySnapshot: { id: "monthlySnapshot", place: "attested", shape: "list", schema: attested.Attestations },
  restoreTest: { id: "restoreTest", place: "attested", shape: "list", schema: attested.Attestations },
  recoveryProcedure: { id: "recoveryProcedure", place: "attested", shape: "list", schema: attested.Attestations },
  livenessMonitor: { id: "livenessMonitor", place: "attested", shape: "list", schema: attested.Attestations },
  errorNotice: { id: "errorNotice", place: "attested", shape: "list", schema: attested.Attestations },
} as const satisfies Record<string, EvidenceKind>;

/** Id of a kind of evidence. */
export type KindId = keyof typeof evidenceKinds;

/** Values by kind. */
export interface EvidenceValues {
  readonly resolution: network.Resolution;
  readonly icmp: network.Icmp;
  readonly tcp: network.Tcp;
  readonly udp: network.Udp;
  readonly ssh: Ssh;
  readonly tls: Tls;
  readonly http: Http;
  readonly os: host.Os;
  readonly cpu: host.Cpu;
  readonly memory: host.Memory;
  readonly disks: host.Disks;
  readonly storage: host.Storage;
  readonly clock: host.Clock;
  readonly addresses: host.Addresses;
  readonly listeners: host.Listeners;
  readonly sshd: host.Sshd;
  readonly firewall: host.Firewall;
  readonly services: host.Services;
  readonly vpn: host.Vpn;
  readonly containers: host.Containers;
  readonly openclaw: host.Openclaw;
  readonly nginx: host.Nginx;
  readonly logs: Logs;
  readonly backups: backups.Backups;
  readonly alerts: Alerts;
  readonly outbound: Outbound;
  readonly providerSnapshots: attested.Attestations;
  readonly monthlySnapshot: attested.Attestations;
  readonly restoreTest: attested.Attestations;
  readonly recoveryProcedure: attested.Attestations;
  readonly livenessMonitor: attested.Attestations;
  readonly errorNotice: attested.Attestations;
}
