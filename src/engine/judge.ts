import type { Expression } from "#expression/compile.ts";
import { evaluate, type Value, type Witness, witnesses } from "#expression/evaluate.ts";
import type { Facts } from "#expression/facts.ts";
import { fillTemplate } from "#expression/template.ts";
import type { Level, Outcome } from "#model/outcome.ts";
import type { Rule } from "#model/rule.ts";
import type { Text } from "#model/text.ts";
import { wordings } from "./printable.ts";
import { isFields } from "./strip.ts";
import { subjectOf } from "./subject.ts";

/** A rule with its expressions parsed and checked. */
export interface CompiledRule {
  readonly rule: Rule;
  readonly when?: Expression | undefined;
  readonly expect: readonly { readonly that: Expression; readonly else: Text }[];
  /** Id of the section whose folder the rule stands in. */
  readonly section: string;
}

/** How a rule came out on facts. */
export interface Judgement {
  readonly outcome: Outcome;
  /** What fails, one entry for each subject; empty unless the outcome is fail. */
  readonly occurrences: readonly { readonly subject: string; readonly message: Text }[];
  /** What was read and not known; empty unless the outcome is unknown or notchecked. */
  readonly gapPaths: readonly string[];
  /** What does not hold where the level is info: it fails nothing. */
  readonly remarks: readonly { readonly subject: string; readonly message: Text }[];
  /** Why the outcome is error. */
  readonly errors: readonly string[];
  /** Of a failure: another line of the rule is not decided. */
  readonly openBeside?: boolean;
  /** Of a failure or a remark: the elements that it is about, each with the fields of those it stands in. */
  readonly failing?: readonly Fields[];
}

/** What the facts alone don't say. */
export interface Circumstances {
  /** Level in force; the rule's own when left out. */
  readonly level?: Level;
  /**
   * Whether an attempt was made to see what stands at a path. When left out: what is declared or stated is never attempted, the rest is
   * where its root is there at all.
   */
  readonly attempted?: (path: string) => boolean;
}

type Fields = Readonly<Record<string, unknown>>;

const nothing = { occurrences: [], gapPaths: [], remarks: [], errors: [] } as const;

/** Judges one rule on facts. Never throws for what stands in the facts. */
export function judgeRule(compiled: CompiledRule, facts: Facts, circumstances: Circumstances = {}): Judgement {
  const attempted = circumstances.attempted ?? ((path) => isThere(path, facts));
  const applies: Value = compiled.when === undefined ? { is: true } : evaluate(compiled.when, facts);
  switch (applies.is) {
    case false:
      return { ...nothing, outcome: "notapplicable" };
    case "error":
      return { ...nothing, outcome: "error", errors: [applies.message] };
    case "unknown":
      return undecided(applies.gaps, attempted);
    case true:
      return judgeLines(compiled, facts, { level: circumstances.level ?? compiled.rule.level, attempted });
  }
}

function judgeLines(compiled: CompiledRule, facts: Facts, { level, attempted }: Required<Circumstances>): Judgement {
  const lines = compiled.expect.map((line) => ({ line, value: evaluate(line.that, facts) }));
  const broken = lines.filter(({ value }) => value.is === false).map(({ line }) => line);
  if (broken.length > 0) {
    const { occurrences, failing } = occurrencesOf(broken, facts);
    const openBeside = lines.some(({ value }) => value.is !== true && value.is !== false);
    if (level !== "info")
      return { ...nothing, outcome: "fail", occurrences, failing, ...(openBeside ? { openBeside } : {}) };
    return { ...nothing, outcome: "informational", remarks: occurrences, failing };
  }
  const errors = lines.flatMap(({ value }) => (value.is === "error" ? [value.message] : []));
  if (errors.length > 0) return { ...nothing, outcome: "error", errors };
  const unknown = lines.flatMap(({ value }) => (value.is === "unknown" ? [value] : []));
  if (unknown.length > 0) {
    return undecided(
      unknown.flatMap(({ gaps }) => gaps),
      attempted,
    );
  }
  return { ...nothing, outcome: level === "info" ? "informational" : "pass" };
}

function undecided(gaps: readonly string[], attempted: (path: string) => boolean): Judgement {
  const gapPaths = [...new Set(gaps)];
  const outcome = gapPaths.every((path) => attempted(path)) ? "unknown" : "notchecked";
  return { ...nothing, outcome, gapPaths };
}

/** Roots that hold what people say. */
const spoken: readonly string[] = ["policy", "target", "attested"];

function isThere(path: string, facts: Facts): boolean {
  const [root = ""] = path.split(".");
  return !spoken.includes(root) && Object.hasOwn(facts, root);
}

function occurrencesOf(
  broken: CompiledRule["expect"],
  facts: Facts,
): { readonly occurrences: Judgement["occurrences"]; readonly failing: readonly Fields[] } {
  const id = facts.target?.["id"];
  const targetId = typeof id === "string" ? id : "target";
  const bySubject = new Map<string, Text[]>();
  const failing: Fields[] = [];
  for (const line of broken) {
    for (const witness of witnesses(line.that, facts)) {
      const subject = subjectOf(witness, targetId);
      const message: Text = {
        en: fillTemplate(line.else.en, { facts, witness }, wordings.en),
        ja: fillTemplate(line.else.ja, { facts, witness }, wordings.ja),
      };
      const messages = bySubject.get(subject) ?? [];
      if (!messages.some(({ en }) => en === message.en)) messages.push(message);
      bySubject.set(subject, messages);
      failing.push(together(witness));
    }
  }
  return {
    occurrences: [...bySubject].map(([subject, messages]) => ({ subject, message: joined(messages) })),
    failing,
  };
}

/** The innermost element with the fields of those it stands in. */
function together({ bindings }: Witness): Fields {
  return Object.fromEntries(bindings.flatMap(({ element }) => (isFields(element) ? Object.entries(element) : [])));
}

/** Several statements as one. */
function joined(messages: readonly Text[]): Text {
  return { en: messages.map(({ en }) => en).join(" / "), ja: messages.map(({ ja }) => ja).join(" / ") };
}
