import type { EvidenceBundle } from "#model/bundle.ts";
import type { Level } from "#model/outcome.ts";
import type { EvidencePointer, Finding } from "#model/report.ts";
import type { Text } from "#model/text.ts";
import { digestOf, fingerprint } from "./digest.ts";
import type { Projection } from "./facts.ts";
import { gapAt, placeOf, wasAttempted } from "./gaps.ts";
import { type CompiledRule, type Judgement, judgeRule } from "./judge.ts";
import { type Look, standsUnder } from "./looks.ts";
import { printable } from "./printable.ts";
import { shownValues } from "./show.ts";
import { isFields } from "./strip.ts";

const mostShown = 4;

/** What every finding of one evaluation is made from. */
export interface FindingSources {
  readonly bundle: EvidenceBundle;
  readonly projection: Projection;
  readonly levels: ReadonlyMap<string, Level>;
}

/** A finding, and what the report has no field for. */
export interface Found {
  readonly finding: Finding;
  /** Something does not hold, and fails nothing since the level is info. */
  readonly unmet: boolean;
  /** Beside what fails something that the rule reads is not known, so more may fail. */
  readonly open: boolean;
  /** What fails, as the facts have it. */
  readonly elements: readonly Readonly<Record<string, unknown>>[];
  /** Paths of facts that the rule reads. */
  readonly reads: readonly string[];
}

/** Judges one rule on a bundle and says what the report says of it. What goes wrong in judging is the finding's outcome. */
export function findingOf(compiled: CompiledRule, sources: FindingSources): Found {
  const { rule } = compiled;
  const level = sources.levels.get(rule.requirement) ?? rule.level;
  const judgement = judgeSafely(compiled, sources, level);
  const unmet = judgement.remarks.length > 0;
  const targetId = sources.bundle.target.id;
  const { commands = [], ...fix } = rule.fix;
  const observed = observedText(compiled, judgement, sources);
  const open = judgement.openBeside === true || readsOf(compiled).some((path) => hasGap(path, sources.projection));
  const finding: Finding = {
    rule: rule.id,
    requirement: rule.requirement,
    section: compiled.section,
    level,
    severity: rule.severity,
    outcome: judgement.outcome,
    title: rule.title,
    why: rule.why,
    expected: rule.expected,
    observed: unmet && rule.level !== "info" ? heldBack(observed) : observed,
    occurrences: judgement.occurrences.map(({ subject, message }) => ({
      subject,
      message,
      fingerprint: fingerprint(rule.id, targetId, subject),
    })),
    ...(unmet ? { remarks: judgement.remarks.map(({ subject, message }) => ({ subject, message })) } : {}),
    gaps: judgement.gapPaths.map((path) => gapAt(path, sources.projection, sources.bundle)),
    fix: { ...fix, commands },
    references: rule.references ?? {},
    evidence: readsOf(compiled).flatMap((path) => pointersTo(path, sources.projection)),
    fingerprint: fingerprint(rule.id, targetId),
    ruleDigest: digestOf(rule).slice(0, 32),
    ...(open && judgement.outcome === "fail" ? { open } : {}),
  };
  return {
    finding,
    unmet,
    open,
    elements: judgement.failing ?? [],
    reads: readsOf(compiled),
  };
}

/** Something at a path, around it or within it is not known. */
function hasGap(path: string, { gaps }: Projection): boolean {
  const isWithin = (inner: string, outer: string) =>
    inner === outer || inner.startsWith(`${outer}.`) || inner.startsWith(`${outer}[]`);
  return [...gaps.keys()].some((gap) => isWithin(gap, path) || isWithin(path, gap));
}

/** What was found, marked as something that the profile alone keeps from failing. */
function heldBack({ en, ja }: Text): Text {
  return {
    en: `Not met; the profile makes it information: ${en}`,
    ja: `満たしていません(プロファイルにより参考扱い): ${ja}`,
  };
}

function judgeSafely(compiled: CompiledRule, { projection }: FindingSources, level: Level): Judgement {
  try {
    return judgeRule(compiled, projection.facts, { level, attempted: (path) => wasAttempted(path, projection) });
  } catch (error) {
    // A fault of ours in one rule must not take the other rules' findings along; it is told as what it is.
    const message = error instanceof Error ? error.message : String(error);
    return { outcome: "error", occurrences: [], gapPaths: [], remarks: [], errors: [message] };
  }
}

