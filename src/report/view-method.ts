import type { FailureReason } from "#model/attempt.ts";
import type { Policy } from "#model/policy.ts";
import type { Report, ReportedAttempt } from "#model/report.ts";
import type { Text } from "#model/text.ts";
import { reasonText } from "#reasons/japanese.ts";
import { attemptAnchor } from "./anchors.ts";
import { say, type TextKey } from "./say.ts";
import { reasonNames, roleNames, statusNames, viaNames } from "./terms.ts";
import { between, duration } from "./times.ts";

/** One line of a list of names and values: values are the target's own words, or texts of ours. */
interface FactView {
  readonly name: Text;
  readonly values: readonly string[];
  readonly text: Text | null;
  /** Reasons, in both languages. */
  readonly reasons: readonly Text[];
  readonly code: boolean;
}

interface AttemptView {
  readonly anchor: string;
  readonly id: string;
  readonly status: ReportedAttempt["status"];
  readonly statusName: Text;
  readonly reason: Text | null;
  readonly detail: Text | null;
  readonly method: string;
  readonly startedAt: string;
  readonly took: Text;
  readonly digest: string | null;
  readonly excerpt: string | null;
}

/** How the audit looked. */
export interface MethodView {
  readonly scope: readonly FactView[];
  readonly declared: readonly FactView[];
  readonly identity: readonly FactView[];
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly took: Text | null;
  readonly interrupted: boolean;
  readonly clocks: readonly FactView[];
  readonly vantages: readonly {
    readonly id: string;
    readonly role: Text;
    readonly via: Text;
    readonly addresses: readonly string[];
    readonly notes: readonly Text[];
  }[];
  readonly connections: readonly { readonly service: string; readonly purpose: string; readonly count: number }[];
  readonly attempts: readonly AttemptView[];
  readonly versions: readonly FactView[];
  readonly limits: readonly Text[];
  readonly verify: readonly string[];
}

