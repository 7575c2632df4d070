import type { Outcome, Severity } from "#model/outcome.ts";
import type { Report } from "#model/report.ts";
import type { Locale } from "#model/text.ts";
import { oneLine } from "./one-line.ts";
import { type Result, resultsOf, waiverNote } from "./results.ts";
import { outcomeNames, standardNames } from "./terms.ts";

/** Version of the schema that events are written for. */
const ocsfVersion = "1.3.0";

/** compliance.status_id and its caption. Warning is what OCSF says where a check had too little to go by. */
export const ocsfStatus: Record<Outcome, { readonly id: number; readonly caption: string }> = {
  pass: { id: 1, caption: "Pass" },
  fail: { id: 3, caption: "Fail" },
  unknown: { id: 2, caption: "Warning" },
  notchecked: { id: 2, caption: "Warning" },
  error: { id: 2, caption: "Warning" },
  notapplicable: { id: 99, caption: "Not applicable" },
  informational: { id: 99, caption: "Informational" },
};

const severities: Record<Severity, { readonly id: number; readonly caption: string }> = {
  info: { id: 1, caption: "Informational" },
  low: { id: 2, caption: "Low" },
  medium: { id: 3, caption: "Medium" },
  high: { id: 4, caption: "High" },
  critical: { id: 5, caption: "Critical" },
};

/** The entries of a report as OCSF events of the class Compliance Finding (2003), one JSON object a line. */
export function renderOcsf(report: Report, locale: Locale): string {
  return resultsOf(report)
    .map((result) => `${JSON.stringify(eventOf(result, report, locale))}\n`)
    .join("");
}

function eventOf(result: Result, report: Report, locale: Locale) {
  const { outcome, waived, title, message, finding, fingerprint, requirement, rule, subject, waivers } = result;
  const { id: status_id, caption: status } = ocsfStatus[outcome];
  const severity = result.severity === null ? { id: 0, caption: "Unknown" } : severities[result.severity];
  const time = Date.parse(report.evaluatedAt);
  return {
    activity_id: 1,
    activity_name: "Create",
    category_uid: 2,
    category_name: "Findings",
    class_uid: 2003,
    class_name: "Compliance Finding",
    type_uid: 200301,
    type_name: "Compliance Finding: Create",
    time,
    start_time: Date.parse(report.collection.startedAt),
    end_time: Date.parse(report.collection.finishedAt),
    severity_id: severity.id,
    severity: severity.caption,
    status_id: waived ? 3 : 1,
    status: waived ? "Suppressed" : "New",
    message: oneLine(`${outcomeNames[outcome][locale]}: ${message[locale]}`),
    ...(waivers.length > 0 ? { comment: waivers.map((each) => oneLine(waiverNote(each)[locale])).join(" / ") } : {}),
    metadata: {
      version: ocsfVersion,
      uid: oneLine(`${report.id}/${fingerprint}`),
      product: { name: "sekisho", vendor_name: "sekisho", version: oneLine(report.tool.version) },
    },
    finding_info: {
      uid: oneLine(fingerprint),
      title: oneLine(title[locale]),
      desc: oneLine(finding?.why[locale] ?? title[locale]),
      created_time: time,
      types: [oneLine(requirement)],
      data_sources: [...new Set((finding?.evidence ?? []).map(({ attempt }) => oneLine(attempt)))],
    },
    compliance: {
      standards: [oneLine(`sekisho/${report.profile.id}`)],
      requirements: [oneLine(requirement)],
      control: oneLine(rule),
      status_id,
      status,
      status_code: outcome,
      status_detail: oneLine(message[locale]),
    },
    resources: [{ uid: oneLine(subject), name: oneLine(report.target.id), type: "server" }],
    ...remediation(result, locale),
    unmapped: {
      level: result.level,
      report: oneLine(report.id),
      verdict: report.verdict.status,
      references: Object.entries(finding?.references ?? {})
        .map(([key, ids]) => oneLine(`${standardNames.get(key) ?? key}: ${ids.join(", ")}`))
        .toSorted(),
    },
  };
}

function remediation({ finding, outcome }: Result, locale: Locale) {
  if (finding === null || outcome !== "fail") return {};
  return { remediation: { desc: oneLine([finding.fix[locale], ...finding.fix.commands].join("\n")) } };
}
