import { describe, expect, test } from "vitest";
import type { Outbound } from "#evidence/outbound.ts";
import { isUnknown, seen } from "#model/unknown.ts";
import { captured, read } from "./capture.ts";
import { named, outboundOf } from "./outbound-host.ts";

const three = ["gmail.googleapis.com", "slack.com", "api.anthropic.com"];
const both = (names: readonly string[]) => names.flatMap((name) => [`host IPv4 ${name}`, `host IPv6 ${name}`]);

describe("a host that is bound, and its container", () => {
  const found = outboundOf(captured("outbound/container"));

  test("reach what is needed, the container over the one family it has", () => {
    expect(named(found.needed, true).toSorted()).toEqual(
      [...both(three), ...three.map((name) => `container IPv4 ${name}`)].toSorted(),
    );
    expect(named(found.needed, false)).toEqual([]);
  });

  test("reach nothing else", () => {
    const others = [...found.canaries, ...found.ai];
    expect(named(others, true)).toEqual([]);
    expect(named(others, "unknown")).toEqual([]);
    expect(others.some(isUnknown)).toBe(false);
    expect(new Set(seen(found.canaries).map(({ connection, cause }) => `${connection} ${String(cause)}`))).toEqual(
      new Set(["host IPv4 timeout", "host IPv6 timeout", "container IPv4 timeout", "container IPv6 no-family"]),
    );
    expect(seen(found.resolvers).every(({ reached }) => reached === false)).toBe(true);
  });
});

test("a container that is free beside a host that is bound", () => {
  const found = outboundOf(captured("outbound/container-free"));
  const reached = named([...found.canaries, ...found.ai], true);
  expect(reached).toHaveLength(6);
  expect(reached.every((text) => text.startsWith("container IPv4 "))).toBe(true);
  const answers = seen(found.resolvers).filter((one) => one.reached === true);
  expect(answers.map(({ connection, protocol }) => `${connection} ${protocol}`)).toEqual([
    "container IPv4 udp",
    "container IPv4 tcp",
  ]);
});

test("Gmail blocked for the container alone", () => {
  const found = outboundOf(captured("outbound/container-without-gmail"));
  expect(named(found.needed, false)).toEqual(["container IPv4 gmail.googleapis.com"]);
  expect(seen(found.needed).find(({ reached }) => reached === false)?.cause).toBe("timeout");
});

test("a login that may not enter OpenClaw's network, where its unit shows that this is the host's", () => {
  const found = outboundOf(captured("outbound/ops"));
  expect([...found.needed, ...found.canaries, ...found.ai, ...found.resolvers].some(isUnknown)).toBe(false);
  expect(named(found.needed, true)).toHaveLength(6);
  const apart = captured("outbound/ops").toString("latin1").replaceAll("PrivateNetwork=no\n", "PrivateNetwork=si\n");
  expect(outboundOf(Buffer.from(apart, "latin1")).canaries.some(isUnknown)).toBe(true);
});

test("a host that lets everything out", () => {
  const found = outboundOf(captured("outbound/free"));
  expect(named([...found.canaries, ...found.ai], false)).toEqual([]);
  expect(named(found.canaries, true)).toContain("host IPv6 2001:db8:51::99");
  expect(seen(found.resolvers).every(({ reached }) => reached === true)).toBe(true);
});

test("a host that finds no name: what is needed is out of reach, and of a name that must be, nothing is known", () => {
  const found = outboundOf(captured("outbound/without-names"));
  expect(named(found.needed, false)).toEqual(three.map((name) => `host ${name}`));
  expect(seen(found.needed).every(({ cause }) => cause === "dns")).toBe(true);
  expect(named(found.ai, false)).toEqual([]);
  expect(named(found.canaries, false)).toEqual(["host IPv4 198.51.100.99", "host IPv6 2001:db8:51::99"]);
});

test("of what was cut off the last line does not count", () => {
  const whole = captured("outbound/container-free");
  const place = whole.lastIndexOf("|verified|");
  const name = /.* direct (\S+) /.exec(whole.subarray(0, place).toString().split("\n").at(-1) ?? "")?.[1] ?? "";
  const { evidence } = read(whole.subarray(0, place - 5), "truncated");
  const found = evidence.find(({ kind }) => kind === "outbound")?.attempt;
  expect(found?.status).toBe("observed");
  const { canaries, ai, needed } = (found as { value: Outbound }).value;
  expect(named([...canaries, ...ai, ...needed], "unknown")).toContain(`container IPv4 ${name}`);
});

test("where all of OpenClaw is in a container, its host need not reach anything", () => {
  const dead = (name: string) =>
    captured(name)
      .toString("latin1")
      .replaceAll(
        /(outbound\.host ok \d+ \d+ \d+ \d+\n)([\s\S]*?)(?=\nabcdef0123456789 )/g,
        (_all, head: string, text: string) =>
          head + text.replaceAll(/0 connected\|issuer O = Lab, CN = Lab Root CA\|verified\|/g, `124 ${" ".repeat(51)}`),
      );
  const found = outboundOf(Buffer.from(dead("outbound/container"), "latin1"));
  expect(named(found.needed, false)).toEqual([]);
  expect(named(found.needed, true)).toEqual(three.map((name) => `container IPv4 ${name}`));
  expect(new Set(seen(found.canaries).map(({ network }) => network))).toEqual(new Set([0, 1]));
  expect(named(outboundOf(Buffer.from(dead("outbound/free"), "latin1")).needed, false)).toHaveLength(6);
});
