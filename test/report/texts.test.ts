import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { templateFiles } from "#report/html.ts";
import { allTexts, say } from "#report/say.ts";
import * as terms from "#report/terms.ts";

const slots = (text: string) => [...text.matchAll(/\{(\w+)/g)].map(([, name]) => name).toSorted();
const templates = templateFiles
  .filter((name) => name.endsWith(".hbs"))
  .map((name) => readFileSync(new URL(`../../reports/${name}`, import.meta.url), "utf8"))
  .join("\n");

describe("texts", () => {
  for (const [key, { en, ja }] of allTexts()) {
    it(`${key} is there in both languages, with the same slots`, () => {
      expect(ja).not.toBe("");
      expect(key === "shownOfEnd" || en !== "").toBe(true);
      expect(slots(ja)).toEqual(slots(en));
      expect(en).not.toMatch(/[\u3040-\u30ff\u4e00-\u9fff!]/);
    });
  }

  it("promise nothing about the system as a whole", () => {
    const all = [...allTexts().values(), ...Object.values(terms.verdictNotes)];
    for (const { en, ja } of all) {
      expect(ja).not.toMatch(/問題なし|問題ありません|安全です|適合を保証/);
      expect(en).not.toMatch(/no problems?|is safe|is secure|guarantee/i);
    }
  });

  it("have a key for each that a template asks for", () => {
    const asked = [...templates.matchAll(/\{\{ui "(\w+)"/g)].map(([, key = ""]) => key);
    expect(asked.length).toBeGreaterThan(50);
    expect(asked.filter((key) => !allTexts().has(key))).toEqual([]);
  });

  it("are written in catalogues only: templates hold no words but the names of the languages", () => {
    const words = templates
      .replace(/\{\{[\s\S]*?\}\}+/g, "")
      .replace(/<[^>]*>/g, "")
      .replace(/日本語|English/g, "");
    expect(words).not.toMatch(/[A-Za-z\u3040-\u30ff\u4e00-\u9fff]{2,}/);
  });

  it("take raw HTML nowhere but for style and script", () => {
    expect([...templates.matchAll(/\{\{\{([^}]*)\}\}\}/g)].map(([, name]) => name)).toEqual([
      "css",
      "pageCss",
      "script",
    ]);
  });

  it("pick the noun by the number", () => {
    expect(say("blocksLead", { count: 1 }).en).toContain("1 check of");
    expect(say("blocksLead", { count: 2 }).en).toContain("2 checks of");
    expect(() => say("blocksLead")).toThrow("no value for {count}");
  });
});
