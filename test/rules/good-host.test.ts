import { describe, expect, it } from "vitest";
import { judgeRule } from "#engine/judge.ts";
import { type Facts, validateFacts } from "#expression/facts.ts";
import { type Change, failing, good, rules } from "./good-host.ts";

const openOutside = (port: number): Change => ({
  "outside.tcp.0.open+": { port },
  "network.tcp.0.open+": { port },
  "network.tcp.2.open+": { port },
});
const listening = (port: number): Change => ({
  "host.listeners+": { protocol: "tcp", address: "0.0.0.0", port, scope: "all", process: "x" },
});
const accept = { family: "ipv4", protocol: "tcp", source: "any", rule: "a rule" };
const accepting = (port: number): Change => ({
  "host.firewall.accepts+": { ...accept, firstPort: port, lastPort: port },
});
const page = {
  address: "203.0.113.5",
  port: 443,
  scheme: "https",
  host: "claw.example.jp",
  status: 200,
  openclaw: true,
  servesLogin: true,
};
/** OpenClaw behind a 403 at `/`: its probes answer. */
const probed = {
  ...page,
  status: 403,
  servesLogin: false,
  openclawAuthentication: "required",
  openclawTreatsAsLocal: false,
};
const elsewhere = (more: Readonly<Record<string, unknown>> = {}) => ({ ...probed, status: 200, port: 8443, ...more });
/** The ports at which the office reaches the server where the admin UI stands at 8443/tcp. */
const openInside = (port: number): Change => ({ "network.tcp.2.open+": { port }, "network.tcp.3.open+": { port } });
const certificate = (good.network as { tls: readonly object[] }).tls[0];
const password = ["publickey", "password"];
const tls = "network.tls.0";

