import { join } from "node:path";
import { readReport } from "#audit/bundle-file.ts";
import { writeOrRefuse } from "#audit/output.ts";
import { pickLocale } from "#cli/locale.ts";
import { show, showForFile } from "#cli/show.ts";
import { note, print } from "#cli/terminal.ts";
import { exitCodes } from "#model/exit-codes.ts";
import { InputError } from "#model/input-error.ts";
import type { Report } from "#model/report.ts";
import type { Locale } from "#model/text.ts";
import { type FormatId, formatOf } from "#report/registry.ts";

/** Flags of report, as commander hands them over. */
export interface ReportFlags {
  readonly format: readonly FormatId[];
  readonly out?: string;
  readonly lang?: string;
}

/** Renders a report.json to stdout, to a file, or in several formats into a folder. Gives the exit code. */
export async function renderFile(file: string, flags: ReportFlags): Promise<number> {
  const report = readReport(file);
  const locale = pickLocale(flags.lang, process.env);
  if (flags.out === undefined) await printOne(report, flags.format, locale);
  else await writeAll(report, { ...flags, out: flags.out }, locale);
  return exitCodes.passed;
}

async function printOne(report: Report, formats: readonly FormatId[], locale: Locale): Promise<void> {
  const [format, ...others] = formats;
  if (format === undefined || others.length > 0) {
    throw new InputError("Several formats cannot be printed one after another.", {
      hint: "Name a folder for them with --out FOLDER/.",
    });
  }
  const content = await show(report, format, locale);
  if (typeof content !== "string" && process.stdout.isTTY) {
    throw new InputError(`${format} is not text, and a terminal cannot show it.`, {
      hint: "Write it to a file with --out.",
    });
  }
  print(content);
}

async function writeAll(report: Report, { format, out }: ReportFlags & { out: string }, locale: Locale): Promise<void> {
  const isFolder = out.endsWith("/") || format.length > 1;
  for (const each of format) {
    const file = isFolder ? join(out, formatOf(each).file) : out;
    writeOrRefuse(file, await showForFile(report, each, locale));
    note(file);
  }
}
