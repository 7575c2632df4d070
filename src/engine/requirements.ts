import type { Level, Outcome } from "#model/outcome.ts";
import type { Counts, Finding, RequirementResult } from "#model/report.ts";
import type { Requirement } from "#model/rule.ts";
import type { Text } from "#model/text.ts";
import type { CompiledRule } from "./judge.ts";
import { isWeaker } from "./lowered.ts";

/** Outcomes from the one that outweighs all others to the one that outweighs none. */
const byWeight: readonly Outcome[] = [
  "fail",
  "error",
  "unknown",
  "notchecked",
  "pass",
  "informational",
  "notapplicable",
];

const noRule: Text = { en: "There is no rule for it yet.", ja: "規則がまだありません。" };

/** How a requirement came out over the findings of its rules, and what its rules leave out. */
export function requirementResult(
  requirement: Requirement,
  {
    findings,
    unmet,
    excluded,
    level,
  }: {
    findings: readonly Finding[];
    /** Ids of rules that found something and, at level info, do not fail. */
    unmet: ReadonlySet<string>;
    excluded: readonly CompiledRule[];
    level: Level;
  },
): RequirementResult {
  const { deciding, advising } = split(findings, level);
  const { outcome, waived } = withoutWaived(deciding, excluded.length > 0);
  const note = noteFor(requirement, { findings, unmet, excluded, advising, level });
  return {
    id: requirement.id,
    section: requirement.section,
    level,
    title: requirement.title,
    outcome,
    rules: findings.map(({ rule }) => rule),
    ...(waived ? { waived } : {}),
    ...(note === undefined ? {} : { note }),
  };
}

/** Findings that decide a requirement, and those of a weaker level beside them, which only advise. */
export function split(
  findings: readonly Finding[],
  level: Level,
): { deciding: readonly Finding[]; advising: readonly Finding[] } {
  const asStrong = (finding: Finding) => !isWeaker(finding.level, level);
  const deciding = findings.filter(asStrong);
  if (deciding.length === 0) return { deciding: findings, advising: [] };
  return { deciding, advising: findings.filter((finding) => !asStrong(finding)) };
}

/** A waiver takes away what it accepts, and shows what that stood before: what still fails or is not known decides. */
function withoutWaived(findings: readonly Finding[], someExcluded: boolean): { outcome: Outcome; waived: boolean } {
  const standing = findings.filter(({ waived }) => waived !== true);
  if (standing.length === findings.length) return { outcome: outcomeOver(findings, someExcluded), waived: false };
  const rest = standing.length === 0 && !someExcluded ? "pass" : outcomeOver(standing, someExcluded);
  const decided = byWeight.indexOf(rest) < byWeight.indexOf("pass");
  return decided ? { outcome: rest, waived: false } : { outcome: "fail", waived: true };
}

function outcomeOver(findings: readonly Finding[], someExcluded: boolean): Outcome {
  const outcome = byWeight.find((each) => findings.some((finding) => finding.outcome === each)) ?? "notchecked";
  const decided = byWeight.indexOf(outcome) < byWeight.indexOf("pass");
  return someExcluded && !decided ? "notchecked" : outcome;
}

interface Parts {
  readonly findings: readonly Finding[];
  readonly unmet: ReadonlySet<string>;
  readonly excluded: readonly CompiledRule[];
  readonly advising: readonly Finding[];
  readonly level: Level;
}

function noteFor(requirement: Requirement, parts: Parts): Text | undefined {
  const notes: Text[] = [];
  if (parts.findings.length === 0 && parts.excluded.length === 0) notes.push(requirement.pending ?? noRule);
  if (parts.excluded.length > 0) {
    const ids = parts.excluded.map(({ rule }) => rule.id).join(", ");
    notes.push({ en: `The profile leaves out: ${ids}.`, ja: `プロファイルにより対象外とした規則: ${ids}。` });
  }
  if (isWeaker(parts.level, requirement.level)) {
    const change = `${requirement.level} → ${parts.level}`;
    notes.push({
      en: `The profile asks less than the guide here: ${change}.`,
      ja: `プロファイルにより、水準をガイドより下げています: ${change}。`,
    });
  }
  const found = parts.findings.filter(({ rule }) => parts.unmet.has(rule)).map(({ rule }) => rule);
  if (found.length > 0) {
    const ids = found.join(", ");
    notes.push({
      en: `Not met, though not counted at this level: ${ids}.`,
      ja: `この水準では判定に数えないものの、満たしていない規則: ${ids}。`,
    });
  }
  const accepted = parts.findings.filter(({ waived }) => waived).map(({ rule }) => rule);
  if (accepted.length > 0) {
    const ids = accepted.join(", ");
    notes.push({
      en: `Fails and is accepted by waiver: ${ids}.`,
      ja: `不適合ですが、期限付きで受容されている規則: ${ids}。`,
    });
  }
  const unmet = parts.advising.filter(({ outcome }) => byWeight.indexOf(outcome) < byWeight.indexOf("pass"));
  if (unmet.length > 0) {
    const ids = unmet.map(({ rule, outcome }) => `${rule} (${outcome})`).join(", ");
    notes.push({
      en: `Advised beside it and not met or not decided: ${ids}.`,
      ja: `推奨事項のうち不適合または判定できていないもの: ${ids}。`,
    });
  }
  if (notes.length === 0) return undefined;
  return { en: notes.map(({ en }) => en).join(" "), ja: notes.map(({ ja }) => ja).join("") };
}

/** Numbers of requirements of a level by outcome. */
export function countsOf(results: readonly RequirementResult[], level: Level): Counts {
  const ofLevel = results.filter((result) => result.level === level);
  const waived = ofLevel.filter((result) => result.waived).length;
  const count = (outcome: Outcome) => ofLevel.filter((result) => result.outcome === outcome).length;
  return {
    pass: count("pass"),
    fail: count("fail") - waived,
    ...(waived > 0 ? { waived } : {}),
    unknown: count("unknown"),
    notchecked: count("notchecked"),
    notapplicable: count("notapplicable"),
    informational: count("informational"),
    error: count("error"),
  };
}

/** How many of the requirements that ask something were decided. */
export function coverageOf(results: readonly RequirementResult[]): { decided: number; inScope: number } {
  const inScope = results.filter(({ level, outcome }) => level !== "info" && outcome !== "notapplicable");
  const decided = inScope.filter(({ outcome }) => outcome === "pass" || outcome === "fail");
  return { decided: decided.length, inScope: inScope.length };
}
