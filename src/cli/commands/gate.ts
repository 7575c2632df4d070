import { readReport } from "#audit/bundle-file.ts";
import { pickLocale } from "#cli/locale.ts";
import { print } from "#cli/terminal.ts";
import { exitCodeOf, type FailOn, worstExitCode } from "#cli/verdict.ts";

/** Prints each report's verdict in a line. Gives the exit code of the worst. */
export function gateFiles(
  files: readonly string[],
  flags: { readonly failOn: FailOn; readonly lang?: string },
): number {
  const locale = pickLocale(flags.lang, process.env);
  const codes = files.map((file) => {
    const report = readReport(file);
    const code = exitCodeOf(report, flags.failOn);
    print(`${report.target.id}: ${report.verdict.status} (exit ${code}) ${report.verdict.reason[locale]}`);
    return code;
  });
  return worstExitCode(codes);
}
