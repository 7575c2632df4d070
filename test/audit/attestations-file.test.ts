import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { readAttestations, textWith, withAttestations } from "#audit/attestations-file.ts";
import { checkBundle } from "#audit/bundle-file.ts";
import type { Attestation } from "#model/attestation.ts";
import { formatPlace, InputError } from "#model/input-error.ts";
import { claim, signer, statement } from "../attestation/signing.ts";
import { sampleBundle } from "./sample-bundle.ts";

const folder = mkdtempSync(join(tmpdir(), "sekisho-attestations-"));
afterAll(() => rmSync(folder, { recursive: true }));
const file = join(folder, "attestations.yaml");
const hanako = signer("Hanako Sato");
const one = hanako.sign(statement(hanako));
const at = new Date("2026-11-22T00:00:00Z");

function wordsOf(
  attestations: readonly Attestation[],
  more: { otherTargets?: readonly string[]; bundle?: ReturnType<typeof sampleBundle> } = {},
) {
  const read = { file: "/home/hanako/attestations.yaml", digest: "d", attestations };
  return withAttestations(more.bundle ?? sampleBundle(), {
    read,
    claims: [claim],
    otherTargets: more.otherTargets ?? [],
    at,
  });
}

describe("the file", () => {
  test("that is not there yet is begun, one that is keeps its comments and what stands in it", () => {
    rmSync(file, { force: true });
    writeFileSync(file, textWith(file, one));
    expect(readAttestations(file).attestations).toEqual([one]);
    writeFileSync(file, `# ours\n${readFileSync(file, "utf8")}`);
    const unsigned = { statement: statement(hanako, { target: "home", by: { name: '佐藤: "恵" #1', role: "- x" } }) };
    const text = textWith(file, unsigned);
    writeFileSync(file, text);
    expect(text).toMatch(/^# ours\n# Statements by people/);
    expect(readAttestations(file).attestations).toEqual([one, unsigned]);
  });

  test.each<[string, string, RegExp]>([
    ["of another version", "schema: sekisho.attestations/2\nattestations: []\n", /:1:9/],
    ["with a field that is not known", "schema: sekisho.attestations/1\nattestations: []\nsigned: yes\n", /:3:1/],
    [
      "with a day that does not exist",
      textWith(join(folder, "none"), one).replace("on: 2026-09-30", "on: 2026-09-31"),
      /:\d+:\d+/,
    ],
    ["that is no YAML", "attestations: [", /:1:\d+/],
  ])("%s is refused with the place", (_what, text, place) => {
    const wrong = join(folder, "wrong.yaml");
    writeFileSync(wrong, text);
    for (const use of [() => readAttestations(wrong), () => textWith(wrong, one)]) {
      try {
        use();
        expect.unreachable();
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        expect(formatPlace(error.place ?? { file: "" })).toMatch(place);
      }
    }
  });

  test("that is not there is said with what to do", () => {
    expect(() => readAttestations(join(folder, "gone.yaml"))).toThrow(InputError);
  });
});

describe("in a bundle statements", () => {
  test("stand as one attempt for each claim at a vantage of their own, and the bundle is one that can be read", () => {
    const bundle = wordsOf([one]);
    expect(bundle.vantages.at(-1)).toMatchObject({ id: "attested", role: "attested", via: "file" });
    expect(bundle.evidence.at(-1)).toMatchObject({
      kind: "restoreTest",
      vantage: "attested",
      attempt: { status: "observed", value: [one] },
      method: "read attestations.yaml",
      digest: "d",
    });
    expect(checkBundle("f", JSON.parse(JSON.stringify(bundle)))).toEqual(bundle);
  });

  test("that are there already are not repeated, later ones stand beside them", () => {
    const bundle = wordsOf([one]);
    expect(wordsOf([one], { bundle })).toEqual(bundle);
    const later = wordsOf([one, hanako.sign(statement(hanako, { on: "2026-10-01" }))], { bundle });
    expect(later.vantages.map(({ id }) => id)).toEqual(["here", "attested", "attested-2"]);
  });

  test("of the configuration's other targets are left out, those of unknown ones are not", () => {
    const other = { statement: statement(hanako, { target: "home" }) };
    expect(wordsOf([other], { otherTargets: ["home"] })).toEqual(sampleBundle());
    expect(wordsOf([other]).evidence.at(-1)?.attempt).toMatchObject({ value: [other] });
  });

  test("on what nobody asks are refused", () => {
    const odd = { statement: statement(hanako, { requirement: "NET-7" }) };
    expect(() => wordsOf([odd])).toThrow(/nothing can be stated on NET-7/);
  });

  test("that were damaged keep the bundle from being read", () => {
    const bundle = wordsOf([{ ...one, statement: { ...one.statement, on: "yesterday" } }]);
    expect(() => checkBundle("f", bundle)).toThrow(/damaged in evidence 1 \(restoreTest\)/);
  });
});
