import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadCatalogue, loadStatable } from "#catalog/load.ts";
import { InputError } from "#model/input-error.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sekisho-claims-"));
  for (const part of ["requirements.yaml", "standards"]) {
    cpSync(join("rules", part), join(folder, part), { recursive: true });
  }
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("what people may state", () => {
  const claims = (...list: readonly Readonly<Record<string, unknown>>[]) => {
    const base = { claim: { en: "It is.", ja: "そうです。" }, validMonths: 6, graceDays: 0 };
    writeFileSync(
      join(folder, "claims.yaml"),
      JSON.stringify({ claims: list.map((parts) => ({ ...base, ...parts })) }),
    );
    return () => loadCatalogue(folder);
  };
  const restore = { kind: "restoreTest", requirement: "BKP-6" };

  it("belongs to the catalogue and its digest; a catalogue need have nothing of it", () => {
    const without = loadCatalogue(folder);
    expect(without.claims).toEqual([]);
    const load = claims(restore);
    expect(load().claims).toMatchObject([restore]);
    expect(loadStatable(folder)).toEqual(load().claims);
    expect(load().digest).not.toBe(without.digest);
  });

  it.each<[string, readonly Readonly<Record<string, unknown>>[], RegExp, RegExp]>([
    ["an unknown kind", [{ ...restore, kind: "restoreTset" }], /nothing is stated as "restoreTset"/, /"restoreTest"/],
    ["a kind that is observed", [{ ...restore, kind: "cpu" }], /nothing is stated as "cpu"/, /./],
    ["an unknown requirement", [{ ...restore, requirement: "BKP-9" }], /no requirement BKP-9/, /BKP-/],
    ["a kind twice", [restore, { ...restore, requirement: "BKP-5" }], /"restoreTest" stands twice/, /one claim/],
    ["a requirement twice", [restore, { ...restore, kind: "monthlySnapshot" }], /BKP-6 stands twice/, /one claim/],
  ])("refuses %s", (_what, list, message, hint) => {
    const load = claims(...list);
    expect(load).toThrow(message);
    try {
      load();
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      expect(error.hint).toMatch(hint);
      expect(error.place?.line).toBe(1);
    }
  });

  it("cannot be in force without end", () => {
    expect(claims({ ...restore, validMonths: 600 })).toThrow(/validMonths/);
  });
});
