import Ajv from "ajv-draft-04";
import formats from "ajv-formats";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Report } from "#model/report.ts";
import { resultsOf } from "#report/results.ts";
import { hostile, poison, poisons } from "./hostile.ts";
import { hasSchema, schemaText } from "./published.ts";
import { hidden, stringsIn, textOf } from "./rendered.ts";
import { blocked, passed, undecided } from "./samples.ts";
import { waivedRule, withWaiver } from "./waived.ts";

const schema = "sarif-2.1.0.json";

interface SarifResult {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly kind: string;
  readonly level: string;
  readonly message: { readonly text: string };
  readonly locations: readonly { readonly physicalLocation: { readonly artifactLocation: { readonly uri: string } } }[];
  readonly partialFingerprints: Readonly<Record<string, string>>;
  readonly suppressions?: readonly { readonly kind: string; readonly status: string; readonly justification: string }[];
}

interface SarifRun {
  readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string; readonly help: object }[] } };
  readonly automationDetails: { readonly id: string };
  readonly invocations: readonly { readonly executionSuccessful: boolean }[];
  readonly results: readonly SarifResult[];
  readonly properties: { readonly rulesByOutcome: Readonly<Record<string, readonly string[]>> };
}

async function runOf(report: Report): Promise<SarifRun> {
  const log = JSON.parse(await textOf(report, "sarif"));
  expect(log).toMatchObject({ version: "2.1.0", runs: [{}] });
  return log.runs[0];
}

const samples = [
  ["blocked", blocked],
  ["undecided", undecided],
  ["passed", passed],
  ["waived", withWaiver()],
  ["hostile", hostile],
] as const;

test("is what is expected", async () => {
  await expect(await textOf(blocked, "sarif")).toMatchFileSnapshot("../goldens/report/blocked.en.sarif");
});

/** What of a report is to be a result of its own. */
function told(report: Report) {
  return resultsOf(report).filter(({ outcome }) => ["fail", "unknown", "notchecked", "error"].includes(outcome));
}

describe.each(samples)("%s", (_, report) => {
  test("tells every failure with its level, and what is not known as open or for review", async () => {
    const { results } = await runOf(report);
    const expected = told(report);
    expect(results).toHaveLength(expected.length);
    for (const [index, { outcome, level }] of expected.entries()) {
      const { kind, level: told } = results[index] ?? {};
      if (outcome === "fail") expect([kind, told]).toEqual(["fail", level === "must" ? "error" : "warning"]);
      else expect([kind, told]).toEqual([outcome === "notchecked" ? "review" : "open", "none"]);
    }
  });

  test("has what GitHub asks for: a place in a file, a fingerprint, a rule that is described", async () => {
    const { results, tool, automationDetails } = await runOf(report);
    expect(automationDetails.id).toMatch(/^sekisho\/.+\/$/);
    for (const { locations, partialFingerprints, ruleId, ruleIndex, message } of results) {
      expect(locations[0]?.physicalLocation.artifactLocation.uri).toBe("sekisho.yaml");
      expect(partialFingerprints["primaryLocationLineHash"]).toMatch(/./);
      expect(tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
      expect(message.text).toMatch(/./);
    }
  });

  test.skipIf(!hasSchema(schema))(`is valid by ${schema}, where it lies beside the project`, async () => {
    const ajv = new Ajv.default({ strict: false, allErrors: true });
    formats.default(ajv);
    const check = ajv.compile(JSON.parse(schemaText(schema)));
    check(JSON.parse(await textOf(report, "sarif")));
    expect(check.errors).toBeNull();
  });
});

test("what passes is no result, which GitHub would make an alert of, and is listed by rule", async () => {
  const { results, properties } = await runOf(passed);
  const passing = passed.findings.filter(({ outcome }) => outcome === "pass").map(({ rule }) => rule);
  expect(properties.rulesByOutcome["pass"]).toEqual(passing);
  expect(results.filter(({ ruleId }) => passing.includes(ruleId))).toEqual([]);
});

test("the same thing has the same fingerprint in both languages, and no two things share one", async () => {
  const prints = ({ results }: SarifRun) => results.map((each) => each.partialFingerprints["primaryLocationLineHash"]);
  const english = prints(await runOf(blocked));
  const japanese = prints(JSON.parse(await textOf(blocked, "sarif", "ja")).runs[0]);
  expect(japanese).toEqual(english);
  expect(new Set(english).size).toBe(english.length);
});

test("what is waived is suppressed with its reason; where more may fail, that is told beside it and is not", async () => {
  const of = async (report: Report) => (await runOf(report)).results.filter(({ ruleId }) => ruleId === waivedRule);
  const justification = "Waived until 2027-03-31 by Hanako Sato (CISO): Moved in March.";
  const suppressions = [{ kind: "external", status: "accepted", justification }];
  expect(await of(withWaiver())).toMatchObject([{ kind: "fail", suppressions }]);
  const beside = await of(withWaiver({ whole: false }));
  expect(beside).toMatchObject([{ suppressions }, { kind: "fail", level: "error" }]);
  expect(beside[1]?.suppressions).toBeUndefined();
});

test("a check that failed makes the run one that was not successful", async () => {
  expect((await runOf(undecided)).invocations).toMatchObject([{ executionSuccessful: false }]);
  expect((await runOf(passed)).invocations).toMatchObject([{ executionSuccessful: true }]);
});

test("stays JSON without a string that hides or steers, whatever a report holds", async () => {
  const text = fc.oneof(fc.constantFrom(...poisons), fc.string({ unit: "binary", maxLength: 60 }));
  await fc.assert(
    fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 20 }), async (texts) => {
      let index = 0;
      const report = poison(blocked, () => texts[index++ % texts.length] ?? "");
      const run = await runOf(report);
      expect(stringsIn(run).find((each) => hidden.test(each))).toBeUndefined();
      expect(run.results).toHaveLength(told(report).length);
    }),
    { numRuns: 10 },
  );
});
