import { stringify } from "csv-stringify/sync";
import type { Report } from "#model/report.ts";
import type { Locale } from "#model/text.ts";
import { resultTable } from "./table.ts";

/**
 * The entries of a report as CSV (RFC 4180): one header line, CRLF, UTF-8 with a byte order mark, without which Excel takes Japanese for
 * another encoding. A cell that a spreadsheet would take for a formula begins with an apostrophe.
 */
export function renderCsv(report: Report, locale: Locale): string {
  const { head, rows } = resultTable(report, locale);
  return stringify(
    [head, ...rows].map((row) => [...row]),
    {
      bom: true,
      escape_formulas: true,
      quoted_string: true,
      record_delimiter: "windows",
    },
  );
}
