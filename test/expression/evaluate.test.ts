import { describe, expect, test } from "vitest";
import { evaluate, witnesses } from "#expression/evaluate.ts";
import type { Facts } from "#expression/facts.ts";
import { compiled } from "./compiled.ts";

type Row = readonly [source: string, facts: Facts, expected: true | false | readonly string[]];

function verify([source, facts, expected]: Row): void {
  const value = evaluate(compiled(source), facts);
  expect(value).toEqual(typeof expected === "boolean" ? { is: expected } : { is: "unknown", gaps: expected });
}

const active: Facts = { host: { firewall: { present: true, active: true, manager: "ufw" } } };

describe("logic is Kleene's", () => {
  test.each<Row>([
    ["host.firewall.active && true", active, true],
    ["host.firewall.enabledAtBoot && true", active, ["host.firewall.enabledAtBoot"]],
    ["host.firewall.enabledAtBoot && false", active, false],
    ["false && host.firewall.enabledAtBoot", active, false],
    ["host.firewall.enabledAtBoot || true", active, true],
    ["host.firewall.enabledAtBoot || false", active, ["host.firewall.enabledAtBoot"]],
    ["!host.firewall.enabledAtBoot", active, ["host.firewall.enabledAtBoot"]],
    ["host.firewall.enabledAtBoot == host.firewall.enabledAtBoot", active, ["host.firewall.enabledAtBoot"]],
    ["host.firewall.enabledAtBoot != true", active, ["host.firewall.enabledAtBoot"]],
    ["host.firewall.inputPolicyIpv4 != 'drop'", active, ["host.firewall.inputPolicyIpv4"]],
    ["host.firewall.enabledAtBoot ? true : true", active, ["host.firewall.enabledAtBoot"]],
    ["host.firewall.active ? host.firewall.enabledAtBoot : true", active, ["host.firewall.enabledAtBoot"]],
    ["host.cpu.cores + 1 > 0", active, ["host.cpu"]],
    ["host.cpu.cores > policy.workloads", {}, ["host.cpu", "policy.workloads"]],
    ["-host.cpu.cores < 0", { host: { cpu: { cores: 4 } } }, true],
    ["host.cpu.cores / 3 == 1 && host.cpu.cores % 3 == 1", { host: { cpu: { cores: 4 } } }, true],
    ["host.os.id.startsWith('u')", {}, ["host.os"]],
    [
      "host.os.id.startsWith('u') && host.os.id.endsWith('u') && host.os.id.contains('bun')",
      { host: { os: { id: "ubuntu" } } },
      true,
    ],
  ])("%s", (...row) => verify(row));
});

describe("what is missing is named as far up as the kind", () => {
  test.each<Row>([
    ["host.firewall.active", {}, ["host.firewall"]],
    ["host.firewall.active", { host: {} }, ["host.firewall"]],
    ["host.firewall.active", { host: { firewall: { present: false } } }, ["host.firewall.active"]],
    ["host.firewall.present", { host: { firewall: { present: false } } }, false],
    ["host.firewall.accepts.exists(a, true)", { host: {} }, ["host.firewall"]],
    ["network.ssh.all(s, true)", {}, ["network.ssh"]],
    ["policy.severalTeams", { policy: {} }, ["policy.severalTeams"]],
    ["policy.severalTeams", {}, ["policy.severalTeams"]],
    [
      "network.ssh.all(s, s.users.all(u, 'x' in u.methods))",
      { network: { ssh: [{ port: 22 }] } },
      ["network.ssh[].users"],
    ],
  ])("%s", (...row) => verify(row));
});

const ports = (...ports: readonly (number | undefined)[]): Facts => ({
  outside: { tcp: [{ open: ports.map((port) => (port === undefined ? {} : { port })) }] },
});
const gap = ["outside.tcp[].open[]"];

