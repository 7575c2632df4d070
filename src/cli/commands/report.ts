import { readReport } from "#audit/bundle-file.ts";
import { writeOrRefuse } from "#audit/output.ts";
import { pickLocale } from "#cli/locale.ts";
import { show, showForFile } from "#cli/show.ts";
import { note, print } from "#cli/terminal.ts";
import { exitCodes } from "#model/exit-codes.ts";
import { InputError } from "#model/input-error.ts";
import type { FormatId } from "#report/registry.ts";

/** Renders a report.json to stdout or a file. Gives the exit code. */
export async function renderFile(
  file: string,
  flags: { readonly format: FormatId; readonly out?: string; readonly lang?: string },
): Promise<number> {
  const report = readReport(file);
  const locale = pickLocale(flags.lang, process.env);
  if (flags.out === undefined) {
    printUnlessBytes(await show(report, flags.format, locale));
  } else {
    writeOrRefuse(flags.out, await showForFile(report, flags.format, locale));
    note(flags.out);
  }
  return exitCodes.passed;
}

function printUnlessBytes(content: string | Uint8Array): void {
  if (typeof content !== "string" && process.stdout.isTTY) {
    throw new InputError("This format is not text, and a terminal cannot show it.", {
      hint: "Write it to a file with --out.",
    });
  }
  print(content);
}
