import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { fixturesOf } from "#audit/rule-fixtures.ts";
import { readsOf, testRule } from "#audit/rule-tests.ts";
import { loadCatalogue, loadProfile } from "#catalog/load.ts";
import type { CompiledRule } from "#catalog/types.ts";
import { evidenceKinds } from "#evidence/registry.ts";
import { templateProblems, templateReads } from "#expression/template.ts";
import type { Text } from "#model/text.ts";

const catalogue = loadCatalogue("rules");
const fixturesFolder = "fixtures/rules";
const rules: readonly CompiledRule[] = catalogue.rules;
const cases = rules.map((rule) => [rule.rule.id, rule] as const);

describe("the catalogue", () => {
  it("has each requirement decided by a rule, or says that none decides it yet", () => {
    const served = new Set(rules.map(({ rule }) => rule.requirement));
    for (const { id, pending } of catalogue.requirements) {
      expect([id, served.has(id) !== (pending !== undefined)]).toEqual([id, true]);
    }
  });

  it("has every requirement of the guide", () => {
    const numbers: Readonly<Record<string, number>> = {
      APP: 2,
      PAT: 5,
      NET: 12,
      LOG: 5,
      BKP: 7,
      OPS: 10,
      SIZ: 2,
      DAT: 1,
      // Beyond the guide.
      EXT: 8,
    };
    const ids = Object.entries(numbers).flatMap(([area, last]) =>
      Array.from({ length: last }, (_, i) => `${area}-${i + 1}`),
    );
    expect(catalogue.requirements.map(({ id }) => id)).toEqual(ids);
    expect(catalogue.sections.map(({ letter }) => letter).join("")).toBe("ABCDEFGHI");
  });

  it("says everything in both languages", () => {
    const texts: readonly Text[] = [
      ...catalogue.sections.map(({ title }) => title),
      ...catalogue.requirements.flatMap(({ title, pending }) => (pending === undefined ? [title] : [title, pending])),
      ...["standard", "enterprise", "appi"].map((name) => loadProfile("rules", name).title),
    ];
    for (const text of texts) expectBothLanguages(text);
  });

  it("keeps no fixtures of a rule that is gone, and uses no retired id again", () => {
    const ids = rules.map(({ rule }) => rule.id);
    const { retired } = parse(readFileSync("rules/retired.yaml", "utf8")) as { retired: { id: string }[] };
    for (const { id } of retired) expect(ids).not.toContain(id);
    for (const folder of readdirSync(fixturesFolder)) expect(ids).toContain(folder);
  });

  it("lists every rule that ever was in force", () => {
    const known = readFileSync("test/rules/ids.txt", "utf8")
      .split("\n")
      .filter((line) => line !== "");
    const { retired } = parse(readFileSync("rules/retired.yaml", "utf8")) as { retired: { id: string }[] };
    const ids = [...rules.map(({ rule }) => rule.id), ...retired.map(({ id }) => id)];
    expect(ids.toSorted()).toEqual(known);
  });

  it("lets people state just what a rule of the same requirement asks for, in both languages", () => {
    const kinds = Object.values(evidenceKinds).filter(({ place }) => place === "attested");
    expect(catalogue.claims.map(({ kind }) => kind)).toEqual(kinds.map(({ id }) => id));
    for (const { kind, requirement, claim } of catalogue.claims) {
      expectBothLanguages(claim);
      const asking = rules.filter((rule) => readsOf(rule).some((path) => path.startsWith(`attested.${kind}.`)));
      expect([kind, new Set(asking.map(({ rule }) => rule.requirement))]).toEqual([kind, new Set([requirement])]);
      expect(catalogue.requirements.find(({ id }) => id === requirement)?.decidedBy).toContain("att");
    }
  });

  it("gives commands that a shell can read", () => {
    const commands = rules.flatMap(({ rule }) => rule.fix.commands ?? []);
    for (const command of commands) expect(command).not.toMatch(/[\n\r\u0000-\u001f]/);
    const { status, stderr } = spawnSync("sh", ["-n"], { input: `${commands.join("\n")}\n`, encoding: "utf8" });
    expect([status, stderr]).toEqual([0, ""]);
  });

  it("has the lists of standards under their own names", () => {
    for (const file of readdirSync("rules/standards")) {
      const standard = parse(readFileSync(`rules/standards/${file}`, "utf8")) as { id: string };
      expect(standard.id).toBe(basename(file, ".yaml"));
    }
  });
});

describe.each(cases)("%s", (id, compiled) => {
  const { rule } = compiled;

  it("is named and placed as it should be", () => {
    const requirement = catalogue.requirements.find((item) => item.id === rule.requirement);
    expect(requirement?.section).toBe(compiled.section);
    expect(readdirSync(`rules/${compiled.section}`)).toContain(`${id}.yaml`);
  });

  it("speaks both languages", () => {
    const { title, why, expected, fix, otherwise } = rule;
    for (const text of [title, why, expected, fix, ...rule.expect.map((line) => line.else)]) expectBothLanguages(text);
    if (otherwise !== undefined) expectBothLanguages(otherwise);
  });

  it("fills in only what there is, the same in both languages", () => {
    for (const { that, else: text } of compiled.expect) {
      expect([...templateProblems(text.en, that), ...templateProblems(text.ja, that)]).toEqual([]);
      // What is told in a language of its own stands under a name that ends in it.
      const reads = (message: string) => templateReads(message, that).map((path) => path.replace(/(En|Ja)$/, ""));
      expect(reads(text.en).toSorted()).toEqual(reads(text.ja).toSorted());
    }
  });

  it.each(testRule(compiled, fixturesOf(fixturesFolder, id)))("$name", ({ problem }) => {
    expect(problem).toBeUndefined();
  });
});

function expectBothLanguages(text: Text): void {
  const japanese = /[\u3040-\u30ff\u4e00-\u9fff]/;
  expect(text.en.trim()).not.toBe("");
  expect(text.ja).toMatch(japanese);
  expect(text.en).not.toMatch(japanese);
}
