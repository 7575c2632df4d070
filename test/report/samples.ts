import { createHash } from "node:crypto";
import type { Level, Outcome, Verdict } from "#model/outcome.ts";
import type { Counts, Finding, Report, RequirementResult } from "#model/report.ts";
import type { Text } from "#model/text.ts";
import { attempts } from "./sample-attempts.ts";
import { exposure, unlooked } from "./sample-exposure.ts";
import { pending, requirements, sections } from "./sample-requirements.ts";
import { rules, type SampleRule } from "./sample-rules.ts";
import { attestors, statements } from "./sample-statements.ts";

const digest = (text: string) => createHash("sha256").update(text).digest("hex");

const worst: readonly Outcome[] = ["fail", "error", "unknown", "notchecked", "pass", "informational", "notapplicable"];

/** Outcome of each rule that does not pass. */
type Outcomes = Readonly<Record<string, Outcome>>;

/** Fails: three must-rules and more; the reason why an audit exists. */
export const blocked: Report = sample({
  outcomes: {
    "ssh-world-open-password": "fail",
    "ssh-not-world-open": "fail",
    "ports-others-closed": "fail",
    "ssh-keys-only": "unknown",
    "timezone-tokyo": "fail",
    "container-restart": "fail",
    "admin-not-public": "fail",
    "services-needed-only": "unknown",
    "vpn-for-in-house": "notapplicable",
    "pattern-declared": "informational",
  },
  status: "blocked",
  reason: {
    en: "Blocked: 4 must-requirements fail, 13 more are undecided. 2 should-requirements are not met.",
    ja: "必須 4 件が不適合です。ほかに 13 件が未判定です。推奨 2 件も満たしていません。",
  },
});

/** Nothing was found failing, but nobody looked from outside. */
export const undecided: Report = sample({
  outcomes: {
    "ssh-world-open-password": "notchecked",
    "ssh-not-world-open": "notchecked",
    "ports-others-closed": "notchecked",
    "admin-refused-outside": "notchecked",
    "admin-not-public": "notchecked",
    "https-only": "notchecked",
    "certificate-valid": "error",
    "memory-for-workloads": "notchecked",
    "cores-for-workloads": "notchecked",
    "services-needed-only": "unknown",
    "container-restart": "unknown",
    "ssh-keys-only": "unknown",
    "vpn-for-in-house": "notapplicable",
    "pattern-declared": "informational",
  },
  status: "undecided",
  reason: {
    en: "Undecided: 19 must-requirements could not be decided (unknown 1, not checked 17, error 1); 2 passed.",
    ja: "必須 19 件を判定できていません(不明 1、未確認 17、エラー 1)。適合は 2 件です。",
  },
  local: true,
});

/** Every must-rule passes; one advice is not followed. */
export const passed: Report = sample({
  outcomes: { "admin-not-public": "fail", "vpn-for-in-house": "notapplicable", "pattern-declared": "informational" },
  status: "passed",
  reason: {
    en: "Passed: within what was examined, all 11 must-requirements that apply are met. 1 should-requirement is not met.",
    ja: "実施した検査の範囲では、該当する必須 11 件をいずれも満たしていました。推奨 1 件も満たしていません。",
  },
  covered: true,
});

interface Shape {
  readonly outcomes: Outcomes;
  readonly status: Verdict;
  readonly reason: Text;
  readonly local?: boolean;
  /** Leave out the requirements that no rule decides. */
  readonly covered?: boolean;
}

