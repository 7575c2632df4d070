import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { BlockList, isIPv4 } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { find, knownPlaces } from "./names.ts";

const places = knownPlaces();

test("each place has addresses of its own, in the networks that are local to the fake internet", () => {
  const networks = new BlockList();
  networks.addSubnet("198.51.100.0", 24, "ipv4");
  networks.addSubnet("2001:db8:51::", 64, "ipv6");
  const addresses = places.flatMap(({ ipv4, ipv6 }) => [ipv4, ipv6]);
  const elsewhere = addresses.filter((each) => !networks.check(each, isIPv4(each) ? "ipv4" : "ipv6"));
  expect(elsewhere).toEqual([]);
  expect(new Set(addresses).size).toBe(addresses.length);
  const names = places.flatMap(({ name }) => name ?? []);
  expect(new Set(names).size).toBe(names.length);
});

test("the list has what hosts are audited for: needed APIs, canaries with and without a name, both resolvers", () => {
  const named = (role: string) => places.filter((each) => each.role === role).map(({ name }) => name ?? "no name");
  expect(named("needed")).toEqual(
    expect.arrayContaining(["gmail.googleapis.com", "oauth2.googleapis.com", "slack.com", "hooks.slack.com"]),
  );
  expect(named("needed")).toContain("api.anthropic.com");
  expect(named("forbidden")).toEqual(expect.arrayContaining(["api.openai.com", "example.com", "no name"]));
  const resolvers = places.filter((each) => each.serves.includes("dns")).map(({ ipv4, role }) => [ipv4, role]);
  expect(resolvers.toSorted()).toEqual([
    ["198.51.100.53", "provider"],
    ["198.51.100.54", "forbidden"],
  ]);
});

test("hosts are found by their records, as they are at that moment", () => {
  const state = mkdtempSync(join(tmpdir(), "lab-names-"));
  onTestFinished(() => rmSync(state, { recursive: true }));
  const look = (name: string) => find(name, places, state);
  expect(look("web-1.lab.test")).toEqual({ kind: "none" });
  mkdirSync(join(state, "hosts"));
  const record = join(state, "hosts", "web-1.json");
  writeFileSync(record, '{"name":"web-1","index":9,"ipv4":"10.83.1.9","ipv6":"fd83::1:9"}');
  const own = { kind: "addresses", ipv4: "10.83.1.9", ipv6: "fd83::1:9" };
  expect([look("web-1.lab.test"), look("claw.web-1.lab.test")]).toEqual([own, own]);
  for (const none of ["x.web-1.lab.test", "claw.lab.test", "../web-1.lab.test", "web-1.lab.test.example"]) {
    expect(look(none), none).toEqual({ kind: "none" });
  }
  writeFileSync(record, '{"name":"web-1","ipv4":');
  expect(() => look("web-1.lab.test")).toThrow(SyntaxError);
  writeFileSync(record, '{"name":"web-1","ipv4":"10.83.1.9"}');
  expect(() => look("web-1.lab.test")).toThrow(TypeError);
});

test("a name above others is there without addresses", () => {
  const empty = ["", "test", "lab.test", "com", "googleapis.com", "example.net"];
  for (const name of empty) expect(find(name, places, "/nowhere"), name).toEqual({ kind: "empty" });
  for (const name of ["oogleapis.com", "org.example"]) expect(find(name, places, "/nowhere")).toEqual({ kind: "none" });
});
