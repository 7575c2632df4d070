import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Report } from "#model/report.ts";
import { resultsOf } from "#report/results.ts";
import { poison, poisons } from "./hostile.ts";
import { hidden, stringsIn, textOf } from "./rendered.ts";
import { blocked, passed, undecided } from "./samples.ts";
import { waivedRule, withWaiver } from "./waived.ts";

interface Event {
  readonly class_uid: number;
  readonly type_uid: number;
  readonly status_id: number;
  readonly compliance: { readonly status_id: number; readonly control: string; readonly standards: readonly string[] };
  readonly finding_info: { readonly uid: string };
}

async function eventsOf(report: Report): Promise<readonly Event[]> {
  const text = await textOf(report, "ocsf");
  expect(text.endsWith("\n")).toBe(true);
  return text
    .trimEnd()
    .split("\n")
    .map((line): Event => JSON.parse(line));
}

describe.each([
  ["blocked", blocked],
  ["undecided", undecided],
  ["passed", passed],
])("%s", (_, report) => {
  test("is one event for each result, with the status that its outcome has", async () => {
    const events = await eventsOf(report);
    const status = { pass: 1, fail: 3, unknown: 2, notchecked: 2, error: 2, notapplicable: 99, informational: 99 };
    expect(events.map(({ compliance }) => compliance.status_id)).toEqual(
      resultsOf(report).map(({ outcome }) => status[outcome]),
    );
    for (const event of events) {
      expect(event).toMatchObject({ class_uid: 2003, type_uid: 200_301, activity_id: 1, category_uid: 2 });
      expect(event.compliance.standards.length).toBeGreaterThan(0);
      expect(event.finding_info.uid).toMatch(/^[0-9a-f]{32}$/);
    }
  });
});

test("what is waived is suppressed and still fails", async () => {
  const events = (await eventsOf(withWaiver())).filter(({ compliance }) => compliance.control === waivedRule);
  expect(events).toMatchObject([
    { status_id: 3, comment: expect.stringContaining("Hanako"), compliance: { status_id: 3 } },
  ]);
});

test("stays one JSON object a line, whatever a report holds", async () => {
  const text = fc.oneof(fc.constantFrom(...poisons), fc.string({ unit: "binary", maxLength: 60 }));
  await fc.assert(
    fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 20 }), async (texts) => {
      let index = 0;
      const report = poison(blocked, () => texts[index++ % texts.length] ?? "");
      const events = await eventsOf(report);
      expect(events).toHaveLength(resultsOf(report).length);
      expect(stringsIn(events).find((each) => hidden.test(each))).toBeUndefined();
    }),
    { numRuns: 10 },
  );
});
