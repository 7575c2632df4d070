import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { checkBundle, readBundle, readReport } from "#audit/bundle-file.ts";
import { InputError } from "#model/input-error.ts";
import { sampleBundle, sampleEvidence } from "./sample-bundle.ts";

const folder = mkdtempSync(join(tmpdir(), "sekisho-test-"));

function fileWith(content: string): string {
  const file = join(folder, "evidence.json");
  writeFileSync(file, content);
  return file;
}

test("what was written is read back", () => {
  expect(readBundle(fileWith(JSON.stringify(sampleBundle())))).toEqual(sampleBundle());
});

test.each([
  ["another version", { ...sampleBundle(), schema: "sekisho.evidence/2" }, "sekisho.evidence/2"],
  ["something else", { hello: 1 }, "is not what sekisho writes as evidence.json"],
  ["a missing field", { ...sampleBundle(), vantages: undefined }, "vantages"],
  ["a field too many", { ...sampleBundle(), extra: 1 }, "additional properties"],
  ["a kind nobody knows", sampleBundle({ evidence: [sampleEvidence({ kind: "weather" })] }), "weather"],
  [
    "the name of something every object has",
    sampleBundle({ evidence: [sampleEvidence({ kind: "toString" })] }),
    "toString",
  ],
  ["a vantage nobody listed", sampleBundle({ evidence: [sampleEvidence({ vantage: "moon" })] }), "moon"],
  [
    "a value of the wrong shape",
    sampleBundle({ evidence: [sampleEvidence({ attempt: { status: "observed", value: [{ address: 5 }] } })] }),
    "icmp",
  ],
])("%s is refused", (_name, value, words) => {
  expect(() => readBundle(fileWith(JSON.stringify(value)))).toThrow(words);
});

test.each([
  ["no JSON", "{", "is not JSON"],
  ["empty", "", "is not JSON"],
])("%s is refused with the file's name", (_name, content, words) => {
  const file = fileWith(content);
  expect(() => readBundle(file)).toThrow(words);
  expect(() => readReport(file)).toThrow(file);
});

test("a file that is not there is said so", () => {
  expect(() => readBundle(join(folder, "none.json"))).toThrow("ENOENT");
  expect(() => readBundle(folder)).toThrow(InputError);
});

test("any JSON is either a bundle or an InputError", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(() => checkBundle("x", value)).toThrow(InputError);
    }),
  );
});
