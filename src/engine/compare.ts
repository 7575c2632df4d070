import type { Change, ChangeKind, Comparison, Side } from "#model/comparison.ts";
import type { Outcome } from "#model/outcome.ts";
import type { Finding, Occurrence, Report } from "#model/report.ts";
import { causeOf, type Pair, shownDiffers } from "./change-cause.ts";

/** Compares two reports of one target, finding by finding. Whether it is one target is for the caller to ask before. */
export function compareReports(before: Report, after: Report): Comparison {
  const earlier = new Map(before.findings.map((finding) => [finding.rule, finding]));
  const later = new Map(after.findings.map((finding) => [finding.rule, finding]));
  const names = [...new Set([...later.keys(), ...earlier.keys()])];
  const pairs = names.map((name) => ({ was: earlier.get(name), is: later.get(name), before, after }));
  return {
    target: after.target.id,
    before: sideOf(before),
    after: sideOf(after),
    same: {
      rules: before.rulesDigest === after.rulesDigest,
      profile: before.profile.digest === after.profile.digest,
      policy: before.policyDigest === after.policyDigest,
      tool: before.tool.version === after.tool.version,
    },
    rules: {
      added: names.filter((name) => !earlier.has(name)),
      removed: names.filter((name) => !later.has(name)),
    },
    changes: pairs.flatMap(changesOf),
  };
}

function sideOf({ id, collection, evaluatedAt, verdict, tool, profile }: Report): Side {
  return {
    report: id,
    collectedAt: collection.startedAt,
    evaluatedAt,
    verdict: verdict.status,
    tool: tool.version,
    profile: profile.id,
  };
}

const unknown: readonly (Outcome | undefined)[] = ["unknown", "notchecked", "error"];

function changesOf(pair: Pair): readonly Change[] {
  const { was, is } = pair;
  const [wasFailing, isFailing] = [failing(was), failing(is)];
  const changes: Change[] = [];
  for (const [key, occurrence] of isFailing) {
    const earlier = wasFailing.get(key);
    changes.push(changeOf(pair, earlier === undefined ? "new" : "still", { was: earlier, is: occurrence }));
  }
  for (const [key, occurrence] of wasFailing) {
    if (!isFailing.has(key)) changes.push(changeOf(pair, afterFailing(is), { was: occurrence, is: undefined }));
  }
  const whole = wholeKind(pair);
  if (whole !== null) changes.push(changeOf(pair, whole, { was: undefined, is: undefined }));
  return changes;
}

/** What became of a failure that is not listed any more: gone, or only not seen. */
function afterFailing(is: Finding | undefined): ChangeKind {
  if (is === undefined || is.outcome === "notapplicable" || is.outcome === "informational") return "dropped";
  if (unknown.includes(is.outcome)) return "lost";
  return is.outcome === "fail" && is.open === true ? "lost" : "fixed";
}

/** What became of a rule that fails in neither report. */
function wholeKind({ was, is }: Pair): ChangeKind | null {
  if (was === undefined || is === undefined || was.outcome === "fail" || is.outcome === "fail") return null;
  if (!unknown.includes(was.outcome) && unknown.includes(is.outcome)) return "lost";
  if (unknown.includes(was.outcome) && !unknown.includes(is.outcome)) return "decided";
  return was.outcome !== is.outcome || shownDiffers(was, is) ? "changed" : null;
}

type Failing = ReadonlyMap<string, Pick<Occurrence, "subject" | "message" | "fingerprint" | "waived">>;

function failing(finding: Finding | undefined): Failing {
  if (finding?.outcome !== "fail") return new Map();
  const { occurrences, observed, fingerprint } = finding;
  if (occurrences.length === 0) return new Map([[fingerprint, { subject: "", message: observed, fingerprint }]]);
  return new Map(occurrences.map((each) => [each.fingerprint, each]));
}

type Item = Failing extends ReadonlyMap<string, infer Value> ? Value : never;

function changeOf(
  pair: Pair,
  kind: ChangeKind,
  { was, is }: { readonly was: Item | undefined; readonly is: Item | undefined },
): Change {
  const finding = pair.is ?? pair.was;
  if (finding === undefined) throw new Error("a change is of a rule that one of the reports judged");
  const item = is ?? was;
  return {
    kind,
    cause: causeOf(pair),
    rule: finding.rule,
    requirement: finding.requirement,
    level: finding.level,
    title: finding.title,
    subject: item?.subject || pair.after.target.id,
    before: was?.message ?? pair.was?.observed ?? null,
    after: is?.message ?? pair.is?.observed ?? null,
    outcomes: { before: pair.was?.outcome ?? null, after: pair.is?.outcome ?? null },
    waived: { before: was?.waived === true, after: is?.waived === true },
    fingerprint: item?.fingerprint ?? finding.fingerprint,
  };
}
