import type { Report, RequirementResult } from "#model/report.ts";
import type { Locale } from "#model/text.ts";
import { printableJson } from "./json.ts";
import { oneLine } from "./one-line.ts";
import { observationsOf, risksOf } from "./oscal-parts.ts";
import { ids, property, token } from "./oscal-words.ts";
import { type Result, resultsOf } from "./results.ts";
import { sayIn } from "./say.ts";
import { outcomeNames, reasonOf } from "./terms.ts";

/** Version of OSCAL's model that documents are written for. */
const oscalVersion = "1.1.3";

/**
 * A report as OSCAL assessment results (NIST, JSON). A requirement that passes or fails is a finding, satisfied or not; one that is not
 * known has no finding, only observations, so that no reader can count it as satisfied. All UUIDs come from the report's own names.
 */
export function renderOscal(report: Report, locale: Locale): string {
  const results = resultsOf(report);
  const risks = risksOf(results, report, locale);
  const findings = report.requirements.flatMap((requirement) => findingOf(requirement, { report, results, locale }));
  const document = {
    "assessment-results": {
      uuid: ids(report).document,
      metadata: metadata(report),
      "import-ap": { href: `#${ids(report).plan}` },
      results: [
        {
          uuid: ids(report).result,
          title: oneLine(`sekisho ${report.target.id}`),
          description: oneLine(reasonOf(report.verdict)[locale]) || report.verdict.status,
          start: report.collection.startedAt,
          end: report.collection.finishedAt,
          props: resultProperties(report),
          "local-definitions": { components: [component(report)] },
          "reviewed-controls": reviewed(report),
          observations: observationsOf(results, report, locale),
          ...(risks.length > 0 ? { risks } : {}),
          ...(findings.length > 0 ? { findings } : {}),
          remarks: sayIn(locale, "advisory"),
        },
      ],
      "back-matter": { resources: [plan(report)] },
    },
  };
  return printableJson(document);
}

function metadata({ evaluatedAt, tool, id }: Report) {
  return {
    title: "sekisho assessment results",
    "last-modified": evaluatedAt,
    version: oneLine(id) || "-",
    "oscal-version": oscalVersion,
    props: [property("tool", `${tool.name} ${tool.version}`)],
  };
}

function resultProperties({ verdict, summary, profile, rulesDigest, policyDigest, collection, id }: Report) {
  return [
    property("report", id),
    property("verdict", verdict.status),
    property("coverage", `${summary.coverage.decided}/${summary.coverage.inScope}`),
    property("profile", profile.id),
    property("rules-digest", rulesDigest),
    property("policy-digest", policyDigest),
    property("evidence-digest", collection.bundleDigest),
  ];
}

function component(report: Report) {
  const { target } = report;
  return {
    uuid: ids(report).target,
    type: "system",
    title: oneLine(target.id) || "-",
    description: oneLine([target.id, ...target.names, ...target.addresses].join(" ")) || "-",
    status: { state: "operational" },
  };
}

function reviewed({ requirements }: Report) {
  const controls = requirements.map(({ id }) => ({ "control-id": token(id) }));
  return {
    "control-selections": [controls.length > 0 ? { "include-controls": controls } : { "include-all": {} }],
  };
}

/** What stands for the assessment plan, which OSCAL asks for: the authorisation, or that the machine examined itself. */
function plan(report: Report) {
  const { authorisation } = report;
  const text = authorisation === null ? "self" : `${authorisation.by}; ${authorisation.reference}`;
  return { uuid: ids(report).plan, title: "Authorisation of the assessment", description: oneLine(text) || "-" };
}

interface Around {
  readonly report: Report;
  readonly results: readonly Result[];
  readonly locale: Locale;
}

function findingOf(requirement: RequirementResult, { report, results, locale }: Around) {
  const { id, title, outcome, waived, note } = requirement;
  if (outcome !== "pass" && outcome !== "fail") return [];
  const own = results.filter((each) => each.requirement === id);
  const observations = [...new Set(own.map((each) => ids(report).observation(each)))];
  const risks = own.filter((each) => each.outcome === "fail").map((each) => ids(report).risk(each));
  const name = waived ? sayIn(locale, "waivedFail") : outcomeNames[outcome][locale];
  return [
    {
      uuid: ids(report).finding(id),
      title: oneLine(title[locale]) || "-",
      description: oneLine(`${name}. ${note?.[locale] ?? ""}`),
      props: [property("level", requirement.level), property("outcome", outcome)],
      target: {
        type: "objective-id",
        "target-id": token(id),
        status: { state: outcome === "pass" ? "satisfied" : "not-satisfied", reason: outcome },
      },
      ...(observations.length > 0
        ? { "related-observations": observations.map((uuid) => ({ "observation-uuid": uuid })) }
        : {}),
      ...(risks.length > 0 ? { "related-risks": [...new Set(risks)].map((uuid) => ({ "risk-uuid": uuid })) } : {}),
    },
  ];
}
