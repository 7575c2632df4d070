import type { Report } from "#model/report.ts";
import type { Locale } from "#model/text.ts";
import { type FormatId, formatOf } from "#report/registry.ts";
import { templates } from "./templates.ts";

/** What would steer a terminal, hide or turn around in text; tab and line feed are no part of it. */
export const hidden =
  /[^\P{Cc}\t\n\r]|[\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}\u202a-\u202e\u2066-\u2069\u200b-\u200f\u{e0000}-\u{e007f}]/u;

/** A report in a format, as bytes. */
export async function bytesOf(report: Report, format: FormatId, locale: Locale = "en"): Promise<Buffer> {
  const options = { locale, columns: 100, color: false, templates: () => templates };
  return Buffer.from(await formatOf(format).render(report, options));
}

/** A report in a format that is text. */
export async function textOf(report: Report, format: FormatId, locale: Locale = "en"): Promise<string> {
  return (await bytesOf(report, format, locale)).toString("utf8");
}

/** Every string within a value of JSON, keys included. */
export function stringsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.flatMap(stringsIn);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => [key, ...stringsIn(item)]);
}
