import { describe, expect, test } from "vitest";
import { loadCatalogue, loadProfile } from "#catalog/load.ts";
import { evaluateBundle } from "#engine/evaluate.ts";
import { absent, notAttempted, observed } from "#model/attempt.ts";
import type { Evidence, EvidenceBundle } from "#model/bundle.ts";
import { bundle, look, scan, sshServer, vantage } from "../engine/bundles.ts";

const catalogue = loadCatalogue("rules");
const profile = loadProfile("rules", "standard");
const now = new Date("2026-11-22T06:00:00Z");

/** Outcomes of all rules and requirements on a bundle. */
function outcomesOf(of: EvidenceBundle): ReadonlyMap<string, string> {
  const report = evaluateBundle({ bundle: of, catalogue, profile, now, toolVersion: "0" });
  return new Map([
    ...report.findings.map(({ rule, outcome }) => [rule, outcome] as const),
    ...report.requirements.map(({ id, outcome }) => [id, outcome] as const),
  ]);
}

function expectOutcomes(of: EvidenceBundle, expected: Readonly<Record<string, string>>): void {
  const outcomes = outcomesOf(of);
  expect(Object.fromEntries(Object.keys(expected).map((id) => [id, outcomes.get(id)]))).toEqual(expected);
}

const address = "203.0.113.5";
const target = { id: "o", names: [], addresses: [address], local: false };
const outside = vantage("outside");
const allowed = vantage("allowed");
const host = vantage("host", "inside");
const server = { address, family: "ipv4", port: 443 };
const http = (more: Readonly<Record<string, unknown>> = {}) => ({
  ...server,
  scheme: "https",
  host: "claw.example.jp",
  status: 403,
  location: "",
  redirectsToHttps: false,
  servesLogin: false,
  openclaw: true,
  openclawAuthentication: "required",
  openclawTreatsAsLocal: false,
  ...more,
});
const seen = (id: string, ports: readonly number[], pages: readonly unknown[]) => [
  look(id, "tcp", observed([scan(address, ports)])),
  look(id, "http", observed(pages)),
];

describe("the admin UI behind a 403 at /", () => {
  const reached = (more: Readonly<Record<string, unknown>>) =>
    bundle({
      target: { ...target, pattern: "in-house" },
      vantages: [outside, allowed],
      evidence: [...seen("outside", [443], [http(more)]), ...seen("allowed", [443], [http({ status: 200 })])],
    });
  const fails = { "admin-ui-source": "fail", "admin-ui-vpn": "fail", "admin-ui-publication": "fail" };

  test("fails where its probes answer", () => {
    expectOutcomes(reached({}), { ...fails, "openclaw-authentication": "pass", "openclaw-local-trust": "pass" });
  });

  test("fails where nobody has to authenticate and everyone is taken for local", () => {
    const open = { openclawAuthentication: "off", openclawTreatsAsLocal: true };
    const more = {
      "openclaw-authentication": "fail",
      "openclaw-local-trust": "fail",
      "NET-1": "fail",
      "NET-3": "fail",
    };
    expectOutcomes(reached(open), { ...fails, ...more });
  });

  test("fails where OpenClaw itself refuses", () => {
    const refusal = { openclawAuthentication: "attribution-missing", openclawTreatsAsLocal: { $unknown: "refused" } };
    expectOutcomes(reached(refusal), { ...fails, "openclaw-authentication": "pass", "openclaw-local-trust": "pass" });
  });
});

describe("lists that came out empty", () => {
  const offering = (users: readonly unknown[]) =>
    bundle({
      vantages: [outside],
      evidence: [
        look("outside", "tcp", observed([scan(address, [22])])),
        look("outside", "ssh", observed([{ ...sshServer(22, []), users }])),
      ],
    });

  test.each([
    ["no user", []],
    ["no method", [{ user: "root", methods: [] }]],
  ])("%s: SSH is not known to refuse passwords", (_name, users) => {
    expectOutcomes(offering(users), { "ssh-world-password": "unknown", "NET-12": "unknown" });
    expect(outcomesOf(offering(users)).get("ssh-password-offer")).toBe("unknown");
  });

  test("what is read on the host", () => {
    const evidence = [
      look("host", "disks", observed([])),
      look("host", "services", observed([])),
      look("host", "sshd", observed({ effective: [], ports: [22], changedAfterStart: false })),
    ];
    expectOutcomes(bundle({ vantages: [host], evidence }), {
      "disk-space": "unknown",
      "inode-space": "unknown",
      "unneeded-service": "unknown",
      "sshd-password-setting": "unknown",
    });
  });
});

test.each<readonly [string, readonly Evidence[]]>([
  ["not attempted", [look("host", "cpu", observed({ cores: 4 })), look("host", "addresses", notAttempted("stopped"))]],
  ["left out", []],
])("a stopped run with the host's addresses %s tells of no port that it is closed", (_name, more) => {
  const evidence = [
    look("outside", "tcp", observed([scan(address, [443])])),
    look("outside", "ssh", observed([])),
    ...more,
  ];
  expectOutcomes(bundle({ interrupted: true, vantages: [outside, host], evidence }), {
    "open-port": "unknown",
    "ssh-world-exposure": "unknown",
    "ssh-world-password": "unknown",
  });
});

describe("the admin UI at another port than 443", () => {
  const listener = (port: number, process: string) => ({
    protocol: "tcp",
    address: "0.0.0.0",
    port,
    scope: "all",
    process,
  });
  const openFirewall = {
    manager: "none",
    active: false,
    enabledAtBoot: false,
    inputPolicyIpv4: "accept",
    inputPolicyIpv6: "accept",
    accepts: [],
  };
  const nginx = (allow: readonly string[]) => ({
    servers: [{ names: ["x"], ports: [8443], proxiesOpenclaw: true, allow, denyAll: allow.length > 0 }],
  });
  const inside = (listeners: readonly unknown[], allow: readonly string[]) =>
    bundle({
      vantages: [host],
      evidence: [
        look("host", "listeners", observed(listeners)),
        look("host", "containers", absent("no")),
        look("host", "nginx", observed(nginx(allow))),
        look("host", "firewall", observed(openFirewall)),
      ],
      policy: { allowedSources: ["198.51.100.7"] },
    });

  test("needs a limit there", () => {
    expectOutcomes(inside([listener(8443, "nginx")], []), { "source-limit": "fail", "NET-4": "fail" });
  });

  test("and its limit is none for another server at 443/tcp", () => {
    const both = [listener(8443, "nginx"), listener(443, "caddy")];
    expectOutcomes(inside(both, ["198.51.100.7"]), { "source-limit": "fail", "NET-4": "fail" });
  });

  test("needs a certificate that holds", () => {
    const tls = { ...server, port: 8443, serverName: "", trusted: true, nameMatches: true, started: true };
    const evidence = [
      ...seen("allowed", [8443], [http({ port: 8443, status: 200 })]),
      look("allowed", "tls", observed([{ ...tls, remainingDays: -3 }])),
    ];
    expectOutcomes(bundle({ target, vantages: [allowed], evidence }), { "certificate-dates": "fail", "OPS-3": "fail" });
  });
});
