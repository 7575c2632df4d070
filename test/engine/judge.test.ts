import { describe, expect, test } from "vitest";
import { judgeRule } from "#engine/judge.ts";
import type { Facts } from "#expression/facts.ts";
import { rule, samples } from "./rules.ts";

const server = (port: number, ...users: readonly (readonly [string, readonly string[]])[]) => ({
  address: "203.0.113.5",
  port,
  users: users.map(([user, methods]) => ({ user, methods })),
});
const keys = server(22, ["root", ["publickey"]]);
const password = server(2222, ["root", ["publickey", "password"]], ["admin", ["password"]]);
const sshd = (...answers: readonly (boolean | undefined)[]) => ({
  sshd: {
    effective: answers.map((passwordSuffices) => ({
      connection: "",
      ...(passwordSuffices === undefined ? {} : { passwordSuffices }),
    })),
  },
});

describe("the outcome of a rule", () => {
  test.each<readonly [string, Facts, string, readonly string[], readonly string[]]>([
    ["all lines hold", { network: { ssh: [keys] }, host: sshd(false) }, "pass", [], []],
    ["the rule does not apply", { network: { ssh: [] }, host: sshd(true) }, "notapplicable", [], []],
    [
      "elements fail",
      { network: { ssh: [keys, password] }, host: sshd(false) },
      "fail",
      ["203.0.113.5 2222/tcp root", "203.0.113.5 2222/tcp admin"],
      [],
    ],
    [
      "an element fails and another is not known",
      { network: { ssh: [password, {}] }, host: {} },
      "fail",
      ["203.0.113.5 2222/tcp root", "203.0.113.5 2222/tcp admin"],
      [],
    ],
    ["a second line fails", { network: { ssh: [keys] }, host: sshd(true) }, "fail", ["defaults"], []],
    [
      "a line is not known",
      { network: { ssh: [keys] }, host: sshd(undefined) },
      "unknown",
      [],
      ["host.sshd.effective[].passwordSuffices"],
    ],
    [
      "several things are not known",
      { network: { ssh: [keys, {}] }, host: {} },
      "unknown",
      [],
      ["network.ssh[]", "host.sshd"],
    ],
    [
      "whether it applies is not known",
      { network: { ssh: [{}] }, host: sshd(false) },
      "unknown",
      [],
      ["network.ssh[]"],
    ],
    ["nobody looked", { network: { ssh: [keys] } }, "notchecked", [], ["host.sshd"]],
    [
      "facts are not what they should be",
      { network: { ssh: [{ users: [{ methods: [1] }] }] }, host: sshd(false) },
      "error",
      [],
      [],
    ],
    ["whether it applies cannot be judged", { network: { ssh: 5 }, host: sshd(false) }, "error", [], []],
    [
      "a line fails and another is an error",
      { network: { ssh: [{ users: [{ methods: [1] }] }] }, host: sshd(true) },
      "fail",
      ["defaults"],
      [],
    ],
  ])("where %s", (_name, facts, outcome, subjects, gapPaths) => {
    const judgement = judgeRule(samples.password, facts);
    expect(judgement.outcome).toBe(outcome);
    expect(judgement.occurrences.map(({ subject }) => subject)).toEqual(subjects);
    expect(judgement.gapPaths).toEqual(gapPaths);
    expect(judgement.errors.length > 0).toBe(outcome === "error");
  });

  test.each<readonly [Facts, string]>([
    [{ host: { memory: { totalBytes: 8e9 } }, policy: { workloads: 3 } }, "pass"],
    [{ host: { memory: { totalBytes: 4e9 } }, policy: { workloads: 3 } }, "fail"],
    [{ host: { memory: { totalBytes: 8e9 } }, policy: {} }, "notchecked"],
    [{ host: { memory: { totalBytes: 8e9 } } }, "notchecked"],
    [{ host: {}, policy: { workloads: 3 } }, "unknown"],
  ])("what nobody declared is not checked: %o", (facts, outcome) => {
    expect(judgeRule(samples.memory, facts).outcome).toBe(outcome);
  });

  test("who says what was attempted is asked for each gap", () => {
    const facts: Facts = { network: { ssh: [keys, {}] }, host: {} };
    const attempted = (path: string) => path !== "host.sshd";
    expect(judgeRule(samples.password, facts, { attempted }).outcome).toBe("notchecked");
    expect(judgeRule(samples.password, facts, { attempted: () => true }).outcome).toBe("unknown");
  });

  test("at level info what can be decided is informational", () => {
    const known: Facts = { target: { pattern: "vps" } };
    expect(judgeRule(samples.pattern, known).outcome).toBe("informational");
    expect(judgeRule(samples.pattern, known, { level: "must" }).outcome).toBe("pass");
    expect(judgeRule(samples.pattern, { target: {} }).outcome).toBe("notchecked");
    const broken = judgeRule(
      samples.memory,
      { host: { memory: { totalBytes: 1e9 } }, policy: { workloads: 1 } },
      { level: "info" },
    );
    expect(broken).toMatchObject({
      outcome: "informational",
      occurrences: [],
      remarks: [{ subject: "target", message: { en: "0.9 GiB of memory" } }],
    });
  });
});

