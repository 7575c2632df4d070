import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { loadCatalogue } from "#catalog/load.ts";
import { InputError } from "#model/input-error.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sekisho-advisories-"));
  for (const part of ["requirements.yaml", "standards"])
    cpSync(join("rules", part), join(folder, part), { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true }));

const head = 'asOf: "2026-11-23"\ncomplete: true\nstaleAfterDays: 60\nadvisories:\n';
const entry = (id: string, more = "fixedIn: 2026.3.11") =>
  `  - id: ${id}\n    severity: high\n    summary: { en: It does, ja: します }\n    source: https://example.com\n    ${more}\n`;

function load(text: string) {
  writeFileSync(join(folder, "openclaw-advisories.yaml"), text);
  return () => loadCatalogue(folder);
}

test("belong to the catalogue and its digest; a catalogue need have none", () => {
  const without = loadCatalogue(folder);
  expect(without.advisories).toBeUndefined();
  const { advisories, digest } = load(head + entry("GHSA-4jpw-hj22-2xmc"))();
  expect(advisories?.advisories).toMatchObject([{ id: "GHSA-4jpw-hj22-2xmc", fixedIn: "2026.3.11" }]);
  expect(digest).not.toBe(without.digest);
});

test.each<[string, string, RegExp, number]>([
  ["an id twice", entry("CVE-2026-25593").repeat(2), /stands twice/, 10],
  ["an empty range", entry("CVE-2026-25593", "fixedIn: 2026.3.11\n    from: 2026.3.11"), /not older/, 10],
  ["an id of no database", entry("BUG-1"), /id/, 5],
  ["a release that is called otherwise", entry("CVE-2026-25593", "fixedIn: v3"), /fixedIn/, 9],
  ["a field that there is not", entry("CVE-2026-25593", "fixedIn: 2026.3.11\n    cvss: 8.8"), /cvss/, 10],
])("are refused for %s, at its line", (_what, list, message, line) => {
  let caught: unknown;
  try {
    load(head + list)();
  } catch (error) {
    caught = error;
  }
  expect(caught).toBeInstanceOf(InputError);
  if (!(caught instanceof InputError)) return;
  expect(`${caught.message} ${caught.hint ?? ""} ${JSON.stringify(caught.place)}`).toMatch(message);
  expect(caught.place).toMatchObject({ file: expect.stringContaining("openclaw-advisories.yaml"), line });
});

test("of the catalogue say in both languages what they are about, and where it is published", () => {
  const { advisories } = loadCatalogue("rules");
  for (const { id, summary, source } of advisories?.advisories ?? []) {
    expect([id, summary.en.endsWith("."), /[ぁ-んァ-ン一-龠]/.test(summary.ja)]).toEqual([id, false, true]);
    expect(source).toContain(id);
  }
  expect(advisories?.advisories.length).toBeGreaterThan(20);
});
