import type { Outcome } from "#model/outcome.ts";
import type { Report } from "#model/report.ts";
import type { Locale } from "#model/text.ts";
import { printableJson } from "./json.ts";
import { oneLine } from "./one-line.ts";
import { type Result, resultsOf, waiverNote } from "./results.ts";
import { ruleIdOf, sarifLevels, sarifRule } from "./sarif-rule.ts";
import { outcomeNames } from "./terms.ts";
import { namesSubject } from "./view-findings.ts";
import { visible } from "./visible.ts";

/** Kinds of SARIF results (OASIS SARIF 2.1.0, 3.27.9) that outcomes are told as. */
export const sarifKinds: Record<Outcome, "fail" | "open" | "review" | "pass" | "notApplicable" | "informational"> = {
  pass: "pass",
  fail: "fail",
  unknown: "open",
  notchecked: "review",
  notapplicable: "notApplicable",
  informational: "informational",
  error: "open",
};

/** Outcomes that become results; of the rest GitHub, which does not read kinds, would make alerts. */
export const sarifTold: readonly Outcome[] = ["fail", "unknown", "notchecked", "error"];

/** The file that results point to: GitHub refuses a result without one, and a server has none. */
const policyFile = "sekisho.yaml";

/**
 * What fails and what is not known as SARIF 2.1.0, as GitHub code scanning takes it. What passes, does not apply or only informs is listed
 * by rule under the run's properties: as results they would become alerts there. What is not known is open or for review, never a pass.
 */
export function renderSarif(report: Report, locale: Locale): string {
  const results = resultsOf(report);
  const rules = [...new Map(results.map((each) => [each.rule, each])).values()];
  const index = new Map(rules.map(({ rule }, at) => [rule, at]));
  const run = {
    tool: {
      driver: {
        name: "sekisho",
        version: oneLine(report.tool.version),
        rules: rules.map((each) => sarifRule(each, locale)),
      },
    },
    automationDetails: { id: `sekisho/${named(report.target.id)}/` },
    invocations: [invocation(report, results, locale)],
    columnKind: "utf16CodeUnits",
    results: results
      .filter(({ outcome }) => sarifTold.includes(outcome))
      .map((each) => resultOf(each, { report, locale, ruleIndex: index.get(each.rule) ?? 0 })),
    properties: runProperties(report, results),
  };
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [run],
  };
  return printableJson(log);
}

function resultOf(
  result: Result,
  { report, locale, ruleIndex }: { readonly report: Report; readonly locale: Locale; readonly ruleIndex: number },
) {
  const kind = sarifKinds[result.outcome];
  const { subject, waivers, fingerprint } = result;
  const suppressions = waivers.map((waiver) => ({
    kind: "external",
    status: "accepted",
    justification: oneLine(waiverNote(waiver)[locale]),
  }));
  return {
    ruleId: ruleIdOf(result.rule),
    ruleIndex,
    kind,
    level: kind === "fail" ? sarifLevels[result.level] : "none",
    message: { text: messageOf(result, report, locale) },
    locations: [
      {
        physicalLocation: { artifactLocation: { uri: policyFile }, region: { startLine: 1 } },
        logicalLocations: [
          { name: named(subject), fullyQualifiedName: named(`${report.target.id}/${subject}`), kind: "resource" },
        ],
      },
    ],
    // GitHub tells results apart by the first of these; the second names the rule, target and subject it is made from.
    partialFingerprints: { primaryLocationLineHash: named(fingerprint), "sekisho/v1": named(fingerprint) },
    ...(suppressions.length > 0 ? { suppressions } : {}),
    properties: { outcome: result.outcome, requirement: oneLine(result.requirement), level: result.level },
  };
}

function named(text: string): string {
  return oneLine(text, 300) || "-";
}

function messageOf({ outcome, subject, message }: Result, report: Report, locale: Locale): string {
  const name = outcome === "fail" ? "" : `${outcomeNames[outcome][locale]}: `;
  const about = namesSubject(message, subject, report) ? "" : `${subject}: `;
  return oneLine(`${report.target.id}: ${name}${about}${message[locale]}`, 2000);
}

function invocation(report: Report, results: readonly Result[], locale: Locale) {
  const { startedAt, finishedAt, interrupted } = report.collection;
  const errors = results.filter(({ outcome }) => outcome === "error");
  return {
    executionSuccessful: !interrupted && errors.length === 0,
    startTimeUtc: oneLine(startedAt),
    endTimeUtc: finishedAt,
    exitCode: report.verdict.exitCode,
    exitCodeDescription: visible(report.verdict.status),
    ...(errors.length > 0
      ? {
          toolExecutionNotifications: errors.map((each) => ({
            level: "error",
            message: { text: messageOf(each, report, locale) },
            associatedRule: { id: ruleIdOf(each.rule) },
          })),
        }
      : {}),
  };
}

function runProperties({ id, verdict, summary, profile, rulesDigest, collection }: Report, results: readonly Result[]) {
  const byOutcome = Map.groupBy(results, ({ outcome }) => outcome);
  return {
    report: oneLine(id),
    verdict: verdict.status,
    coverage: summary.coverage,
    profile: oneLine(profile.id),
    rulesDigest: oneLine(rulesDigest),
    bundleDigest: oneLine(collection.bundleDigest),
    rulesByOutcome: Object.fromEntries(
      [...byOutcome].map(([outcome, of]) => [outcome, [...new Set(of.map(({ rule }) => ruleIdOf(rule)))]]),
    ),
  };
}