describe("occurrences", () => {
  test("say in both languages what was found where", () => {
    const { occurrences } = judgeRule(samples.password, { network: { ssh: [password] }, host: sshd(false) });
    expect(occurrences[0]).toEqual({
      subject: "203.0.113.5 2222/tcp root",
      message: {
        en: "203.0.113.5:2222 offers publickey, password to root",
        ja: "203.0.113.5:2222 offers publickey、password to root(日本語)",
      },
    });
  });

  test("of one subject are one, with each thing said once", () => {
    const twice: Facts = { network: { ssh: [password, { ...password, vantage: "allowed" }] }, host: sshd(false) };
    expect(judgeRule(samples.password, twice).occurrences).toHaveLength(2);
    const both = rule("x", {
      lines: [
        ["host.cpu.cores > 4", "few cores"],
        ["host.cpu.cores > 8", "very few cores"],
      ],
    });
    const facts: Facts = { host: { cpu: { cores: 1 } }, target: { id: "office" } };
    expect(judgeRule(both, facts).occurrences).toEqual([
      {
        subject: "office",
        message: { en: "few cores / very few cores", ja: "few cores(日本語) / very few cores(日本語)" },
      },
    ]);
  });

  test("print nothing of a target's that could steer a terminal", () => {
    const user = "\u001b]0;x\u0007\u202e\nroot";
    const { occurrences } = judgeRule(samples.password, {
      network: { ssh: [server(22, [user, ["password"]])] },
      host: sshd(false),
    });
    expect(JSON.stringify(occurrences)).not.toMatch(/\\u001b|\\u0007|\u202e|\\n/);
    const long = judgeRule(samples.password, {
      network: { ssh: [server(22, ["😀".repeat(5000), ["password"]])] },
      host: sshd(false),
    });
    expect(long.occurrences[0]?.message.en.length).toBeLessThan(300);
    expect(long.occurrences[0]?.message.en.isWellFormed()).toBe(true);
  });
});

describe("subjects", () => {
  test.each<readonly [string, Facts, string]>([
    [
      "outside.tcp.all(t, t.open.all(p, false))",
      { outside: { tcp: [{ address: "2001:db8::5", open: [{ port: 25, vantage: "x" }] }] } },
      "2001:db8::5 25/tcp",
    ],
    [
      "host.listeners.all(l, false)",
      { host: { listeners: [{ protocol: "udp", address: "0.0.0.0", port: 53, process: "dnsmasq" }] } },
      "0.0.0.0 53/udp",
    ],
    ["host.disks.all(d, false)", { host: { disks: [{ mount: "/var", usedPercent: 99 }] } }, "/var"],
    ["host.services.all(s, false)", { host: { services: [{ unit: "cups", enabled: true }] } }, "cups"],
    [
      "network.http.all(h, false)",
      { network: { http: [{ address: "192.0.2.1", port: 80, scheme: "http", host: "a.example" }] } },
      "192.0.2.1 80/tcp http a.example",
    ],
    [
      "network.tls.all(t, t.versions.all(v, false))",
      {
        network: {
          tls: [{ address: "192.0.2.1", port: 443, serverName: "a.example", versions: [{ version: "TLSv1" }] }],
        },
      },
      "192.0.2.1 443/tcp a.example TLSv1",
    ],
    [
      "host.firewall.accepts.all(a, false)",
      {
        host: {
          firewall: {
            accepts: [{ family: "ipv6", protocol: "tcp", firstPort: 22, lastPort: 25, source: "any", rule: "x" }],
          },
        },
      },
      "ipv6 22-25/tcp from any",
    ],
    [
      "host.containers.all(c, c.ports.all(p, false))",
      {
        host: {
          containers: [
            { name: "openclaw", image: "i", ports: [{ hostAddress: "0.0.0.0", hostPort: 8080, protocol: "tcp" }] },
          ],
        },
      },
      "openclaw 0.0.0.0 8080/tcp",
    ],
    [
      "host.nginx.servers.all(s, false)",
      { host: { nginx: { servers: [{ names: ["a", "b"], ports: [80, 443] }] } } },
      "a,b 80,443",
    ],
    ["host.vpn.kinds.all(k, false)", { host: { vpn: { kinds: ["wireguard"] } } }, "wireguard"],
    [
      "policy.openPorts.all(o, false)",
      { policy: { openPorts: [{ port: 51820, protocol: "udp", reason: "VPN" }] } },
      "51820/udp",
    ],
    ["host.addresses.all(a, false)", { host: { addresses: [{ public: true }] } }, "public=true"],
    ["host.cpu.cores > 1", { host: { cpu: { cores: 1 } }, target: { id: "office" } }, "office"],
    ["host.cpu.cores > 1", { host: { cpu: { cores: 1 } } }, "target"],
  ])("of %s", (that, facts, subject) => {
    expect(judgeRule(rule("x", { lines: [[that, "m"]] }), facts).occurrences.map((each) => each.subject)).toEqual([
      subject,
    ]);
  });
});
