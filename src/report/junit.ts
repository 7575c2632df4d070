import type { Level, Outcome } from "#model/outcome.ts";
import type { Report } from "#model/report.ts";
import type { Locale } from "#model/text.ts";
import { oneLine } from "./one-line.ts";
import { type Result, resultsOf, waiverNote } from "./results.ts";
import { sayIn } from "./say.ts";
import { sectionName } from "./table.ts";
import { outcomeNames, standardNames } from "./terms.ts";
import { namesSubject } from "./view-findings.ts";
import { type Element, element, xmlDocument } from "./xml.ts";

/** What stands in a test case; a test case without one of them counts as passed wherever JUnit's format is read. */
export type JunitMark = "failure" | "error" | "skipped" | "passed";

/**
 * How an outcome is said in JUnit's words. What a must needs and is not known is an error: a run in which it was not looked at must not
 * come out green. What a should needs is skipped. Information is no test that passed.
 */
export function junitMark(outcome: Outcome, level: Level, waived: boolean): JunitMark {
  switch (outcome) {
    case "pass":
      return "passed";
    case "fail":
      return waived ? "skipped" : "failure";
    case "error":
      return "error";
    case "unknown":
    case "notchecked":
      return level === "must" ? "error" : "skipped";
    case "notapplicable":
    case "informational":
      return "skipped";
  }
}

interface Case {
  readonly mark: JunitMark;
  readonly section: string;
  readonly node: Element;
}

/** A report as JUnit XML: a suite for each section of the guide, a test case for each rule. */
export function renderJunit(report: Report, locale: Locale): string {
  const byRule = Map.groupBy(resultsOf(report), ({ rule, requirement }) => `${requirement}\n${rule}`);
  const cases = [...byRule.values()].map((results) => testCase(results, report, locale));
  const suites = [...Map.groupBy(cases, ({ section }) => section)];
  return xmlDocument(
    element(
      "testsuites",
      { name: `sekisho ${oneLine(report.target.id)}`, ...totals(cases) },
      ...suites.map(([section, of], index) => suite({ section, of, index }, report, locale)),
    ),
  );
}

function suite(
  { section, of, index }: { readonly section: string; readonly of: readonly Case[]; readonly index: number },
  report: Report,
  locale: Locale,
): Element {
  const skipped = of.filter(({ mark }) => mark === "skipped").length;
  const attributes = {
    name: oneLine(sectionName(section, report.sections, locale)),
    ...totals(of),
    skipped,
    time: "0",
    timestamp: report.collection.startedAt,
    hostname: oneLine(report.target.id),
    id: index,
  };
  return element("testsuite", attributes, properties(report), ...of.map(({ node }) => node));
}

function totals(cases: readonly Case[]) {
  const count = (wanted: JunitMark) => cases.filter(({ mark }) => mark === wanted).length;
  return { tests: cases.length, failures: count("failure"), errors: count("error") };
}

function properties({ id, verdict, profile, rulesDigest, collection, summary, tool }: Report): Element {
  const facts = {
    tool: `${tool.name} ${tool.version}`,
    report: id,
    verdict: verdict.status,
    coverage: `${summary.coverage.decided}/${summary.coverage.inScope}`,
    profile: profile.id,
    rules: rulesDigest,
    evidence: collection.bundleDigest,
  };
  const list = Object.entries(facts).map(([name, value]) => element("property", { name, value: oneLine(value) }));
  return element("properties", {}, ...list);
}

/** Marks from the one that outweighs the others. */
const byWeight: readonly JunitMark[] = ["failure", "error", "skipped", "passed"];

function testCase(results: readonly Result[], report: Report, locale: Locale): Case {
  const [first] = results;
  if (first === undefined) throw new Error("a test case needs a result");
  const marks = results.map(({ outcome, level, waived }) => junitMark(outcome, level, waived));
  const mark = byWeight.find((each) => marks.includes(each)) ?? "error";
  const attributes = {
    name: oneLine(`${first.requirement} ${first.title[locale]} (${first.rule})`, 300),
    classname: oneLine(`${report.target.id}.${first.section}.${first.rule}`, 300),
    time: "0",
  };
  const section = first.section;
  if (mark === "passed") return { mark, section, node: element("testcase", attributes) };
  const counted = results.filter((_, index) => marks[index] === mark);
  const message = oneLine(counted.map((each) => lineOf(each, report, locale)).join(" / "), 500);
  const type = `${first.level}.${first.outcome}`;
  const body = details(results, report, locale);
  return { mark, section, node: element("testcase", attributes, element(mark, { type, message }, body)) };
}

function lineOf(result: Result, report: Report, locale: Locale): string {
  const about = namesSubject(result.message, result.subject, report) ? "" : `${result.subject}: `;
  const name = result.waived ? sayIn(locale, "waivedFail") : outcomeNames[result.outcome][locale];
  return `${name}: ${about}${result.message[locale]}`;
}

function details(results: readonly Result[], report: Report, locale: Locale): string {
  const listed = results.slice(0, 100).map((result) => {
    const waivers = result.waivers.map((waiver) => `  ${oneLine(waiverNote(waiver)[locale])}`);
    return [oneLine(lineOf(result, report, locale)), ...waivers].join("\n");
  });
  const more =
    results.length > listed.length ? [sayIn(locale, "andMore", { count: results.length - listed.length })] : [];
  const finding = results[0]?.finding;
  if (finding === undefined || finding === null) return [...listed, ...more].join("\n");
  const fix = finding.outcome === "fail" ? [`${sayIn(locale, "fix")}: ${oneLine(finding.fix[locale])}`] : [];
  const commands = finding.outcome === "fail" ? finding.fix.commands.map((line) => `  ${oneLine(line)}`) : [];
  const references = Object.entries(finding.references)
    .map(([key, ids]) => oneLine(`${standardNames.get(key) ?? key}: ${ids.join(", ")}`))
    .toSorted();
  const expected = `${sayIn(locale, "expected")}: ${oneLine(finding.expected[locale])}`;
  return [...listed, ...more, expected, ...fix, ...commands, ...references].join("\n");
}
