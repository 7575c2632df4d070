import { describe, expect, test } from "vitest";
import { factPaths, isRead, validateFacts, visitValues } from "#expression/facts.ts";
import { typeOf } from "#expression/types.ts";

const facts = {
  network: {
    ssh: [{ address: "192.0.2.1", port: 22, vantage: "outside", users: [{ user: "a", methods: ["x"] }] }, {}],
  },
  host: {
    firewall: { present: true, manager: "ufw", accepts: [] },
    disks: [],
    vpn: { kinds: ["wireguard"] },
    nginx: {},
  },
  policy: { workloads: 3, personalData: false },
};

test("factPaths names every place where something is said", () => {
  expect(factPaths(facts)).toEqual([
    "network.ssh[].address",
    "network.ssh[].port",
    "network.ssh[].vantage",
    "network.ssh[].users[].user",
    "network.ssh[].users[].methods",
    "host.firewall.present",
    "host.firewall.manager",
    "host.firewall.accepts",
    "host.disks",
    "host.vpn.kinds",
    "host.nginx",
    "policy.workloads",
    "policy.personalData",
  ]);
  expect(factPaths({})).toEqual([]);
});

test.each([
  ["network.ssh[].port", ["network.ssh[].port"], true],
  ["network.ssh", ["network.ssh[].port"], true],
  ["network.ssh[].users", ["network.ssh"], true],
  ["network.ssh[].port", ["network.ssh[].ports"], false],
  ["network.ss", ["network.ssh"], false],
  ["host.disks", ["network.ssh"], false],
])("%s is read by %s: %s", (path, reads, expected) => {
  expect(isRead(path, reads)).toBe(expected);
});

describe("validateFacts", () => {
  test("accepts what a bundle can be projected to", () => {
    expect(validateFacts(facts)).toEqual([]);
  });

  test.each<readonly [unknown, string, RegExp]>([
    [{ netwerk: {} }, "netwerk", /no field.*/],
    [{ network: { ssh: [{ prot: 22 }] } }, "network.ssh[0].prot", /no field/],
    [{ network: { ssh: [{ port: "22" }] } }, "network.ssh[0].port", /expected int/],
    [{ network: { ssh: [{ port: 22.5 }] } }, "network.ssh[0].port", /expected int/],
    [{ network: { ssh: {} } }, "network.ssh", /expected list/],
    [{ host: { firewall: [] } }, "host.firewall", /expected record/],
    [{ host: { firewall: { manager: "uwf" } } }, "host.firewall.manager", /never the value/],
    [{ host: { firewall: { active: "yes" } } }, "host.firewall.active", /expected bool/],
    [{ host: { os: { vantage: "inside" } } }, "host.os.vantage", /no field/],
    [{ target: { ssh: {} } }, "target.ssh", /no field/],
    [null, "", /expected record/],
  ])("refuses %o", (value, path, message) => {
    const problems = validateFacts(value);
    expect(problems).toHaveLength(1);
    expect(problems[0]?.path).toBe(path);
    expect(problems[0]?.message).toMatch(message);
  });
});

test("visitValues goes to every value until told to stop", () => {
  const seen: unknown[] = [];
  const lists = { network: { ssh: [{ port: 1 }, {}, { port: 2 }, { port: 3 }] } };
  visitValues(lists, "network.ssh[].port", (value) => seen.push(value) < 2);
  expect(seen).toEqual([1, 2]);
});

test.each([[{ type: "number" }], [{ anyOf: [{ type: "string" }, { type: "integer" }] }], [{}]])(
  "a schema no expression could read is refused: %o",
  (schema) => {
    expect(() => typeOf(schema)).toThrow(/type/);
  },
);
