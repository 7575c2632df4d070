import type { ChangeCause } from "#model/comparison.ts";
import type { Finding, Report } from "#model/report.ts";

/** One rule in both reports; undefined where a report does not judge it. */
export interface Pair {
  readonly was: Finding | undefined;
  readonly is: Finding | undefined;
  readonly before: Report;
  readonly after: Report;
}

/** What made a rule come out as it does in the later of two reports. */
export function causeOf({ was, is, before, after }: Pair): ChangeCause {
  const sameProfile = before.profile.id === after.profile.id && before.profile.digest === after.profile.digest;
  const sameRules = before.rulesDigest === after.rulesDigest;
  if (was === undefined || is === undefined) return sameRules && !sameProfile ? "profile" : "rules";
  const changed = judgedBy(was, is, sameRules) ?? (was.level !== is.level ? "profile" : undefined);
  const policy = before.policyDigest === after.policyDigest ? undefined : ("policy" as const);
  const other = changed ?? policy;
  if (other === undefined) return "server";
  if (changed === "rules" && policy !== undefined) return "mixed";
  return shownDiffers(was, is) ? "mixed" : other;
}

/** Whether the rule itself changed; by the digest of all rules where a report does not have the rule's own. */
function judgedBy(was: Finding, is: Finding, sameRules: boolean): "rules" | undefined {
  if (sameRules) return undefined;
  if (was.ruleDigest === undefined || is.ruleDigest === undefined) return "rules";
  return was.ruleDigest === is.ruleDigest ? undefined : "rules";
}

/** Whether the values that a rule read differ, as far as the reports show them. */
export function shownDiffers(a: Finding, b: Finding): boolean {
  const shown = ({ evidence }: Finding) =>
    JSON.stringify(evidence.map(({ path, shown: values }) => [path, values]).toSorted());
  return shown(a) !== shown(b);
}
