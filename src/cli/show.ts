import { readTemplates } from "#audit/templates.ts";
import type { Report } from "#model/report.ts";
import type { Locale } from "#model/text.ts";
import { renderHtml } from "#report/html.ts";
import { renderJson } from "#report/json.ts";
import { renderSummary } from "#report/summary.ts";
import { product } from "./product.ts";
import { columnsOf, wantsColor } from "./terminal.ts";

/** Formats a report can be printed in. */
export type Format = "text" | "json" | "html";

/** A report in one format, for stdout or a file. */
export function show(report: Report, format: Format, locale: Locale): string {
  switch (format) {
    case "json":
      return renderJson(report);
    case "html":
      return renderHtml(report, { locale, templates: readTemplates(product.templates) });
    case "text":
      return renderSummary(report, {
        locale,
        columns: columnsOf(process.stdout),
        color: wantsColor(process.stdout, process.env),
      });
  }
}