describe("an open list is never decided by what was not seen", () => {
  test.each<Row>([
    ["outside.tcp.all(t, t.open.all(p, p.port == 22))", ports(), true],
    ["outside.tcp.all(t, t.open.all(p, p.port == 22))", ports(22), true],
    ["outside.tcp.all(t, t.open.all(p, p.port == 22))", ports(22, undefined), gap],
    ["outside.tcp.all(t, t.open.all(p, p.port == 22))", ports(22, 80, undefined), false],
    ["outside.tcp.all(t, t.open.all(p, false))", ports(undefined), gap],
    ["outside.tcp.all(t, t.open.all(p, false))", ports(), true],
    ["outside.tcp.all(t, t.open.all(p, true))", ports(undefined), true],
    ["outside.tcp.exists(t, t.open.exists(p, true))", ports(undefined), gap],
    ["outside.tcp.exists(t, t.open.exists(p, true))", ports(22, undefined), true],
    ["outside.tcp.exists(t, t.open.exists(p, p.port == 22))", ports(80, undefined), gap],
    ["outside.tcp.exists(t, t.open.exists(p, p.port == 22))", ports(80), false],
    ["outside.tcp.exists(t, t.open.exists(p, false))", ports(undefined), false],
    ["!outside.tcp.exists(t, t.open.exists(p, p.port == 22))", ports(undefined), gap],
  ])("%s over %o", (...row) => verify(row));
});

const methods = (...methods: readonly unknown[]): Facts => ({
  network: { ssh: [{ users: [{ user: "root", methods }] }] },
});

describe("in asks every element, the unknown ones too", () => {
  const offers = "network.ssh.exists(s, s.users.exists(u, 'password' in u.methods))";
  test.each<Row>([
    [offers, methods("publickey"), false],
    [offers, methods("publickey", {}), ["network.ssh[].users[].methods[]"]],
    [offers, methods("publickey", { $unknown: "cut" }), ["network.ssh[].users[].methods[]"]],
    [offers, methods("password", {}), true],
    [offers, methods(), false],
    [offers, { network: { ssh: [{ users: [{}] }] } }, ["network.ssh[].users[]"]],
    [offers, { network: { ssh: [{ users: [{ user: "x" }] }] } }, ["network.ssh[].users[].methods"]],
    ["host.os.id in ['ubuntu', 'debian']", {}, ["host.os"]],
    ["host.os.id in host.vpn.kinds", { host: { vpn: { kinds: [] } } }, false],
    ["host.os.id in host.vpn.kinds", { host: { vpn: { kinds: ["wireguard"] } } }, ["host.os"]],
    ["host.os.id in host.vpn.kinds", {}, ["host.os", "host.vpn"]],
    ["4 in [policy.workloads, 4]", {}, true],
    ["5 in [policy.workloads, 4]", {}, ["policy.workloads"]],
  ])("%s over %o", (...row) => verify(row));
});

describe("addresses", () => {
  const sources = (...allowedSources: readonly unknown[]): Facts => ({
    policy: { allowedSources },
    host: { nginx: { servers: [] } },
  });
  test.each<Row>([
    ["inCidr('10.1.2.3', '10.0.0.0/8')", {}, true],
    ["inAnyCidr('10.1.2.3', policy.allowedSources)", sources("192.0.2.0/24", "10.0.0.0/8"), true],
    ["inAnyCidr('10.1.2.3', policy.allowedSources)", sources("192.0.2.0/24"), false],
    ["inAnyCidr('10.1.2.3', policy.allowedSources)", sources("office"), ["policy.allowedSources"]],
    ["inAnyCidr('10.1.2.3', policy.allowedSources)", sources("office", "10.0.0.0/8"), true],
    ["inAnyCidr('10.1.2.3', policy.allowedSources)", sources("192.0.2.0/24", {}), ["policy.allowedSources[]"]],
    ["inAnyCidr('10.1.2.3', policy.allowedSources)", {}, ["policy.allowedSources"]],
    ["inCidr(host.os.id, '10.0.0.0/8')", { host: { os: { id: "ubuntu" } } }, ["host.os.id"]],
    ["inAnyCidr(host.os.id, ['10.0.0.0/8'])", {}, ["host.os"]],
  ])("%s over %o", (...row) => verify(row));
});

