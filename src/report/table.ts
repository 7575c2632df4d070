import type { Report } from "#model/report.ts";
import type { Locale } from "#model/text.ts";
import { oneLine } from "./one-line.ts";
import { type Result, resultsOf, waiverNote } from "./results.ts";
import { sayIn, type TextKey } from "./say.ts";
import { levelNames, outcomeNames, severityNames, standardNames } from "./terms.ts";

/** A table of text: what CSV has in one file and a workbook in one sheet. Every cell is one line without unseen characters. */
export interface Table {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

const columns: readonly (readonly [TextKey, (result: Result, report: Report, locale: Locale) => string])[] = [
  ["target", (_, { target }) => target.id],
  ["collected", (_, { collection }) => collection.startedAt],
  ["section", ({ section }, { sections }, locale) => sectionName(section, sections, locale)],
  ["requirement", ({ requirement }) => requirement],
  ["level", ({ level }, _, locale) => levelNames[level][locale]],
  ["rule", ({ rule, finding }) => (finding === null ? "" : rule)],
  ["outcome", (result, _, locale) => outcomeOf(result, locale)],
  ["severity", ({ severity }, _, locale) => (severity === null ? "" : severityNames[severity][locale])],
  ["asked", ({ title }, _, locale) => title[locale]],
  ["subject", ({ subject }) => subject],
  ["observed", ({ message }, _, locale) => message[locale]],
  ["expected", ({ finding }, _, locale) => finding?.expected[locale] ?? ""],
  ["fix", ({ finding, outcome }, _, locale) => (outcome === "fail" ? (finding?.fix[locale] ?? "") : "")],
  ["waiver", ({ waivers }, _, locale) => waivers.map((each) => waiverNote(each)[locale]).join(" / ")],
  ["references", ({ finding }) => referencesOf(finding?.references ?? {})],
  ["evidence", ({ finding }) => [...new Set(finding?.evidence.map(({ attempt }) => attempt))].join(", ")],
  ["fingerprint", ({ fingerprint }) => fingerprint],
];

/** The entries of a report as a table: one row for each thing that fails, and one for every other finding and open requirement. */
export function resultTable(report: Report, locale: Locale): Table {
  return tableOf(
    columns.map(([key]) => sayIn(locale, key)),
    resultsOf(report).map((result) => columns.map(([, cell]) => cell(result, report, locale))),
  );
}

/** A table whose cells are made fit to be shown. */
export function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): Table {
  return { head, rows: rows.map((row) => row.map((cell) => oneLine(cell))) };
}

function outcomeOf({ outcome, waived }: Result, locale: Locale): string {
  return waived ? sayIn(locale, "waivedFail") : outcomeNames[outcome][locale];
}

/** A section's letter and title, or its id where the report does not list it. */
export function sectionName(id: string, sections: Report["sections"], locale: Locale): string {
  const section = sections.find((each) => each.id === id);
  return section === undefined ? id : `${section.letter}. ${section.title[locale]}`;
}

function referencesOf(references: Readonly<Record<string, readonly string[]>>): string {
  return Object.entries(references)
    .map(([key, ids]) => `${standardNames.get(key) ?? key}: ${ids.join(", ")}`)
    .toSorted()
    .join("; ");
}
