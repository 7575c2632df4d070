import fc from "fast-check";
import { parse, type TestCase, type TestSuites } from "junit2json";
import { describe, expect, test } from "vitest";
import { validateXML } from "xmllint-wasm";
import type { Level, Outcome } from "#model/outcome.ts";
import type { Report } from "#model/report.ts";
import { junitMark } from "#report/junit.ts";
import { hostile, poison, poisons } from "./hostile.ts";
import { hasSchema, schemaText } from "./published.ts";
import { hidden, textOf } from "./rendered.ts";
import { blocked, passed, undecided } from "./samples.ts";
import { waivedRule, withWaiver } from "./waived.ts";

const schema = "junit-10.xsd";
const samples: readonly (readonly [string, Report])[] = [
  ["blocked", blocked],
  ["undecided", undecided],
  ["passed", passed],
  ["hostile", hostile],
];

/** A document as a reader of JUnit's format takes it in. */
async function read(report: Report): Promise<TestSuites> {
  const parsed = await parse(await textOf(report, "junit"));
  // The root element of every document is testsuites.
  return parsed as TestSuites;
}

function casesOf({ testsuite = [] }: TestSuites): readonly TestCase[] {
  return testsuite.flatMap(({ testcase = [] }) => testcase);
}

function green(cases: readonly TestCase[]): readonly TestCase[] {
  return cases.filter((each) => each.failure === undefined && each.error === undefined && each.skipped === undefined);
}

test.each<[Outcome, Level, boolean, string]>([
  ["pass", "must", false, "passed"],
  ["fail", "must", false, "failure"],
  ["fail", "should", false, "failure"],
  ["fail", "must", true, "skipped"],
  ["unknown", "must", false, "error"],
  ["notchecked", "must", false, "error"],
  ["unknown", "should", false, "skipped"],
  ["notchecked", "should", false, "skipped"],
  ["error", "should", false, "error"],
  ["notapplicable", "must", false, "skipped"],
  ["informational", "info", false, "skipped"],
])("%s of a %s, waived %s, is %s", (outcome, level, waived, mark) => {
  expect(junitMark(outcome, level, waived)).toBe(mark);
});

test("is what is expected", async () => {
  await expect(await textOf(blocked, "junit", "ja")).toMatchFileSnapshot("../goldens/report/blocked.ja.junit.xml");
});

describe.each(samples)("%s", (_, report) => {
  test("is read with as many green cases as there are rules that pass, and the counts are those of the cases", async () => {
    const document = await read(report);
    const cases = casesOf(document);
    const passing = report.findings.filter(({ outcome }) => outcome === "pass");
    if (report !== hostile) expect(green(cases)).toHaveLength(passing.length);
    expect(green(cases).length).toBeLessThanOrEqual(passing.length);
    expect(document.tests).toBe(cases.length);
    expect(document.failures).toBe(cases.filter((each) => each.failure !== undefined).length);
    expect(document.errors).toBe(cases.filter((each) => each.error !== undefined).length);
  });

  test.skipIf(!hasSchema(schema))(`is valid by ${schema}, where it lies beside the project`, async () => {
    const contents = await textOf(report, "junit");
    const result = await validateXML({ xml: { fileName: "report.xml", contents }, schema: schemaText(schema) });
    expect(result.errors).toEqual([]);
  });
});

test("a requirement that no rule decides is a case of its own, and green nowhere", async () => {
  const open = blocked.requirements.filter(({ rules, level }) => rules.length === 0 && level === "must");
  expect(open.length).toBeGreaterThan(3);
  const cases = casesOf(await read(blocked));
  for (const { id } of open) expect(cases.find(({ name }) => name?.startsWith(`${id} `))?.error).toHaveLength(1);
});

test("what is waived is skipped with who, why and until when, unless more may fail than was seen", async () => {
  const caseOf = async (report: Report) => casesOf(await read(report)).find(({ name }) => name?.includes(waivedRule));
  const waived = await caseOf(withWaiver());
  expect(waived).toMatchObject({ skipped: [{ message: expect.stringContaining("Fail, waived") }] });
  expect(JSON.stringify(waived)).toContain("Waived until 2027-03-31 by Hanako Sato (CISO): Moved in March.");
  expect(await caseOf(withWaiver({ whole: false }))).toMatchObject({
    failure: [{ message: expect.stringContaining("more may fail") }],
  });
});

test("stays well-formed, whatever a report holds", async () => {
  const own = [
    "]]>",
    "<![CDATA[",
    "&#0;",
    "&lol;",
    "<!ENTITY x SYSTEM 'file:///etc/passwd'>",
    "\ufffe\uffff",
    "a\u0000b",
  ];
  const text = fc.oneof(fc.constantFrom(...poisons, ...own), fc.string({ unit: "binary", maxLength: 60 }));
  await fc.assert(
    fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 20 }), async (texts) => {
      let index = 0;
      const xml = await textOf(
        poison(blocked, () => texts[index++ % texts.length] ?? ""),
        "junit",
      );
      const { errors } = await validateXML({ xml: { fileName: "report.xml", contents: xml }, normalization: "format" });
      expect(errors).toEqual([]);
      expect(xml).not.toMatch(hidden);
    }),
    { numRuns: 5 },
  );
});
