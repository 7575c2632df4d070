import { readReport } from "#audit/bundle-file.ts";
import { writeOrRefuse } from "#audit/output.ts";
import { pickLocale } from "#cli/locale.ts";
import { type Format, show } from "#cli/show.ts";
import { note, print } from "#cli/terminal.ts";
import { exitCodes } from "#model/exit-codes.ts";

/** Renders a report.json to stdout or a file. Gives the exit code. */
export function renderFile(
  file: string,
  flags: { readonly format: Format; readonly out?: string; readonly lang?: string },
): number {
  const text = show(readReport(file), flags.format, pickLocale(flags.lang, process.env));
  if (flags.out === undefined) {
    print(text);
  } else {
    writeOrRefuse(flags.out, text);
    note(flags.out);
  }
  return exitCodes.passed;
}
