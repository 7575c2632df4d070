import Value from "typebox/value";
import { describe, expect, test } from "vitest";
import { evaluateBundle } from "#engine/evaluate.ts";
import { absent, failed, notAttempted, observed } from "#model/attempt.ts";
import type { EvidenceBundle } from "#model/bundle.ts";
import { Report as ReportSchema } from "#model/report.ts";
import { bundle, look, scan, sshServer, vantage } from "./bundles.ts";
import { judge, now } from "./judged.ts";
import { catalogue, profile, requirement, rule, samples } from "./rules.ts";

const small = bundle({
  vantages: [vantage("outside"), vantage("host", "inside")],
  target: { id: "office", names: [], addresses: ["203.0.113.5"], local: false, pattern: "vps" },
  policy: { openPorts: [{ port: 51820, protocol: "udp", reason: "VPN" }] },
  scope: { addresses: ["203.0.113.5"], exclusions: ["8080/tcp"] },
  evidence: [
    look("outside", "tcp", observed([scan("203.0.113.5", [22, 3306, 6379])])),
    look("outside", "ssh", observed([sshServer(22, ["publickey", "password"])])),
    {
      ...look("host", "memory", observed({ totalBytes: 4112000000 })),
      digest: "d".repeat(64),
      excerpt: "MemTotal: 4015625 kB",
    },
    look("host", "sshd", failed("denied", "sudo: a password is required")),
    look("host", "openclaw", absent("no unit, container or process")),
    look("host", "firewall", observed({ manager: "ufw", active: { $unknown: "nft list needs root" }, accepts: [] })),
    look("host", "listeners", notAttempted("ss is not there")),
  ],
});

const weak = requirement("OPS-1", "must");
const smallParts = {
  rules: [
    ...Object.values(samples),
    rule("swap", { requirement: "OPS-1", level: "should", lines: [["host.memory.swapBytes > 0", "no swap"]] }),
  ],
  requirements: [
    requirement("NET-2", "should"),
    requirement("NET-4"),
    requirement("NET-7"),
    requirement("NET-9"),
    weak,
    requirement("PAT-1", "info"),
    requirement("BKP-6", "must", { pending: { en: "Needs a drill.", ja: "復旧テストが必要です。" } }),
    requirement("LOG-1"),
  ],
  profile: { excluded: [], levels: { "NET-4": "should" as const } },
};

test("the report of a small bundle", async () => {
  const report = judge(small, smallParts);
  expect(Value.Errors(ReportSchema, report)).toEqual([]);
  await expect(`${JSON.stringify(report, null, 2)}\n`).toMatchFileSnapshot("../goldens/engine/report.json");
});

describe("a report's bytes", () => {
  test("are the same for the same input", () => {
    expect(JSON.stringify(judge(small, smallParts))).toBe(JSON.stringify(judge(structuredClone(small), smallParts)));
  });

  test("have another id for another time, bundle, policy or profile", () => {
    const ids = [
      judge(small, smallParts),
      judge({ ...small, runId: "run-2" }, smallParts),
      judge({ ...small, policy: {} }, smallParts),
      evaluateBundle({
        bundle: small,
        catalogue: catalogue([], []),
        profile: { ...profile(), digest: "x" },
        now,
        toolVersion: "1",
      }),
      evaluateBundle({
        bundle: small,
        catalogue: catalogue([], []),
        profile: profile(),
        now: new Date(0),
        toolVersion: "1",
      }),
    ].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.every((id) => /^[0-9a-f]{16}$/.test(id))).toBe(true);
  });

  test("do not depend on the order of a bundle's keys", () => {
    const reversed = Object.fromEntries(Object.entries(small).reverse()) as unknown as EvidenceBundle;
    expect(judge(reversed, smallParts).id).toBe(judge(small, smallParts).id);
  });
});

describe("limits", () => {
  const english = (of: EvidenceBundle) =>
    judge(of)
      .limits.map(({ en }) => en)
      .join("\n");

  test.each([
    ["Nobody looked from outside", bundle(), true],
    ["Nobody looked from outside", small, false],
    ["Nobody logged in to the host", bundle(), true],
    ["Nobody logged in to the host", small, false],
    ["own list of addresses was not read", bundle(), true],
    [
      "own list of addresses was not read",
      bundle({
        vantages: [vantage("host", "inside")],
        evidence: [look("host", "addresses", observed([{ address: "203.0.113.5" }]))],
      }),
      false,
    ],
    ["The collection was stopped", bundle(), false],
    ["The collection was stopped", bundle({ interrupted: true }), true],
    ["Left out on purpose: 8080/tcp", small, true],
    ["Of UDP only well-known services", small, true],
    ["advisory audit", small, true],
    ["clock was not compared", small, true],
    ["clock was not compared", bundle({ clocks: { scannerTimezone: "UTC", targetOffsetMs: 5 } }), false],
    ["About outside: key was new", bundle({ vantages: [{ ...vantage("outside"), notes: ["key was new"] }] }), true],
  ])("%s (%#)", (sentence, of, expected) => {
    expect(english(of).includes(sentence)).toBe(expected);
  });
});

test("attempts of one kind and vantage have ids of their own", () => {
  const evidence = [look("host", "cpu", observed({ cores: 1 })), look("host", "cpu", observed({ cores: 1 }))];
  const { attempts } = judge(bundle({ vantages: [vantage("host", "inside")], evidence }));
  expect(attempts.map(({ id }) => id)).toEqual(["host/cpu", "host/cpu#2"]);
});