describe("a host that follows the guide", () => {
  it("has facts of the schemas", () => {
    expect(validateFacts(good)).toEqual([]);
  });

  it("fails nothing, and leaves nothing undecided", () => {
    const outcomes = new Map(rules.map((rule) => [rule.rule.id, judgeRule(rule, good).outcome]));
    const undecided = [...outcomes].filter(
      ([, outcome]) => !["pass", "informational", "notapplicable"].includes(outcome),
    );
    expect(undecided).toEqual([]);
    const notApplicable = [...outcomes].filter(([, outcome]) => outcome === "notapplicable").map(([id]) => id);
    expect(notApplicable).toEqual([
      "in-house-cpu",
      "in-house-memory",
      "in-house-storage",
      "admin-ui-vpn-access",
      "admin-ui-vpn",
      "openclaw-listener",
      "vpn",
      "openclaw-boot",
    ]);
  });

  it("fails nothing as a server in the office either", () => {
    expect(failing({ "target.pattern": "in-house" })).toEqual([]);
  });

  it("passes nothing about exposure when looked at from inside alone", () => {
    const network = Object.entries(good.network ?? {}).map(([kind, list]) => [
      kind,
      (list as { vantage: string }[]).filter(({ vantage }) => vantage === "inside"),
    ]);
    const { outside: _outside, allowed: _allowed, ...rest } = good;
    const facts: Facts = { ...rest, network: Object.fromEntries(network) };
    const notChecked = rules
      .filter((rule) => judgeRule(rule, facts).outcome === "notchecked")
      .map(({ rule }) => rule.id);
    expect(notChecked.toSorted()).toEqual([
      "admin-ui-port",
      "admin-ui-publication",
      "admin-ui-source",
      "firewall-mismatch",
      "open-port",
      "openclaw-authentication",
      "openclaw-local-trust",
      "ssh-world-exposure",
      "ssh-world-password",
      "udp-port",
      "unexplained-port",
    ]);
  });

  it.each<[string, Change, readonly string[]]>([
    [
      "sshd takes passwords",
      {
        "network.ssh.0.users.0.methods": password,
        "host.sshd.effective.0.passwordSuffices": true,
        "host.sshd.effective.0.passwordAuthentication": true,
      },
      ["ssh-password-offer", "sshd-password-setting"],
    ],
    [
      "sshd takes passwords for one network",
      { "host.sshd.effective.1.passwordSuffices": true },
      ["sshd-password-setting"],
    ],
    [
      "sshd was not reloaded",
      { "network.ssh.0.users.0.methods": password, "host.sshd.changedAfterStart": true },
      ["ssh-password-offer", "ssh-settings-mismatch", "sshd-stale-settings"],
    ],
    [
      "SSH is open to the world",
      {
        ...openOutside(22),
        ...accepting(22),
        "outside.ssh+": { address: "203.0.113.5", port: 22, users: [{ user: "root", methods: ["publickey"] }] },
      },
      ["ssh-firewall-source", "ssh-world-exposure"],
    ],
    [
      "a port is open to the world",
      { ...openOutside(8080), ...listening(8080), ...accepting(8080) },
      ["exposed-listener", "firewall-open-port", "open-port"],
    ],
    [
      "a port is forwarded in front of the host",
      openOutside(2022),
      ["firewall-mismatch", "open-port", "unexplained-port"],
    ],
    ["a service listens behind the firewall", listening(3306), ["exposed-listener"]],
    ["the firewall opens a port that nothing uses", accepting(8443), ["firewall-open-port"]],
    ["the firewall is off at boot", { "host.firewall.enabledAtBoot": false }, ["firewall-boot"]],
    ["the firewall lets IPv6 in", { "host.firewall.inputPolicyIpv6": "accept" }, ["firewall-default"]],
    [
      "the admin UI is open to the world",
      {
        ...openOutside(443),
        "network.tcp.2.open": [{ port: 22 }, { port: 443 }],
        ...accepting(443),
        "outside.http+": { ...page, openclawAuthentication: "required", openclawTreatsAsLocal: false },
        "host.nginx.servers.0.denyAll": false,
      },
      ["admin-ui-publication", "admin-ui-source", "firewall-source-list", "nginx-source-list", "source-limit"],
    ],
    [
      "everyone is answered 403 at /, but OpenClaw's probes are passed on",
      { "outside.http+": probed, "network.http+": { ...probed, vantage: "outside" } },
      ["admin-ui-publication", "admin-ui-source"],
    ],
    [
      "the same in the office without a VPN",
      {
        "target.pattern": "in-house",
        "outside.http+": probed,
        "network.http+": { ...probed, vantage: "outside" },
      },
      ["admin-ui-publication", "admin-ui-source", "admin-ui-vpn"],
    ],
    [
      "OpenClaw refuses everyone itself, since nginx does not say where requests come from",
      { "outside.http+": { ...probed, openclawAuthentication: "attribution-missing" } },
      ["admin-ui-publication", "admin-ui-source"],
    ],
    [
      "OpenClaw asks nobody to authenticate",
      { "allowed.http.0.openclawAuthentication": "off", "network.http.0.openclawAuthentication": "off" },
      ["openclaw-authentication"],
    ],
    [
      "OpenClaw takes everyone for local",
      { "allowed.http.0.openclawTreatsAsLocal": true, "network.http.0.openclawTreatsAsLocal": true },
      ["openclaw-local-trust"],
    ],
    [
      "nginx limits 8443/tcp, but another server answers everyone at 443/tcp",
      {
        ...accepting(443),
        ...listening(8443),
        "host.listeners.1.process": "caddy",
        "host.nginx.servers.0.ports": [8443],
      },
      ["exposed-listener", "firewall-source-list", "source-limit"],
    ],
    [
      "the admin UI stands at 8443/tcp too, without a limit and with an expired certificate",
      {
        ...openInside(8443),
        ...accepting(8443),
        ...listening(8443),
        "allowed.http+": elsewhere(),
        "network.http+": elsewhere({ vantage: "allowed" }),
        "network.tls+": { ...certificate, port: 8443, remainingDays: -2 },
      },
      ["admin-ui-port", "certificate-dates", "exposed-listener", "firewall-open-port", "open-port", "source-limit"],
    ],
    [
      "the admin UI does not answer the office",
      { "allowed.http.0.openclaw": false, "allowed.http.0.servesLogin": false },
      ["admin-ui-source"],
    ],
    ["an address stays allowed in nginx", { "host.nginx.servers.0.allow+": "192.0.2.7" }, ["nginx-source-list"]],
    [
      "the firewall forgot an address",
      { "policy.allowedSources+": "192.0.2.7", "host.nginx.servers.0.allow+": "192.0.2.7" },
      ["firewall-source-list"],
    ],
    [
      "OpenClaw's container is published on every address",
      { "host.containers.0.ports.0.hostAddress": "0.0.0.0" },
      ["openclaw-container-port"],
    ],
    [
      "OpenClaw answers the office on its own port",
      {
        "allowed.http+": elsewhere({ port: 18789, scheme: "http" }),
        "network.http+": elsewhere({ vantage: "allowed", port: 18789, scheme: "http" }),
        ...accepting(18789),
      },
      ["admin-ui-port", "firewall-open-port", "plain-http-login", "source-limit"],
    ],
    ["a service runs that nobody needs", { "host.services+": { unit: "cups" } }, ["unneeded-service"]],
    ["the system is older", { "host.os.versionId": "22.04" }, ["ubuntu-release"]],
    [
      "the plan is the smallest",
      { "host.memory.totalBytes": 1_000_000_000 },
      ["vps-memory", "memory-minimum", "workload-memory", "sizing-memory"],
    ],
    [
      "memory does for two workloads only",
      { "host.memory.totalBytes": 4_100_000_000 },
      ["workload-memory", "sizing-memory"],
    ],
    ["a process was killed", { "host.memory.oomKills": 1 }, ["oom-kill"]],
    ["the cores do for two workloads only", { "host.cpu.cores": 2 }, ["sizing-cores"]],
    ["storage does not hold a year of logs", { "host.storage.totalBytes": 105_000_000_000 }, ["sizing-log-storage"]],
    ["the disk is full", { "host.disks.0.usedPercent": 97 }, ["disk-space"]],
    ["the inodes are used up", { "host.disks.0.inodesUsedPercent": 97 }, ["inode-space"]],
    [
      "the clock shows UTC",
      { "host.clock.timezone": "Etc/UTC", "host.clock.timezoneFile": "Etc/UTC" },
      ["host-timezone"],
    ],
    ["the container's clock shows UTC", { "host.containers.0.timezone": "" }, ["container-timezone"]],
    ["the certificate has expired", { [`${tls}.remainingDays`]: -2, [`${tls}.trusted`]: false }, ["certificate-dates"]],
    ["the certificate is self-signed", { [`${tls}.trusted`]: false }, ["certificate-trust"]],
    ["the certificate is for another name", { [`${tls}.nameMatches`]: false }, ["certificate-name"]],
    ["renewal stands still", { [`${tls}.remainingDays`]: 4 }, ["certificate-renewal"]],
    ["the key is short", { [`${tls}.leafKeyType`]: "rsa", [`${tls}.leafKeyBits`]: 1024 }, ["certificate-key"]],
    ["TLS 1.1 is accepted", { [`${tls}.versions.1.accepted`]: true }, ["tls-old-version"]],
    ["the container stays down after a reboot", { "host.containers.0.restartPolicy": "no" }, ["openclaw-restart"]],
    ["the container has another name", { "host.containers.0.name": "stack-gateway-1" }, ["openclaw-container-name"]],
    ["a restore was tried and failed", { "attested.restoreTest.holds": false }, ["restore-test"]],
    ["the last snapshot failed", { "attested.monthlySnapshot.holds": false }, ["monthly-snapshot"]],
    ["the provider keeps no snapshots", { "attested.providerSnapshots.holds": false }, ["provider-snapshots"]],
    ["no recovery procedure is written down", { "attested.recoveryProcedure.holds": false }, ["recovery-procedure"]],
    ["the log lies in /tmp", { "host.openclaw.logFile": "" }, ["openclaw-error-log"]],
  ])("fails just what is about it: %s", (_what, change, expected) => {
    expect(failing(change)).toEqual([...expected].toSorted());
  });
});