/** What the page shows of how the audit looked. */
export function methodView(report: Report): MethodView {
  const { collection } = report;
  return {
    scope: scope(report),
    declared: declared(report.policy),
    identity: identity(report),
    startedAt: collection.startedAt,
    finishedAt: collection.finishedAt,
    took: between(collection.startedAt, collection.finishedAt),
    interrupted: collection.interrupted,
    clocks: clocks(report),
    vantages: report.vantages.map(({ id, role, via, addresses, notes }) => ({
      id,
      role: roleNames[role],
      via: viaNames[via],
      addresses,
      notes: notes.map(reasonText),
    })),
    connections: report.connections.map(({ address, port, purpose, count, vantage }) => ({
      service: address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`,
      purpose: vantage === undefined ? purpose : `${purpose} (${vantage})`,
      count,
    })),
    attempts: report.attempts.map(attempt),
    versions: versions(report),
    limits: report.limits,
    verify: verifyCommands(report),
  };
}

function strings(key: TextKey, values: readonly string[], code = true): FactView {
  if (values.length === 0) return { name: say(key), values: [], text: say("none"), reasons: [], code };
  return { name: say(key), values, text: null, reasons: [], code };
}

function reasons(key: TextKey, values: readonly string[]): FactView {
  if (values.length === 0) return strings(key, values);
  return { name: say(key), values: [], text: null, reasons: values.map(reasonText), code: false };
}

function text(key: TextKey, value: Text): FactView {
  return { name: say(key), values: [], text: value, reasons: [], code: false };
}

function scope({ scope: { addresses, exclusions }, authorisation }: Report): FactView[] {
  const authorised =
    authorisation === null
      ? [text("authorisedBy", say("authorisedLocal"))]
      : [
          strings("authorisedBy", [authorisation.by], false),
          strings("authorisedReference", [authorisation.reference], false),
          orText("authorisedFrom", authorisation.from, say("noLimit")),
          orText("authorisedUntil", authorisation.until, say("noLimit")),
          strings("authorisedAddresses", authorisation.addresses),
        ];
  return [strings("scopeAddresses", addresses), reasons("exclusions", exclusions), ...authorised];
}

function orText(key: TextKey, value: string | undefined, otherwise: Text, code = false): FactView {
  return value === undefined || value === "" ? text(key, otherwise) : strings(key, [value], code);
}

const flags = [
  "severalTeams",
  "personalData",
  "regulatedData",
  "cloudAiForbidden",
  "competitiveSecrets",
  "logsKeptOneYear",
] as const;

function declared(policy: Policy): FactView[] {
  const facts: FactView[] = [];
  if (policy.allowedSources) facts.push(strings("allowedSources", policy.allowedSources));
  if (policy.workloads !== undefined) facts.push(strings("workloads", [String(policy.workloads)], false));
  for (const flag of flags) {
    const value = policy[flag];
    if (value !== undefined) facts.push(text(flag, say(value ? "yes" : "no")));
  }
  if (policy.openPorts) {
    const ports = policy.openPorts.map(({ port, protocol, reason }) => `${port}/${protocol} — ${reason}`);
    facts.push(strings("openPorts", ports, false));
  }
  if (policy.neededServices) facts.push(strings("neededServices", policy.neededServices));
  if (policy.region !== undefined) facts.push(strings("region", [policy.region], false));
  if (policy.attestors) {
    const people = policy.attestors.map(({ name, role, key }) => `${name} (${role}) — ${key}`);
    facts.push(strings("attestors", people, false));
  }
  return facts;
}

function identity({ identity: { sshHostKeys, tlsKeys, machineIdHash } }: Report): FactView[] {
  return [
    strings("sshHostKeys", sshHostKeys),
    strings("tlsKeys", tlsKeys),
    orText("machineIdHash", machineIdHash, say("notKnown"), true),
  ];
}

function clocks({ clocks: { scannerTimezone, targetOffsetMs, targetOffsetErrorMs } }: Report): FactView[] {
  const sign = targetOffsetMs !== undefined && targetOffsetMs > 0 ? "+" : "";
  const error = targetOffsetErrorMs === undefined ? "" : ` ${say("offsetError", { error: targetOffsetErrorMs }).en}`;
  return [
    strings("scannerTimezone", [scannerTimezone], false),
    targetOffsetMs === undefined
      ? text("clockOffset", say("notMeasured"))
      : strings("clockOffset", [`${sign}${targetOffsetMs} ms${error}`], false),
  ];
}

function attempt(made: ReportedAttempt, index: number): AttemptView {
  return {
    anchor: attemptAnchor(index),
    id: made.id,
    status: made.status,
    statusName: statusNames[made.status],
    reason: made.reason === undefined ? null : reasonName(made.reason),
    detail: made.detail ? reasonText(made.detail) : null,
    method: made.method,
    startedAt: made.startedAt,
    took: duration(made.durationMs),
    digest: made.digest ?? null,
    excerpt: made.excerpt || null,
  };
}

function reasonName(reason: FailureReason): Text {
  return reasonNames[reason];
}

function versions(report: Report): FactView[] {
  const { collection, tool, profile } = report;
  return [
    strings("reportId", [report.id]),
    strings("format", [report.schema]),
    strings("judgedWith", [`${tool.name} ${tool.version}`], false),
    strings(
      "collectedWith",
      [`${collection.tool.name} ${collection.tool.version}, Node ${collection.tool.node}`],
      false,
    ),
    strings("runId", [collection.runId]),
    strings("bundleDigest", [collection.bundleDigest]),
    orText("scriptDigest", collection.scriptDigest, say("scriptNone"), true),
    strings("rulesDigest", [report.rulesDigest]),
    ...(report.addedRules === undefined ? [] : [strings("addedRules", report.addedRules)]),
    strings("profileDigest", [`${profile.digest} (${profile.id})`]),
    strings("policyDigest", [report.policyDigest]),
  ];
}

/** Commands that judge the same evidence again. */
function verifyCommands(report: Report): string[] {
  const words = ["--profile", report.profile.id, "--now", report.evaluatedAt].map(shellWord);
  const added = report.addedRules === undefined ? "" : " --rules FOLDER";
  return [`sekisho evaluate evidence.json ${words.join(" ")}${added}`];
}

/** A word as a POSIX shell takes it literally. */
function shellWord(word: string): string {
  return /^[A-Za-z0-9_.:+/@-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
