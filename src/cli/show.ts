import { readTemplates } from "#audit/templates.ts";
import type { Report } from "#model/report.ts";
import type { Locale } from "#model/text.ts";
import { type FormatId, formatOf } from "#report/registry.ts";
import { product } from "./product.ts";
import { columnsOf, wantsColor } from "./terminal.ts";

/** A report in one format, for stdout or a file. */
export function show(report: Report, format: FormatId, locale: Locale): Promise<string | Uint8Array> {
  return formatOf(format).render(report, {
    locale,
    templates: () => readTemplates(product.templates),
    columns: columnsOf(process.stdout),
    color: wantsColor(process.stdout, process.env),
  });
}

/** A report as text without colours, for a file. */
export function showForFile(report: Report, format: FormatId, locale: Locale): Promise<string | Uint8Array> {
  return formatOf(format).render(report, {
    locale,
    templates: () => readTemplates(product.templates),
    columns: 100,
    color: false,
  });
}
