import { readReport } from "#audit/bundle-file.ts";
import { writeOrRefuse } from "#audit/output.ts";
import { findBrowser, printPdf } from "#audit/pdf.ts";
import { pickLocale } from "#cli/locale.ts";
import { showForFile } from "#cli/show.ts";
import { note } from "#cli/terminal.ts";
import { exitCodes } from "#model/exit-codes.ts";

/** Flags of pdf, as commander hands them over. */
export interface PdfFlags {
  readonly out?: string;
  readonly browser?: string;
  readonly lang?: string;
}

/** Prints a report.json to PDF by a browser that is installed here. Gives the exit code. */
export async function printReport(file: string, flags: PdfFlags): Promise<number> {
  const report = readReport(file);
  const browser = findBrowser(flags.browser, process.env);
  const page = await showForFile(report, "html", pickLocale(flags.lang, process.env));
  const out = flags.out ?? file.replace(/(?:\.json)?$/, ".pdf");
  writeOrRefuse(out, await printPdf(typeof page === "string" ? page : Buffer.from(page).toString("utf8"), browser));
  note(out);
  return exitCodes.passed;
}
