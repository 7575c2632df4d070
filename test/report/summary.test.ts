import { stripVTControlCharacters } from "node:util";
import fc from "fast-check";
import stringWidth from "string-width";
import { describe, expect, it } from "vitest";
import type { Report } from "#model/report.ts";
import type { Locale } from "#model/text.ts";
import { renderSummary } from "#report/summary.ts";
import { hostile, poison, poisons } from "./hostile.ts";
import { blocked, passed, undecided } from "./samples.ts";

const locales: readonly Locale[] = ["ja", "en"];
const samples: Record<string, Report> = { blocked, undecided, passed, hostile };
const unseen = /[^\P{Cc}\n]|[\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

describe("the summary", () => {
  for (const locale of locales) {
    for (const [name, report] of Object.entries(samples)) {
      it(`of ${name} in ${locale} is the one expected`, async () => {
        const text = renderSummary(report, { locale, columns: 80, color: false });
        await expect(text).toMatchFileSnapshot(`../goldens/report/${name}.${locale}.txt`);
      });
    }
  }

  it("says the same with colour and without", () => {
    const plain = renderSummary(blocked, { locale: "ja", columns: 80, color: false });
    const coloured = renderSummary(blocked, { locale: "ja", columns: 80, color: true });
    expect(coloured).not.toBe(plain);
    expect(stripVTControlCharacters(coloured)).toBe(plain);
  });

  it("uses no control sequence but those of colours, each ended in its line", () => {
    const text = renderSummary(hostile, { locale: "ja", columns: 80, color: true });
    for (const line of text.split("\n")) {
      expect(line.replace(/\u001b\[\d+m[^\u001b]+\u001b\[0m/g, "")).not.toMatch(unseen);
    }
  });

  it("keeps within the columns and shows no unseen character, whatever a report holds", () => {
    const text = fc.oneof(fc.string({ unit: "binary", maxLength: 200 }), fc.constantFrom(...poisons));
    fc.assert(
      fc.property(
        fc.array(text, { minLength: 1, maxLength: 30 }),
        fc.integer({ min: 20, max: 140 }),
        fc.constantFrom(...locales),
        (texts, columns, locale) => {
          let index = 0;
          const report = poison(blocked, () => texts[index++ % texts.length] ?? "");
          const summary = renderSummary(report, { locale, columns, color: false });
          expect(summary).not.toMatch(unseen);
          for (const line of summary.split("\n")) {
            expect(stringWidth(line, { ambiguousIsNarrow: false })).toBeLessThanOrEqual(columns);
            expect(stringWidth(line)).toBeLessThanOrEqual(columns);
          }
        },
      ),
      { numRuns: 100 },
    );
  });
});