describe("facts that are not what their schema says are an error, never an answer", () => {
  test.each([
    ["host.cpu.cores > 1", { host: { cpu: { cores: "4" } } }],
    ["host.cpu.cores > 1", { host: { cpu: { cores: 4.5 } } }],
    ["host.cpu.cores > 1", { host: { cpu: { cores: 2 ** 60 } } }],
    ["network.ssh.all(s, true)", { network: { ssh: "x" } }],
    ["'x' in host.vpn.networks", { host: { vpn: { networks: [1] } } }],
    ["host.firewall.active", { host: { firewall: { active: 1 } } }],
    ["host.firewall.active", { host: { firewall: { active: null } } }],
    ["host.memory.totalBytes * 4611686018427387904 > 1", { host: { memory: { totalBytes: 4 } } }],
  ])("%s over %o", (source, facts: unknown) => {
    expect(evaluate(compiled(source), facts as Facts).is).toBe("error");
  });

  test("an error is overruled by what decides, and outweighs the unknown", () => {
    const facts = { host: { cpu: { cores: 4.5 } } };
    expect(evaluate(compiled("host.cpu.cores > 1 && false"), facts)).toEqual({ is: false });
    expect(evaluate(compiled("host.os.id == 'x' && host.cpu.cores > 1"), facts).is).toBe("error");
  });

  test("names of Object's prototype are not facts", () => {
    const facts = { host: Object.create({ cpu: { cores: 4 } }) };
    expect(evaluate(compiled("host.cpu.cores > 1"), facts)).toEqual({ is: "unknown", gaps: ["host.cpu"] });
  });
});

test("lists that would take for ever to compare are an error, whatever they hold", () => {
  const ports = Array.from({ length: 3000 }, (_, port) => ({ port }));
  const facts: Facts = { network: { ssh: ports }, host: { listeners: ports } };
  const expression = compiled("network.ssh.all(s, host.listeners.all(l, l.port >= 0 || s.port > 0))");
  expect(evaluate(expression, facts).is).toBe("error");
});

describe("witnesses", () => {
  const ssh = (port: number, users: readonly unknown[]) => ({ address: "192.0.2.1", port, users });
  const root = { user: "root", methods: ["password"] };
  const admin = { user: "admin", methods: ["publickey"] };
  const facts: Facts = {
    network: { ssh: [ssh(22, [admin, root]), ssh(2222, [root]), ssh(2022, [admin]), {}] },
    host: { cpu: { cores: 1 } },
  };
  const bad = "s.users.all(u, !('password' in u.methods))";
  const twice = [
    { s: 22, u: "root" },
    { s: 2222, u: "root" },
  ];

  test.each<readonly [string, readonly Record<string, unknown>[]]>([
    [`network.ssh.all(s, ${bad})`, twice],
    [`network.ssh.all(s, s.port == 2222 || ${bad})`, [{ s: 22, u: "root" }]],
    [`host.cpu.cores < 1 || network.ssh.all(s, ${bad})`, twice],
    [
      `network.ssh.all(s, ${bad} && s.port < 1000)`,
      [{ s: 22, u: "root" }, { s: 2222, u: "root" }, { s: 2222 }, { s: 2022 }],
    ],
    [`network.ssh.all(s, !s.users.exists(u, 'password' in u.methods))`, [{ s: 22 }, { s: 2222 }]],
    ["host.cpu.cores > 1", [{}]],
    ["host.cpu.cores > 1 && network.ssh.all(s, s.port < 2100)", [{}, { s: 2222 }]],
    ["network.ssh.all(s, s.port > 0)", []],
    ["host.cpu.cores == 1", []],
  ])("%s", (source, expected) => {
    const found = witnesses(compiled(source), facts).map(({ bindings }) =>
      Object.fromEntries(
        bindings.map(({ variable, element }) => {
          const { port, user } = element as { port?: number; user?: string };
          return [variable, port ?? user];
        }),
      ),
    );
    expect(found).toEqual(expected);
  });
});
