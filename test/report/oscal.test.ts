import { Ajv } from "ajv";
import formats from "ajv-formats";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Report } from "#model/report.ts";
import { resultsOf } from "#report/results.ts";
import { uuidOf } from "#report/uuid.ts";
import { hostile, poison, poisons } from "./hostile.ts";
import { hasSchema, schemaText } from "./published.ts";
import { hidden, stringsIn, textOf } from "./rendered.ts";
import { blocked, passed, undecided } from "./samples.ts";
import { withWaiver } from "./waived.ts";

const schema = "oscal-ar-1.0.6.json";
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

interface OscalResult {
  readonly observations: readonly { readonly uuid: string; readonly methods: readonly string[] }[];
  readonly risks?: readonly { readonly uuid: string; readonly status: string; readonly deadline?: string }[];
  readonly findings?: readonly {
    readonly uuid: string;
    readonly target: { readonly "target-id": string; readonly status: { readonly state: string } };
    readonly "related-observations"?: readonly { readonly "observation-uuid": string }[];
    readonly "related-risks"?: readonly { readonly "risk-uuid": string }[];
  }[];
}

async function resultOf(report: Report): Promise<OscalResult> {
  return JSON.parse(await textOf(report, "oscal"))["assessment-results"].results[0];
}

function uuidsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(uuidsIn);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => (key === "uuid" ? [String(item)] : uuidsIn(item)));
}

const samples = [
  ["blocked", blocked],
  ["undecided", undecided],
  ["passed", passed],
  ["waived", withWaiver()],
] as const;

describe.each(samples)("%s", (_, report) => {
  test("has a finding for each requirement that was decided, and for no other", async () => {
    const { findings = [] } = await resultOf(report);
    const states = findings.map(({ target }) => [target["target-id"], target.status.state]);
    const decided = report.requirements.filter(({ outcome }) => outcome === "pass" || outcome === "fail");
    expect(states).toEqual(decided.map(({ id, outcome }) => [id, outcome === "pass" ? "satisfied" : "not-satisfied"]));
  });

  test("has an observation for each rule and each open requirement, and every reference leads somewhere", async () => {
    const { observations, risks = [], findings = [] } = await resultOf(report);
    expect(observations).toHaveLength(new Set(resultsOf(report).map(({ rule }) => rule)).size);
    const known = new Set([...observations, ...risks].map((each) => each.uuid));
    for (const finding of findings) {
      for (const each of finding["related-observations"] ?? []) expect(known).toContain(each["observation-uuid"]);
      for (const each of finding["related-risks"] ?? []) expect(known).toContain(each["risk-uuid"]);
    }
  });
});

describe.each([...samples, ["hostile", hostile] as const])("%s", (_, report) => {
  test("gives every part a UUID of version 5 of its own", async () => {
    const found = uuidsIn(JSON.parse(await textOf(report, "oscal")));
    for (const each of found) expect(each).toMatch(uuid);
    if (report !== hostile) expect(new Set(found).size).toBe(found.length);
  });

  test.skipIf(!hasSchema(schema))(`is valid by ${schema}, where it lies beside the project`, async () => {
    const ajv = new Ajv({ strict: false, allErrors: true });
    formats.default(ajv);
    const check = ajv.compile(JSON.parse(schemaText(schema)));
    check(JSON.parse(await textOf(report, "oscal")));
    expect(check.errors).toBeNull();
  });
});

test("what is waived is a deviation that was approved, until the waiver's last day in Japan", async () => {
  const { risks = [] } = await resultOf(withWaiver());
  const deviations = risks.filter(({ status }) => status === "deviation-approved");
  expect(deviations).toMatchObject([{ deadline: "2027-03-31T23:59:59+09:00" }]);
  expect(risks.filter(({ status }) => status === "open")).toHaveLength(risks.length - 1);
});

test("a requirement keeps its finding's UUID from one report to the next", async () => {
  const uuids = async (report: Report) =>
    new Map((await resultOf(report)).findings?.map((each) => [each.target["target-id"], each.uuid]));
  const [first, second] = [await uuids(blocked), await uuids(passed)];
  const both = [...first.keys()].filter((id) => second.has(id));
  expect(both.length).toBeGreaterThan(5);
  for (const id of both) expect(second.get(id)).toBe(first.get(id));
});

test("a UUID is that of RFC 9562 over our namespace", () => {
  // python3 -c "import uuid; print(uuid.uuid5(uuid.uuid5(uuid.NAMESPACE_URL, 'urn:sekisho'), 'finding\nclaw-01'))"
  expect(uuidOf("finding", "claw-01")).toBe("8da169f2-d23f-522a-b6fe-c82469919098");
});

test("stays JSON without a string that hides or steers, whatever a report holds", async () => {
  const text = fc.oneof(fc.constantFrom(...poisons), fc.string({ unit: "binary", maxLength: 60 }));
  await fc.assert(
    fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 20 }), async (texts) => {
      let index = 0;
      const report = poison(undecided, () => texts[index++ % texts.length] ?? "");
      const document: unknown = JSON.parse(await textOf(report, "oscal"));
      expect(stringsIn(document).find((each) => hidden.test(each))).toBeUndefined();
    }),
    { numRuns: 10 },
  );
});
