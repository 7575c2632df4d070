import fc from "fast-check";
import { expect, test } from "vitest";
import { addTallies, figureLines, figuresOf, tallyOf } from "../lab/matrix/figures.ts";
import { tallyOfTests } from "../lab/matrix/vitest.ts";
import { faultResult, healthy } from "./results.ts";

const openPort = { ...healthy, "open-port": "fail" } as const;

test("all declared changes and no others: both are whole", () => {
  const figures = figuresOf([faultResult({ "open-port": "fail" }, openPort), faultResult({}, healthy)]);
  expect(figures).toEqual({ declared: 1, hits: 1, happened: 1, notCompared: 0, recall: 1, precision: 1 });
  expect(figureLines(figures)).toEqual([
    "recall 100.0 %: 1 of 1 declared changes happened",
    "precision 100.0 %: 1 of 1 changes that happened were declared",
  ]);
});

test("a miss lowers recall, a false alarm precision, a wrong outcome both", () => {
  const hit = faultResult({ "open-port": "fail" }, openPort);
  const missed = faultResult({ "open-port": "fail" }, healthy);
  const alarm = faultResult({}, openPort);
  const other = faultResult({ "open-port": "unknown" }, openPort);
  expect(figuresOf([hit, missed])).toMatchObject({ recall: 0.5, precision: 1 });
  expect(figuresOf([hit, alarm])).toMatchObject({ recall: 1, precision: 0.5 });
  expect(figuresOf([hit, other])).toMatchObject({ recall: 0.5, precision: 0.5 });
});

test("a fault that could not be compared found nothing of what it declares", () => {
  const { comparison: _none, ...broken } = faultResult({ "open-port": "fail" }, openPort, { verdict: "failed" });
  expect(figuresOf([broken])).toMatchObject({ declared: 1, hits: 0, notCompared: 1, recall: 0, precision: undefined });
});

test("pending and stopped faults are not in the figures; without any the figures are undefined", () => {
  const left = ["pending", "stopped"] as const;
  const results = left.map((verdict) => faultResult({ "open-port": "fail" }, healthy, { verdict }));
  const figures = figuresOf(results);
  expect(figures).toMatchObject({ declared: 0, recall: undefined, precision: undefined });
  expect(figureLines(figures)[0]).toBe("recall –: 0 of 0 declared changes happened");
});

test("what is nearly whole is not shown as whole", () => {
  const results = [
    ...Array.from({ length: 2999 }, () => faultResult({ "open-port": "fail" }, openPort)),
    faultResult({ "open-port": "fail" }, healthy),
  ];
  expect(figureLines(figuresOf(results))[0]).toContain("recall 99.9 %");
});

test("both figures lie between nothing and all", () => {
  const outcomes = fc.record({ "open-port": fc.constantFrom("pass", "fail", "unknown") });
  const result = fc
    .tuple(outcomes, outcomes)
    .map(([declared, after]) => faultResult(declared, { ...healthy, ...after }));
  fc.assert(
    fc.property(fc.array(result), (results) => {
      const { recall = 0, precision = 0, hits, declared, happened } = figuresOf(results);
      for (const part of [recall, precision]) expect(part >= 0 && part <= 1).toBe(true);
      expect(hits <= Math.min(declared, happened)).toBe(true);
    }),
  );
});

test("what was stopped has not passed, what is pending is neither", () => {
  const verdicts = ["passed", "passed", "failed", "stopped", "pending"] as const;
  expect(tallyOf(verdicts.map((verdict) => ({ verdict })))).toEqual({ passed: 2, failed: 2 });
  expect(
    addTallies([
      { passed: 1, failed: 2 },
      { passed: 3, failed: 0 },
    ]),
  ).toEqual({ passed: 4, failed: 2 });
});

test("a run of tests that ended badly has failed, whatever it left", () => {
  const suite = { status: "failed", assertionResults: [] };
  expect(tallyOfTests({ numPassedTests: 7, numFailedTests: 0, testResults: [] }, 0)).toEqual({ passed: 7, failed: 0 });
  expect(tallyOfTests({ numPassedTests: 7, numFailedTests: 2, testResults: [suite] }, 1)).toEqual({
    passed: 7,
    failed: 3,
  });
  expect(tallyOfTests({ numPassedTests: 7, numFailedTests: 0, testResults: [] }, 1)).toEqual({ passed: 7, failed: 1 });
  expect(tallyOfTests(undefined, null)).toEqual({ passed: 0, failed: 1 });
});
