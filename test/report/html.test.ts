import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Report } from "#model/report.ts";
import type { Locale } from "#model/text.ts";
import { prepareTemplates, renderHtml, templateFiles } from "#report/html.ts";
import { hostile, poison, poisons } from "./hostile.ts";
import { blocked, passed, undecided } from "./samples.ts";
import { templates } from "./templates.ts";

const locales: readonly Locale[] = ["ja", "en"];
const samples: Record<string, Report> = { blocked, undecided, passed, hostile };
const html = (report: Report, locale: Locale = "ja") => renderHtml(report, { locale, templates });

const unseen = /[^\P{Cc}\n\t]|[\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

/** The page without its own style and script. */
function bodyOf(page: string): string {
  return page.replace(/<style>[\s\S]*?<\/style>/g, "").replace(/<script type="module">[\s\S]*?<\/script>/, "");
}

/** Names of all elements, read the way a browser's tokeniser finds them. */
function elements(page: string): Set<string> {
  return new Set([...page.matchAll(/<([a-zA-Z][a-zA-Z0-9]*)/g)].map(([, name = ""]) => name.toLowerCase()));
}

describe("the page", () => {
  for (const [name, report] of Object.entries({ blocked, undecided, passed })) {
    it(`of ${name} is the one expected`, async () => {
      await expect(html(report)).toMatchFileSnapshot(`../goldens/report/${name}.html`);
    });
  }

  it("differs between the languages only in where it begins", () => {
    const [ja, en] = locales.map((locale) => html(blocked, locale).split("\n"));
    const differing = ja?.filter((line, index) => line !== en?.[index]);
    expect(differing).toHaveLength(4);
    expect(differing?.map((line) => line.slice(0, 6))).toEqual(["<html ", "<title", "<label", "<label"]);
  });

  it("holds no element and no attribute that a report brought", () => {
    const own = elements(bodyOf(html(blocked)) + bodyOf(html(undecided)));
    const found = elements(bodyOf(html(hostile)));
    expect([...found].filter((element) => !own.has(element))).toEqual([]);
    expect(/<[^>]*\s(on\w+|style|src)=/i.exec(bodyOf(html(hostile)))?.[0]).toBeUndefined();
  });

  it("holds no character that is not seen", () => {
    expect(unseen.exec(html(hostile))?.[0]).toBeUndefined();
  });

  it("stays small whatever a report holds", () => {
    expect(html(hostile).length).toBeLessThan(1_000_000);
  });

  it("loads nothing", () => {
    for (const report of Object.values(samples)) {
      const page = html(report);
      const loaded = [...bodyOf(page).matchAll(/\b(?:src|href|action|data|poster|srcset)\s*=\s*["']?([^"'\s>]*)/g)];
      expect(loaded.map(([, url = ""]) => url).filter((url) => !url.startsWith("#") && url !== "data:,")).toEqual([]);
      expect(templates.css).not.toMatch(/url\(|@import/);
      expect(templates.script).not.toMatch(/\b(fetch|XMLHttpRequest|import|WebSocket)\b/);
    }
  });

  it("allows by its policy exactly the style and the script it holds", () => {
    for (const report of Object.values(samples)) {
      const page = html(report);
      const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1] ?? "";
      const directives = new Map(
        policy
          .replaceAll("&#x27;", "'")
          .replaceAll("&#x3D;", "=")
          .split("; ")
          .map((directive) => [directive.split(" ")[0], directive.split(" ").slice(1)]),
      );
      const hashes = (pattern: RegExp) =>
        [...page.matchAll(pattern)].map(
          ([, text = ""]) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`,
        );
      expect(directives.get("default-src")).toEqual(["'none'"]);
      expect(directives.get("style-src")).toEqual(hashes(/<style>([\s\S]*?)<\/style>/g));
      expect(directives.get("script-src")).toEqual(hashes(/<script type="module">([\s\S]*?)<\/script>/g));
      expect(directives.get("img-src")).toEqual(["data:"]);
    }
  });

  it("has an anchor for every link and no anchor twice", () => {
    for (const report of Object.values(samples)) {
      const page = html(report);
      const ids = [...page.matchAll(/\sid="([^"]*)"/g)].map(([, id = ""]) => id);
      const targets = [...page.matchAll(/href="#([^"]*)"/g)].map(([, id = ""]) => id);
      expect(ids).toEqual([...new Set(ids)]);
      expect([...new Set(targets)].filter((target) => !ids.includes(target))).toEqual([]);
    }
  });

  it("shows every finding once, also where its section is not listed", () => {
    const lost = { ...blocked, findings: blocked.findings.map((finding) => ({ ...finding, section: "nowhere" })) };
    for (const report of [blocked, undecided, lost]) {
      const shown = [...html(report).matchAll(/<details class="finding \w+" id="finding-([^"]*)"/g)].map(
        ([, id]) => id,
      );
      expect(shown.toSorted()).toEqual(report.findings.map(({ rule }) => rule).toSorted());
    }
  });

  it("opens what fails or is undecided, and folds the rest", () => {
    const opened = [...html(undecided).matchAll(/data-outcome="(\w+)" data-level="\w+"( open)?>/g)];
    const wanted = ["fail", "error", "unknown", "notchecked"];
    expect(opened).toHaveLength(undecided.findings.length);
    expect(opened.filter(([, outcome = "", open]) => wanted.includes(outcome) !== (open !== undefined))).toEqual([]);
  });

  it("lists the first of many failures above, the most below, and says how many more there are", () => {
    const message = { en: "is open", ja: "が開いています" };
    const occurrences = Array.from({ length: 250 }, (_, port) => ({
      subject: `${port}/tcp`,
      message,
      fingerprint: "",
    }));
    const findings = blocked.findings.map((one) =>
      one.rule === "ports-others-closed" ? { ...one, occurrences } : one,
    );
    const page = html({ ...blocked, findings });
    expect(page.match(/<code class="subject">/g)).toHaveLength(206);
    expect(page).toContain("ほか 244件");
    expect(page).toContain("ほか 50件(report.json に記載)");
  });

  it("says once what occurrences and observation have in common", () => {
    const [ja, en] = ["ホストで動いていません。", "It does not run."];
    const occurrences = [{ subject: "claw-01", message: { en, ja }, fingerprint: "" }];
    const findings = blocked.findings
      .filter(({ rule }) => rule === "admin-not-public")
      .map((one) => ({ ...one, occurrences, observed: { en, ja } }));
    expect(html({ ...blocked, findings }).split(ja)).toHaveLength(2);
  });

  it("renders the same bytes again", () => {
    expect(html(structuredClone(blocked))).toBe(html(blocked));
  });
});

describe("whatever a report holds", () => {
  const text = fc.oneof(fc.string({ unit: "binary", maxLength: 60 }), fc.constantFrom(...poisons.slice(0, 16)));

  it("adds no element, no attribute and no unseen character", () => {
    const own = elements(bodyOf(html(blocked)));
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 40 }), (texts) => {
        let index = 0;
        const page = html(poison(blocked, () => texts[index++ % texts.length] ?? ""));
        expect([...elements(bodyOf(page))].filter((element) => !own.has(element))).toEqual([]);
        expect(page.match(/<script/g)).toHaveLength(1);
        expect(unseen.exec(page)?.[0]).toBeUndefined();
      }),
      { numRuns: 60 },
    );
  });
});

describe("prepareTemplates", () => {
  const files = (change: (text: string, name: string) => string) =>
    new Map(templateFiles.map((name) => [name, change("", name)]));

  it("names the file that is missing", () => {
    expect(() => prepareTemplates(new Map())).toThrow("html/verdict.hbs is missing");
  });

  it("refuses a style or a script that would end its element", () => {
    expect(() => prepareTemplates(files((text, name) => (name.endsWith(".css") ? "a{}</style>" : text)))).toThrow(
      "style sheet",
    );
    expect(() => prepareTemplates(files((text, name) => (name.endsWith(".js") ? "'</script>'" : text)))).toThrow(
      "report.js",
    );
  });
});
