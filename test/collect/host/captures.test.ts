import { Value } from "typebox/value";
import { describe, expect, test } from "vitest";
import { type HostKind, hostKinds } from "#collect/host/kinds.ts";
import { evidenceKinds } from "#evidence/registry.ts";
import { attempt, captured, read, value } from "./capture.ts";

const captures = [
  "debian-12/root",
  "debian-12/nobody",
  "iptables-1.8.9/ufw-allow-list",
  "iptables-1.8.9/ufw-default-allow",
  "iptables-1.8.9/plain",
  "iptables-1.8.9/empty",
  "nftables-1.0.6/native",
  "docker-20.10.24/published",
  "docker-20.10.24/docker-user",
  "docker-20.10.24/several",
  "openssh-9.2p1/match",
  "openssh-9.2p1/match-address",
  "openssh-9.2p1/keys-only",
  "systemd-252/backups-root",
  "systemd-252/backups-viewer",
  "cron/tables",
  "fail2ban-1.0.2/alerts-ops",
  "fail2ban-1.0.2/alerts-viewer",
  "outbound/container",
  "outbound/ops",
];

describe.each(captures)("%s", (name) => {
  const result = read(captured(name));

  test("gives one piece of evidence for each kind of the host", () => {
    const wanted = Object.values(evidenceKinds).filter((kind) => kind.place === "host");
    expect(result.evidence.map(({ kind }) => kind).sort()).toEqual(wanted.map(({ id }) => id).sort());
  });

  test.each(hostKinds)("%s has the shape of its schema", (kind: HostKind) => {
    const found = attempt(result, kind);
    expect(found).not.toMatchObject({ reason: "bug" });
    if (found.status === "observed") expect([...Value.Errors(evidenceKinds[kind].schema, found.value)]).toEqual([]);
  });

  test("shows no control character", () => {
    expect(result.evidence.map(({ excerpt }) => excerpt ?? "").join("")).not.toMatch(/[^\P{Cc}\n]/u);
  });
});

describe("a whole host", () => {
  const root = read(captured("debian-12/root"));
  const nobody = read(captured("debian-12/nobody"));

  test("is read by root", () => {
    expect(value(root, "openclaw")).toEqual({
      install: "systemd",
      unit: "openclaw-gateway",
      user: "openclaw",
      enabledAtBoot: { $unknown: "systemctl was not asked about its unit" },
      configPath: "/var/lib/openclaw/.openclaw/openclaw.json",
      configMode: "600",
      version: { $unknown: "the package it runs from was not found" },
      runsAsRoot: false,
      privateFiles: [{ $unknown: "who may read its files could not be asked" }],
      bind: "loopback",
      port: 18789,
      authMode: "token",
      trustedProxies: ["127.0.0.1"],
      logFile: "/var/log/openclaw/openclaw.log",
      aiProviders: [{ name: "openai" }],
    });
    expect(value(root, "nginx")).toEqual({
      servers: [
        { names: ["claw.test"], ports: [443], proxiesOpenclaw: true, allow: ["10.77.0.10", "fd77::10"], denyAll: true },
      ],
    });
    expect(value(root, "clock")).toMatchObject({
      timezone: "Asia/Tokyo",
      timezoneFile: "Asia/Tokyo",
      utcOffsetMinutes: 540,
    });
    expect(value(root, "services")).toContainEqual({ unit: "openclaw-gateway", enabled: true });
    expect(value(root, "listeners")).toContainEqual({
      protocol: "tcp",
      address: "127.0.0.1",
      port: 18789,
      scope: "loopback",
      process: "openclaw-gatewa",
    });
    expect(value(root, "firewall")).toMatchObject({
      manager: "ufw",
      active: true,
      enabledAtBoot: true,
      inputPolicyIpv4: "drop",
      inputPolicyIpv6: "drop",
    });
    expect(value(root, "sshd")).toMatchObject({ ports: [22], changedAfterStart: false });
    expect(value(root, "os")).toMatchObject({ id: "debian", versionId: "12", privilege: "root", hostname: "claw" });
    expect(attempt(root, "containers").status).toBe("absent");
  });

  test("is not guessed at without root", () => {
    expect(attempt(nobody, "sshd")).toMatchObject({ status: "failed", reason: "denied" });
    expect(attempt(nobody, "firewall")).toMatchObject({ status: "failed", reason: "denied" });
    const hidden = { $unknown: "its configuration may not be read by this user" };
    expect(value(nobody, "openclaw")).toMatchObject({
      bind: hidden,
      port: hidden,
      authMode: hidden,
      trustedProxies: hidden,
      logFile: hidden,
      aiProviders: [hidden],
    });
    expect(value(nobody, "listeners")).toContainEqual({
      protocol: "tcp",
      address: "0.0.0.0",
      port: 22,
      scope: "all",
      process: { $unknown: expect.any(String) },
    });
    expect(value(nobody, "os")).toMatchObject({ privilege: "none", user: "nobody" });
    expect(nobody.notes.join(" ")).toMatch(/not root/);
  });
});

test("sshd is asked about every Match line it names", () => {
  expect(value(read(captured("openssh-9.2p1/match")), "sshd")).toEqual({
    effective: [
      expect.objectContaining({ connection: "(sshd -p 2299)", passwordAuthentication: false, passwordSuffices: false }),
      expect.objectContaining({ connection: expect.stringMatching(/^user=root/), passwordSuffices: false }),
      expect.objectContaining({ connection: expect.stringMatching(/^user=admin/), passwordSuffices: false }),
      expect.objectContaining({
        connection: expect.stringMatching(/^user=backup.*addr=10\.0\.0\.0/),
        passwordAuthentication: true,
        passwordSuffices: true,
      }),
      expect.objectContaining({
        connection: expect.stringMatching(/addr=192\.168\.0\.0/),
        authenticationMethods: "publickey,password",
        passwordSuffices: false,
      }),
      { $unknown: "Match Group nosuchgroup was not met by any connection asked about" },
    ],
    ports: [2299],
    changedAfterStart: false,
  });
});

test("a Match line that only root was seen to meet is not taken for known", () => {
  const sshd = value(read(captured("openssh-9.2p1/match-address")), "sshd") as { effective: unknown[] };
  expect(sshd.effective).toContainEqual(
    expect.objectContaining({
      connection: "user=sekisho-no-such-user,host=host.invalid,addr=203.0.113.0",
      passwordSuffices: true,
    }),
  );
  expect(sshd.effective.slice(-2)).toEqual([
    { $unknown: "Match Address 10.1.0.0/16 User root,alice was not met by any connection asked about" },
    { $unknown: "Match Group root was not met by any connection asked about" },
  ]);
});

test("containers and the ports that lead to them", () => {
  expect(value(read(captured("docker-20.10.24/published")), "containers")).toEqual([
    expect.objectContaining({ name: "hostnet", restartPolicy: "always", ports: [{ $unknown: expect.any(String) }] }),
    expect.objectContaining({ name: "web", restartPolicy: "no", timezone: "" }),
    expect.objectContaining({
      name: "openclaw",
      image: "ghcr.io/openclaw/openclaw:2026.9.6",
      restartPolicy: "unless-stopped",
      // Docker was asked by a script that did not ask for more.
      privileged: { $unknown: "docker inspect was not asked about it" },
      timezone: "Asia/Tokyo",
      openclaw: true,
      ports: [
        { hostAddress: "0.0.0.0", hostPort: 18789, containerPort: 18789, protocol: "tcp" },
        { hostAddress: "::", hostPort: 18789, containerPort: 18789, protocol: "tcp" },
      ],
    }),
  ]);
});
