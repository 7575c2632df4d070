import type { Change, ChangeKind, Comparison, Side } from "#model/comparison.ts";
import type { Locale } from "#model/text.ts";
import { causeNames, changeNames, changeOrder, changeSigns } from "./diff-texts.ts";
import { markdownText } from "./markdown-text.ts";
import { oneLine } from "./one-line.ts";
import { sayIn } from "./say.ts";
import { verdictNames } from "./terms.ts";
import { jst } from "./times.ts";
import { wrap } from "./wrap.ts";

/** How many of each kind are listed; --json has them all. */
const shown = { changes: 30, names: 40, text: 400 };

/** A comparison for a terminal: no line is wider than `columns` (20 at least), nothing in it steers the terminal. */
export function renderDiff(comparison: Comparison, { locale, columns }: { locale: Locale; columns: number }): string {
  const lines: string[] = [];
  const put = (lead: string, text: string) => {
    const [first = "", ...rest] = wrap(oneLine(text, shown.text), Math.max(20, columns) - lead.length - 1);
    lines.push(`${lead}${first}`, ...rest.map((line) => `${" ".repeat(lead.length)}${line}`));
  };
  put("", `${sayIn(locale, "diffTitle")}: ${comparison.target}`);
  for (const line of sides(comparison, locale)) put("  ", line);
  for (const line of circumstances(comparison, locale)) put("! ", line);
  const kinds = kindsOf(comparison);
  if (kinds.length === 0) put("", sayIn(locale, "diffNothing"));
  for (const { kind, changes } of kinds) {
    lines.push("");
    put("", `${changeNames[kind][locale]} (${changes.length})`);
    for (const { head, details } of entries(kind, changes, locale)) {
      put(`${changeSigns[kind]} `, head);
      for (const detail of details) put("  - ", detail);
    }
  }
  return `${lines.join("\n")}\n`;
}

/** A comparison as Markdown, for a pull request or the summary of a job. */
export function renderDiffMarkdown(comparison: Comparison, locale: Locale): string {
  const lines = [
    `## ${markdownText(`${sayIn(locale, "diffTitle")}: ${comparison.target}`)}`,
    "",
    ...sides(comparison, locale).map((line) => `- ${markdownText(line)}`),
    ...circumstances(comparison, locale).map((line) => `- ${markdownText(line)}`),
  ];
  const kinds = kindsOf(comparison);
  if (kinds.length === 0) lines.push("", markdownText(sayIn(locale, "diffNothing")));
  for (const { kind, changes } of kinds) {
    lines.push("", `### ${markdownText(`${changeNames[kind][locale]} (${changes.length})`)}`, "");
    for (const { head, details } of entries(kind, changes, locale)) {
      lines.push(`- ${markdownText(changeSigns[kind])} ${markdownText(head, shown.text)}`);
      for (const detail of details) lines.push(`  - ${markdownText(detail, shown.text)}`);
    }
  }
  return `${lines.join("\n")}\n`;
}

function sides({ before, after }: Comparison, locale: Locale): readonly string[] {
  const line = (name: string, { report, collectedAt, verdict }: Side) =>
    `${name}: ${jst(collectedAt)}  ${verdictNames[verdict][locale]}  (${report})`;
  return [line(sayIn(locale, "diffBefore"), before), line(sayIn(locale, "diffAfter"), after)];
}

/** What differs beside the server. */
function circumstances({ same, before, after, rules }: Comparison, locale: Locale): readonly string[] {
  const profiles = { before: before.profile, after: after.profile };
  const tools = { before: before.tool, after: after.tool };
  const names = (list: readonly string[]) => list.slice(0, shown.names).join(", ");
  return [
    ...(same.rules ? [] : [sayIn(locale, "diffOtherRules")]),
    ...(same.profile ? [] : [sayIn(locale, "diffOtherProfile", profiles)]),
    ...(same.policy ? [] : [sayIn(locale, "diffOtherPolicy")]),
    ...(same.tool ? [] : [sayIn(locale, "diffOtherTool", tools)]),
    ...(rules.added.length > 0 ? [sayIn(locale, "diffRulesAdded", { rules: names(rules.added) })] : []),
    ...(rules.removed.length > 0 ? [sayIn(locale, "diffRulesRemoved", { rules: names(rules.removed) })] : []),
  ];
}

function kindsOf({
  changes,
}: Comparison): readonly { readonly kind: ChangeKind; readonly changes: readonly Change[] }[] {
  const byKind = Map.groupBy(changes, ({ kind }) => kind);
  return changeOrder.flatMap((kind) => {
    const of = byKind.get(kind);
    return of === undefined ? [] : [{ kind, changes: of }];
  });
}

interface Entry {
  readonly head: string;
  readonly details: readonly string[];
}

function entries(kind: ChangeKind, changes: readonly Change[], locale: Locale): readonly Entry[] {
  if (kind === "changed") {
    const more =
      changes.length > shown.names ? ` ${sayIn(locale, "andMore", { count: changes.length - shown.names })}` : "";
    return [
      {
        head: `${changes
          .slice(0, shown.names)
          .map(({ rule }) => rule)
          .join(", ")}${more}`,
        details: [],
      },
    ];
  }
  const listed = changes.slice(0, shown.changes).map((change) => entry(change, locale));
  const rest = changes.length - listed.length;
  return rest > 0 ? [...listed, { head: sayIn(locale, "andMore", { count: rest }), details: [] }] : listed;
}

function entry({ rule, requirement, subject, before, after, cause, kind, waived }: Change, locale: Locale): Entry {
  const marks = [
    ...(cause === "server" ? [] : [causeNames[cause][locale]]),
    ...(waived.before && !waived.after && kind === "still" ? [sayIn(locale, "diffWaiverEnded")] : []),
    ...(!waived.before && waived.after ? [sayIn(locale, "diffWaiverBegun")] : []),
  ];
  const mark = marks.length === 0 ? "" : ` [${marks.join("; ")}]`;
  const was = before === null ? [] : [sayIn(locale, "diffWas", { text: before[locale] })];
  const details = [...(after === null ? [] : [after[locale]]), ...(after?.en === before?.en ? [] : was)];
  return { head: `${requirement} ${rule} (${subject})${mark}`, details };
}
