import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type HtmlTemplates, prepareTemplates, templateFiles } from "#report/html.ts";

/** Reads the templates of the HTML report from a folder of the product. */
export function readTemplates(folder: string): HtmlTemplates {
  return prepareTemplates(new Map(templateFiles.map((name) => [name, readFileSync(join(folder, name), "utf8")])));
}
