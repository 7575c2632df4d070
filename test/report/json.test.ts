import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Report } from "#model/report.ts";
import { renderJson } from "#report/json.ts";
import { reportJsonSchema } from "#report/schema.ts";
import { hostile, poison } from "./hostile.ts";
import { blocked, passed, undecided } from "./samples.ts";

const samples: Record<string, Report> = { blocked, undecided, passed, hostile };

/** The same value with the keys of every object turned round. */
function turned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(turned);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, item]) => [key, turned(item)]),
  );
}

describe("report.json", () => {
  it("of a report is the one expected", async () => {
    await expect(renderJson(blocked)).toMatchFileSnapshot("../goldens/report/blocked.json");
  });

  for (const [name, report] of Object.entries(samples)) {
    it(`of ${name} says what the report says`, () => expect(JSON.parse(renderJson(report))).toEqual(report));

    it(`of ${name} has one order of keys`, () => {
      // Turned round it is the same report.
      expect(renderJson(turned(report) as Report)).toBe(renderJson(report));
    });
  }

  it("begins with what it is and ends with a line feed", () => {
    expect(renderJson(blocked)).toMatch(/^\{\n {2}"schema": "sekisho\.report\/1",\n {2}"id"[\s\S]*\}\n$/);
  });

  it("is harmless in a terminal, whatever a report holds", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const report = poison(passed, () => text);
        const json = renderJson(report);
        expect(json).not.toMatch(/[^\P{Cc}\n]|[\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}]/u);
        expect(JSON.parse(json)).toEqual(report);
      }),
      { numRuns: 50 },
    );
  });
});

describe("the schema of report.json", () => {
  const ajv = new Ajv2020({ strict: true, allErrors: true });
  addFormats.default(ajv);
  const validate = ajv.compile(reportJsonSchema());

  for (const [name, report] of Object.entries(samples)) {
    it(`accepts ${name}`, () => {
      validate(JSON.parse(renderJson(report)));
      expect(validate.errors ?? []).toEqual([]);
    });
  }

  it.each([
    ["another format", { schema: "sekisho.report/2" }],
    ["a field that is not known", { extra: 1 }],
    ["an outcome that is none", { findings: [{ ...blocked.findings[0], outcome: "ok" }] }],
    ["a time that is none", { evaluatedAt: "yesterday" }],
  ])("refuses %s", (_, change) => expect(validate({ ...blocked, ...change })).toBe(false));

  it("names itself", () => {
    expect(reportJsonSchema()).toMatchObject({
      $schema: "https://json-schema.org/draft/2020-12/schema",
      $id: "urn:sekisho:report:1",
      title: "sekisho report",
    });
  });
});
