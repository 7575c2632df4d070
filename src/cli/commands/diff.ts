import { readReport } from "#audit/bundle-file.ts";
import { pickLocale } from "#cli/locale.ts";
import { columnsOf, note, print } from "#cli/terminal.ts";
import { diffNotes } from "#cli/texts.ts";
import { compareReports } from "#engine/compare.ts";
import { sameTarget } from "#engine/same-target.ts";
import type { Comparison } from "#model/comparison.ts";
import { exitCodes } from "#model/exit-codes.ts";
import { InputError } from "#model/input-error.ts";
import type { Locale } from "#model/text.ts";
import { renderDiff, renderDiffMarkdown } from "#report/diff.ts";
import { printableJson } from "#report/json.ts";

/** Flags of diff, as commander hands them over. */
export interface DiffFlags {
  readonly json?: boolean;
  readonly markdown?: boolean;
  readonly lang?: string;
}

/** Version of what --json prints. */
const diffSchema = "sekisho.diff/1";

/** Prints what changed from one report to another of the same target. Throws InputError where they are not of one. */
export function diffFiles(before: string, after: string, flags: DiffFlags): number {
  const locale = pickLocale(flags.lang, process.env);
  const [earlier, later] = [readReport(before), readReport(after)];
  const same = sameTarget(earlier, later);
  if (same.is !== "same") {
    throw new InputError(`${before} and ${after} are not shown to be of one target. ${same.why[locale]}.`, {
      hint: "Compare two reports of one server, both gathered from where its SSH or TLS key or its inside is seen.",
    });
  }
  if (Date.parse(earlier.collection.startedAt) > Date.parse(later.collection.startedAt)) {
    note(diffNotes.backwards[locale]);
  }
  print(shown(compareReports(earlier, later), flags, locale));
  return exitCodes.passed;
}

function shown(comparison: Comparison, { json, markdown }: DiffFlags, locale: Locale): string {
  if (json === true) return printableJson({ schema: diffSchema, ...comparison });
  if (markdown === true) return renderDiffMarkdown(comparison, locale);
  return renderDiff(comparison, { locale, columns: columnsOf(process.stdout) });
}