function sample({ outcomes, status, reason, local = false, covered = false }: Shape): Report {
  const findings = rules.map((rule) => finding(rule, outcomes[rule.rule] ?? "pass"));
  const results = requirements
    .map((requirement) => result(requirement, findings))
    .filter(({ rules: by }) => by.length > 0 || !covered);
  const counts = (level: Level) => count(results.filter((one) => one.level === level));
  const inScope = results.filter(({ level, outcome }) => level !== "info" && outcome !== "notapplicable");
  return {
    schema: "sekisho.report/1",
    id: digest(status).slice(0, 16),
    tool: { name: "sekisho", version: "0.1.0" },
    evaluatedAt: "2026-11-22T05:05:31.000Z",
    target: {
      id: "claw-01",
      names: ["claw.example.co.jp"],
      addresses: ["203.0.113.5", "2001:db8:5::10"],
      local,
      pattern: "vps",
      adminUrl: "https://claw.example.co.jp/",
      ssh: { host: "claw.example.co.jp", user: "audit" },
    },
    policy: {
      allowedSources: ["198.51.100.0/28", "10.8.0.0/24"],
      ...(status === "undecided" ? {} : { workloads: 3 }),
      personalData: true,
      competitiveSecrets: false,
      openPorts: [{ port: 51820, protocol: "udp", reason: "WireGuard" }],
      region: "東京",
      ...(status === "blocked" ? { attestors: [...attestors] } : {}),
    },
    authorisation: local
      ? null
      : {
          by: "情報システム部長 佐藤 恵",
          reference: "監査計画書 2026-11 第3版",
          from: "2026-11-01",
          until: "2026-12-31",
          addresses: ["203.0.113.5", "2001:db8:5::/64"],
        },
    scope: {
      addresses: local ? [] : ["203.0.113.5", "2001:db8:5::10"],
      exclusions: ["UDP ports were not scanned.", "The provider's control panel was not examined."],
    },
    identity: {
      sshHostKeys: ["SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU"],
      tlsKeys: [digest("tls")],
      machineIdHash: digest("machine"),
    },
    clocks: { scannerTimezone: "Asia/Tokyo", targetOffsetMs: 184, targetOffsetErrorMs: 21 },
    vantages: [
      ...(local
        ? []
        : [
            {
              id: "internet",
              role: "outside" as const,
              via: "local" as const,
              addresses: ["192.0.2.44", "2001:db8:ffff::44"],
              notes: [],
            },
          ]),
      {
        id: "host",
        role: "inside",
        via: local ? "local" : "ssh2",
        addresses: [],
        notes: local ? [] : ["The host key was known beforehand."],
      },
    ],
    connections: local
      ? []
      : [
          { address: "203.0.113.5", port: 22, purpose: "SSH hello, authentication methods", count: 4 },
          { address: "203.0.113.5", port: 443, purpose: "TLS and HTTP", count: 9 },
          { address: "2001:db8:5::10", port: 22, purpose: "SSH hello, authentication methods", count: 4 },
          { address: "2001:db8:5::10", port: 443, purpose: "TLS and HTTP", count: 9 },
        ],
    collection: {
      runId: "01JDB3Q7W8N5",
      startedAt: "2026-11-22T05:03:02.000Z",
      finishedAt: "2026-11-22T05:05:11.500Z",
      interrupted: status === "undecided",
      tool: { name: "sekisho", version: "0.1.0", node: "24.21.0" },
      scriptDigest: digest("script"),
      bundleDigest: digest(`bundle ${status}`),
    },
    profile: { id: "standard", title: { en: "Standard", ja: "標準" }, digest: digest("profile") },
    rulesDigest: digest("rules"),
    policyDigest: digest("policy"),
    verdict: { status, exitCode: { passed: 0, blocked: 1, undecided: 2 }[status], reason },
    summary: {
      must: counts("must"),
      should: counts("should"),
      info: counts("info"),
      coverage: {
        decided: inScope.filter(({ outcome }) => outcome === "pass" || outcome === "fail").length,
        inScope: inScope.length,
      },
    },
    sections: [...sections],
    requirements: results,
    findings,
    statements: status === "blocked" ? [...statements] : [],
    exposure: local ? unlooked : exposure,
    attempts: attempts(local),
    limits: [
      {
        en: "It shows the state at the time of collection; what changed before or after is not in it.",
        ja: "収集した時点の状態を示すものであり、その前後の変更は反映していません。",
      },
      { en: "UDP ports were not scanned.", ja: "UDPポートは走査していません。" },
      {
        en: "Retention of logs and backups were not examined.",
        ja: "ログの保持期間とバックアップは検査していません。",
      },
    ],
  };
}

function finding(rule: SampleRule, outcome: Outcome): Finding {
  const observed: Record<Outcome, Text> = {
    pass: rule.passes,
    informational: rule.passes,
    fail: rule.fails,
    unknown: rule.gap.reason,
    notchecked: rule.gap.reason,
    notapplicable: { en: "The pattern is vps.", ja: "構成パターンが自社VPS運用のため対象外です。" },
    error: {
      en: "The rule ended with an error: no such overload.",
      ja: "検査項目の評価がエラーで終了しました: no such overload",
    },
  };
  return {
    rule: rule.rule,
    requirement: rule.requirement,
    section: requirements.find(({ id }) => id === rule.requirement)?.section ?? "",
    level: rule.level,
    severity: rule.severity,
    outcome,
    title: rule.title,
    why: rule.why,
    expected: rule.expected,
    observed: observed[outcome],
    occurrences:
      outcome === "fail"
        ? rule.occurrences.map((one) => ({ ...one, fingerprint: digest(rule.rule + one.subject).slice(0, 32) }))
        : [],
    gaps: outcome === "unknown" || outcome === "notchecked" ? [rule.gap] : [],
    fix: { en: rule.fix.en, ja: rule.fix.ja, commands: [...rule.fix.commands] },
    references: Object.fromEntries(Object.entries(rule.references).map(([key, ids]) => [key, [...ids]])),
    evidence: outcome === "pass" || outcome === "fail" ? [...rule.evidence] : [],
    fingerprint: digest(rule.rule).slice(0, 32),
  };
}

function result(requirement: (typeof requirements)[number], findings: readonly Finding[]): RequirementResult {
  const own = findings.filter((one) => one.requirement === requirement.id);
  const outcome = worst.find((one) => own.some((by) => by.outcome === one)) ?? "notchecked";
  const note = pending[requirement.id];
  return {
    ...requirement,
    outcome,
    rules: own.map(({ rule }) => rule),
    ...(own.length === 0 && note !== undefined ? { note } : {}),
  };
}

function count(results: readonly RequirementResult[]): Counts {
  const of = (outcome: Outcome) => results.filter((one) => one.outcome === outcome).length;
  return {
    pass: of("pass"),
    fail: of("fail"),
    unknown: of("unknown"),
    notchecked: of("notchecked"),
    notapplicable: of("notapplicable"),
    informational: of("informational"),
    error: of("error"),
  };
}
