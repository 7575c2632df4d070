import { readFileSync } from "node:fs";
import { prepareTemplates, templateFiles } from "#report/html.ts";

const folder = new URL("../../reports/", import.meta.url);

/** The project's own templates. */
export const templates = prepareTemplates(
  new Map(templateFiles.map((name) => [name, readFileSync(new URL(name, folder), "utf8")])),
);
