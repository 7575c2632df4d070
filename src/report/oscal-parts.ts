import type { Report } from "#model/report.ts";
import type { Locale } from "#model/text.ts";
import { oneLine } from "./one-line.ts";
import { ids, property } from "./oscal-words.ts";
import { type Result, waiverNote } from "./results.ts";
import { sayIn } from "./say.ts";
import { outcomeNames } from "./terms.ts";

/** How something was observed, in OSCAL's words (NIST SP 800-53A): tried out, read on the host, or asked of a person. */
type Method = "TEST" | "EXAMINE" | "INTERVIEW";

/** An observation for each rule, and for each requirement that has none. */
export function observationsOf(results: readonly Result[], report: Report, locale: Locale) {
  const byId = Map.groupBy(results, (each) => ids(report).observation(each));
  return [...byId].map(([uuid, of]) => observationOf(uuid, of, { report, locale }));
}

function observationOf(
  uuid: string,
  results: readonly Result[],
  { report, locale }: { readonly report: Report; readonly locale: Locale },
) {
  const [first] = results;
  if (first === undefined) throw new Error("an observation needs a result");
  const { title, outcome, level, rule, requirement, finding } = first;
  const lines = results.slice(0, 50).map(({ message }) => oneLine(message[locale], 1000));
  const evidence = (finding?.evidence ?? []).map(({ attempt, path, shown }) => ({
    description: oneLine(`${attempt} ${path} = ${shown}`),
  }));
  return {
    uuid,
    title: oneLine(title[locale]) || "-",
    description: oneLine(`${outcomeNames[outcome][locale]}: ${lines.join(" / ")}`, 8000),
    props: [
      property("rule", rule),
      property("requirement", requirement),
      property("level", level),
      property("outcome", outcome),
    ],
    methods: methodsOf(first, report),
    types: ["control-objective"],
    subjects: [{ "subject-uuid": ids(report).target, type: "component" }],
    ...(evidence.length > 0 ? { "relevant-evidence": evidence } : {}),
    collected: report.collection.finishedAt,
  };
}

/** What a rule read, by where the attempts stood. A rule that read nothing was looked for by none of them. */
function methodsOf({ finding }: Result, { vantages, attempts }: Report): string[] {
  const roles = new Map(vantages.map(({ id, role }) => [id, role]));
  const used = new Set((finding?.evidence ?? []).map(({ attempt }) => attempt));
  const methods = attempts
    .filter(({ id }) => used.has(id))
    .map(({ vantage }): Method => {
      const role = roles.get(vantage);
      if (role === "attested") return "INTERVIEW";
      return role === "inside" || role === "container" ? "EXAMINE" : "TEST";
    });
  return methods.length > 0 ? [...new Set(methods)].toSorted() : ["UNKNOWN"];
}

/** A risk for each thing that fails; one that a waiver accepts is a deviation that was approved. */
export function risksOf(results: readonly Result[], report: Report, locale: Locale) {
  const failing = results.filter(({ outcome }) => outcome === "fail");
  const once = new Map(failing.map((each) => [ids(report).risk(each), each]));
  return [...once].map(([uuid, result]) => riskOf(uuid, result, { report, locale }));
}

function riskOf(
  uuid: string,
  result: Result,
  { report, locale }: { readonly report: Report; readonly locale: Locale },
) {
  const { title, message, subject, finding, severity, waived, waivers, level } = result;
  const [until] = waivers.map((waiver) => waiver.until).toSorted();
  const fix = finding === null ? "" : oneLine([finding.fix[locale], ...finding.fix.commands].join("\n"));
  return {
    uuid,
    title: oneLine(title[locale]) || "-",
    description: oneLine(`${subject}: ${message[locale]}`),
    statement:
      oneLine([finding?.why[locale] ?? "", ...waivers.map((each) => waiverNote(each)[locale])].join(" ")) || "-",
    props: [property("severity", severity ?? "info"), property("level", level), property("subject", subject)],
    status: waived ? "deviation-approved" : "open",
    ...(until === undefined ? {} : { deadline: `${until}T23:59:59+09:00` }),
    ...(fix === "" ? {} : { remediations: [remediation(result, { report, locale, fix })] }),
    "related-observations": [{ "observation-uuid": ids(report).observation(result) }],
  };
}

function remediation(
  result: Result,
  { report, locale, fix }: { readonly report: Report; readonly locale: Locale; readonly fix: string },
) {
  return {
    uuid: ids(report).remediation(result),
    lifecycle: "recommendation",
    title: sayIn(locale, "fix"),
    description: fix,
  };
}
