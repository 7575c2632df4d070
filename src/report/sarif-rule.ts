import type { Level, Severity } from "#model/outcome.ts";
import type { Locale } from "#model/text.ts";
import { codeBlock, markdownText } from "./markdown-text.ts";
import { oneLine } from "./one-line.ts";
import type { Result } from "./results.ts";
import { sayIn } from "./say.ts";
import { standardNames } from "./terms.ts";

/** Levels of SARIF results that fail, by the level of the rule. */
export const sarifLevels: Record<Level, "error" | "warning" | "note"> = {
  must: "error",
  should: "warning",
  info: "note",
};

/** Scores that GitHub reads as critical (above 9), high, medium and low. */
export const securitySeverities: Record<Severity, string> = {
  critical: "9.5",
  high: "8.0",
  medium: "5.5",
  low: "3.0",
  info: "0.0",
};

/** An id without blanks and control characters. */
export function ruleIdOf(rule: string): string {
  return oneLine(rule, 100).replaceAll(" ", "_") || "-";
}

/** What SARIF says of a rule (reportingDescriptor, 3.49): its texts in the language asked for, its help in both. */
export function sarifRule(result: Result, locale: Locale) {
  const { rule, requirement, level, severity, title, finding } = result;
  const text = oneLine(title[locale], 1000) || ruleIdOf(rule);
  const about = finding === null ? text : oneLine(`${finding.why[locale]} ${finding.expected[locale]}`, 1000) || text;
  return {
    id: ruleIdOf(rule),
    name: pascalCase(ruleIdOf(rule)),
    shortDescription: { text },
    fullDescription: { text: about },
    help: { text: helpText(result, locale) || text, markdown: helpMarkdown(result) || text },
    defaultConfiguration: { level: sarifLevels[level] },
    properties: {
      tags: ["security", oneLine(`guide/${requirement}`, 100), `level/${level}`],
      precision: "very-high",
      ...(severity === null ? {} : { "security-severity": securitySeverities[severity] }),
    },
  };
}

/** `ssh-keys-only` as SshKeysOnly, the form that SARIF wants names of rules in. */
function pascalCase(id: string): string {
  const words = id.split(/[^A-Za-z0-9]+/).filter((word) => word !== "");
  return words.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)).join("") || "Rule";
}

function helpText({ finding, title }: Result, locale: Locale): string {
  if (finding === null) return oneLine(title[locale]);
  const lines = [
    `${sayIn(locale, "expected")}: ${oneLine(finding.expected[locale])}`,
    `${sayIn(locale, "why")}: ${oneLine(finding.why[locale])}`,
    `${sayIn(locale, "fix")}: ${oneLine(finding.fix[locale])}`,
    ...finding.fix.commands.map((line) => `  ${oneLine(line)}`),
    ...references(finding.references),
  ];
  return lines.join("\n");
}

function helpMarkdown({ finding }: Result): string {
  if (finding === null) return "";
  const { title, why, expected, fix, references: cited } = finding;
  const inLocale = (locale: Locale) => [
    `### ${markdownText(title[locale])}`,
    "",
    `- ${sayIn(locale, "expected")}: ${markdownText(expected[locale])}`,
    `- ${sayIn(locale, "why")}: ${markdownText(why[locale])}`,
    `- ${sayIn(locale, "fix")}: ${markdownText(fix[locale])}`,
    "",
  ];
  const commands = fix.commands.length === 0 ? [] : [codeBlock(fix.commands), ""];
  const list = references(cited).map((line) => `- ${markdownText(line)}`);
  return [...inLocale("ja"), ...inLocale("en"), ...commands, ...list].join("\n").trimEnd();
}

function references(cited: Readonly<Record<string, readonly string[]>>): string[] {
  return Object.entries(cited)
    .map(([key, ids]) => oneLine(`${standardNames.get(key) ?? key}: ${ids.join(", ")}`))
    .toSorted();
}
