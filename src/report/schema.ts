import { Report, reportSchema } from "#model/report.ts";

/** JSON Schema (2020-12) of report.json. */
export function reportJsonSchema(): object {
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $id: `urn:sekisho:${reportSchema.replace("sekisho.", "").replace("/", ":")}`,
    description:
      "A report of sekisho: outcome of every rule and requirement on one target, with the evidence they rest on.",
    ...JSON.parse(JSON.stringify(Report)),
    title: "sekisho report",
  };
}