function readsOf(compiled: CompiledRule): readonly string[] {
  const reads = [compiled.when, ...compiled.expect.map(({ that }) => that)].flatMap((each) => each?.reads ?? []);
  const all = [...new Set(reads)];
  return all.filter((path) => !all.some((other) => other.startsWith(`${path}.`) || other.startsWith(`${path}[]`)));
}

function observedText(compiled: CompiledRule, judgement: Judgement, { bundle, projection }: FindingSources): Text {
  switch (judgement.outcome) {
    case "fail":
      return firstOf(judgement.occurrences.map(({ message }) => message));
    case "pass":
      return valuesRead(compiled, projection);
    case "informational":
      return judgement.remarks.length > 0
        ? firstOf(judgement.remarks.map(({ message }) => message))
        : valuesRead(compiled, projection);
    case "unknown":
    case "notchecked": {
      const gaps = judgement.gapPaths.map((path) => gapAt(path, projection, bundle));
      if (gaps.length > 0) return firstOf(gaps.map(({ reason }) => reason));
      return { en: "What was seen does not decide it.", ja: "得られた情報では判定できません。" };
    }
    case "notapplicable": {
      const none = { en: "The rule does not apply here.", ja: "この規則は対象外です。" };
      return compiled.rule.otherwise ?? none;
    }
    case "error": {
      const message = printable(judgement.errors.join("; "));
      return { en: `Judging failed: ${message}`, ja: `判定処理が失敗しました: ${message}` };
    }
  }
}

/** The first statements, and how many more there are. */
function firstOf(texts: readonly Text[]): Text {
  const distinct = [...new Map(texts.map((text) => [text.en, text])).values()];
  const shown = distinct.slice(0, mostShown);
  const more = distinct.length - shown.length;
  return {
    en: `${shown.map(({ en }) => en).join(" / ")}${more > 0 ? ` / and ${more} more` : ""}`,
    ja: `${shown.map(({ ja }) => ja).join(" / ")}${more > 0 ? ` / ほか ${more} 件` : ""}`,
  };
}

function valuesRead(compiled: CompiledRule, { facts }: Projection): Text {
  const seen = readsOf(compiled).flatMap((path) => {
    const shown = shownFact(facts, path);
    return shown === "" ? [] : [`${path} = ${shown}`];
  });
  if (seen.length === 0) {
    const reads = readsOf(compiled).slice(0, mostShown).join(", ");
    return { en: `Nothing was found under ${reads}.`, ja: `${reads} に該当するものはありませんでした。` };
  }
  const shown = seen.slice(0, mostShown).join("; ");
  const more = seen.length - mostShown;
  return {
    en: `Seen: ${shown}${more > 0 ? `; and ${more} more values` : ""}`,
    ja: `確認した値: ${shown}${more > 0 ? `、ほか ${more} 項目` : ""}`,
  };
}

/** The values at a path; of what was stated also who stated it, when it was so and until when that counts. */
function shownFact(facts: Projection["facts"], path: string): string {
  const shown = shownValues(facts, path);
  if (shown === "" || !path.startsWith("attested.")) return shown;
  const claim = path.split(".").slice(0, 2).join(".");
  const [by, role, on, until] = ["by", "role", "on", "until"].map((field) => shownValues(facts, `${claim}.${field}`));
  return `${shown} (${by}, ${role}; ${on} – ${until})`;
}

function pointersTo(path: string, { facts, looks }: Projection): readonly EvidencePointer[] {
  const place = placeOf(path);
  if (place === undefined) return [];
  return looks
    .filter(({ evidence, vantage }) => evidence.kind === place.kind && standsUnder(place.root, vantage))
    .map((look) => ({ attempt: look.id, path, shown: shownOf(look, path, facts) }));
}

/** What one attempt has at a path: its own part of the facts, or why it has none. */
function shownOf({ evidence }: Look, path: string, facts: Projection["facts"]): string {
  const { attempt } = evidence;
  if (attempt.status !== "observed") return `${attempt.status}: ${printable(attempt.detail)}`;
  const [root = "", kind = ""] = path.replaceAll("[]", "").split(".");
  if (root === "attested") return shownFact(facts, path);
  if (root === "host" && path.endsWith(".present")) return shownValues(facts, path);
  const own = isFields(attempt.value) || Array.isArray(attempt.value) ? attempt.value : undefined;
  return shownValues({ [root]: { [kind]: own } }, path);
}
