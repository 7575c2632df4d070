import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Report } from "#model/report.ts";
import type { Locale } from "#model/text.ts";
import { renderHtml } from "#report/html.ts";
import { hostile } from "../../report/hostile.ts";
import { blocked, passed, undecided } from "../../report/samples.ts";
import { templates } from "../../report/templates.ts";

const samples: Record<string, Report> = { blocked, undecided, passed, hostile };
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const folder = mkdtempSync(join(tmpdir(), "sekisho-page-"));
const contexts: BrowserContext[] = [];
let browser: Browser;

beforeAll(async () => {
  browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
});
afterEach(async () => {
  await Promise.all(contexts.splice(0).map((context) => context.close()));
});
afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true });
});

interface Opened {
  readonly page: Page;
  /** Messages of the console, errors and requests made beside that of the page. */
  readonly heard: string[];
}

async function open(name: string, options: BrowserContextOptions & { locale?: Locale } = {}): Promise<Opened> {
  const { locale = "ja", ...rest } = options;
  const report = samples[name];
  if (report === undefined) throw new Error(`no sample ${name}`);
  const file = join(folder, `${name}.${locale}.html`);
  if (!existsSync(file)) writeFileSync(file, renderHtml(report, { locale, templates }));
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...rest });
  contexts.push(context);
  const page = await context.newPage();
  const heard: string[] = [];
  page.on("console", (message) => heard.push(message.text()));
  page.on("pageerror", (error) => heard.push(error.message));
  page.on("dialog", (dialog) => heard.push(`dialog ${dialog.message()}`));
  page.on("request", (request) => {
    if (!request.url().startsWith("file:") && request.url() !== "data:,") heard.push(request.url());
  });
  await page.goto(pathToFileURL(file).href);
  return { page, heard };
}

/** What axe finds, of all its rules or of those about colour alone. */
async function violations(page: Page, rules: "all" | "colour" = "all"): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate(
    async (options) => {
      // axe puts itself into the window when its source is run there.
      const { violations: found } = await (
        globalThis as unknown as { axe: { run: (options: object) => Promise<AxeResults> } }
      ).axe.run(options);
      return found.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(" ")}`));
    },
    rules === "all" ? {} : { runOnly: { type: "tag", values: ["cat.color"] } },
  );
}

const openAll = "document.querySelectorAll('details').forEach((details) => { details.open = true; })";

interface AxeResults {
  readonly violations: readonly {
    readonly id: string;
    readonly nodes: readonly { readonly target: readonly string[] }[];
  }[];
}

for (const name of Object.keys(samples)) {
  describe(`the page of ${name}`, () => {
    it("says nothing to the console and asks for nothing", async () => {
      const { page, heard } = await open(name);
      await page.locator("#filters").waitFor();
      expect(heard).toEqual([]);
    });

    for (const locale of name === "hostile" ? (["ja"] as const) : (["ja", "en"] as const)) {
      it(`has no accessibility violation, light and dark, ${locale}`, async () => {
        const { page } = await open(name, { locale, colorScheme: "light", bypassCSP: true });
        await page.evaluate(openAll);
        expect(await violations(page)).toEqual([]);
        await page.emulateMedia({ colorScheme: "dark" });
        expect(await violations(page, "colour")).toEqual([]);
      });
    }

    for (const locale of ["ja", "en"] as const) {
      it(`is never wider than its window, ${locale}`, async () => {
        const { page } = await open(name, { locale });
        await page.evaluate(openAll);
        for (const width of [1920, 1280, 768, 360, 320]) {
          await page.setViewportSize({ width, height: 800 });
          expect(await page.evaluate("document.documentElement.scrollWidth"), `${width} px`).toBeLessThanOrEqual(width);
        }
      });
    }

    it("prints on A4", async () => {
      const { page } = await open(name);
      const pdf = await page.pdf({ preferCSSPageSize: true, tagged: true });
      expect(pdf.subarray(0, 5).toString("latin1")).toBe("%PDF-");
      expect(pdf.toString("latin1")).toMatch(/\/MediaBox \[0 0 59[45](?:\.\d+)? 84[12](?:\.\d+)?\]/);
    });
  });
}

describe("the language", () => {
  for (const javaScriptEnabled of [true, false]) {
    it(`can be switched ${javaScriptEnabled ? "with" : "without"} script`, async () => {
      const { page } = await open("blocked", { javaScriptEnabled });
      const heading = page.locator("#blocks-title");
      expect(await heading.innerText()).toBe("通過を妨げている不適合");
      await page.getByLabel("English").check();
      expect(await heading.innerText()).toBe("What blocks");
      if (javaScriptEnabled) {
        expect(await page.title()).toMatch(/^claw-01: Blocked/);
        expect(await page.locator("html").getAttribute("lang")).toBe("en");
      }
      await page.getByLabel("日本語").check();
      expect(await heading.innerText()).toBe("通過を妨げている不適合");
    });
  }

  it("leaves no text of the other one", async () => {
    for (const [locale, other] of [
      ["ja", "en"],
      ["en", "ja"],
    ] as const) {
      const { page } = await open("blocked", { locale });
      expect(await page.locator(`:is(span, bdi)[lang="${other}"]:visible`).count()).toBe(0);
      expect(await page.locator(`:is(span, bdi)[lang="${locale}"]:visible`).count()).toBeGreaterThan(200);
    }
  });
});

describe("without script", () => {
  it("shows everything but the filters and opens what is folded", async () => {
    const { page } = await open("blocked", { javaScriptEnabled: false });
    expect(await page.locator("#filters").isVisible()).toBe(false);
    expect(await page.locator("#finding-ssh-not-world-open dl").isVisible()).toBe(true);
    const fold = page.locator("details.fold").first();
    expect(await fold.locator(".finding").first().isVisible()).toBe(false);
    await fold.locator("summary").first().click();
    expect(await fold.locator(".finding").first().isVisible()).toBe(true);
  });
});

describe("with script", () => {
  it("opens the finding that a link names, through whatever it is folded into", async () => {
    const { page } = await open("blocked");
    const body = page.locator("#finding-certificate-valid dl");
    expect(await body.isVisible()).toBe(false);
    await page.evaluate("location.hash = '#finding-certificate-valid'");
    await body.waitFor({ state: "visible" });
    await page.reload();
    await body.waitFor({ state: "visible" });
  });

  it("filters by outcome, level and text, and shows all again", async () => {
    const { page } = await open("blocked");
    const shown = page.locator("details.finding:visible");
    const all = blocked.findings;
    await page.locator('input[value="fail"]').check();
    expect(await shown.count()).toBe(all.filter(({ outcome }) => outcome === "fail").length);
    expect(await page.locator("#filter-shown").innerText()).toBe(String(await shown.count()));
    await page.locator('input[value="must"]').check();
    expect(await shown.count()).toBe(all.filter(({ outcome, level }) => outcome === "fail" && level === "must").length);
    await page.locator("#filter-text").fill("PostgreS");
    expect(await shown.count()).toBe(1);
    await page.locator('button[type="reset"]').click();
    await page.locator(".requirements").first().waitFor({ state: "visible" });
    expect(await page.locator("#filter-shown").innerText()).toBe(String(all.length));
  });

  it("finds a finding by link that the filter hides", async () => {
    const { page } = await open("blocked");
    await page.locator('input[value="fail"]').check();
    await page.evaluate("location.hash = '#finding-certificate-valid'");
    await page.locator("#finding-certificate-valid dl").waitFor({ state: "visible" });
  });

  it("copies the commands as they stand", async () => {
    const { page } = await open("blocked", { permissions: ["clipboard-read", "clipboard-write"] });
    const block = page.locator("#blocks .commands").nth(1);
    await block.locator("button").click();
    await block.locator(".done").waitFor({ state: "visible" });
    const expected = blocked.findings.find(({ rule }) => rule === "ssh-not-world-open")?.fix.commands.join("\n");
    expect(await page.evaluate("navigator.clipboard.readText()")).toBe(expected);
  });

  it("keeps the contents in sight on a wide window", async () => {
    const { page } = await open("blocked", { viewport: { width: 1400, height: 900 } });
    await page.locator("#verify").scrollIntoViewIfNeeded();
    const box = await page.locator(".contents .heading").boundingBox();
    expect(box?.y).toBeGreaterThanOrEqual(0);
    expect(box?.y).toBeLessThan(900);
  });
});

describe("on paper", () => {
  it("opens everything that is folded, with script and without", async () => {
    for (const javaScriptEnabled of [true, false]) {
      const { page } = await open("blocked", { javaScriptEnabled });
      await page.emulateMedia({ media: "print" });
      const folded = page.locator("details.fold .finding dl");
      const visible = page.locator("details.fold .finding dl:visible");
      expect(await visible.count()).toBe(await folded.count());
      expect(await folded.count()).toBeGreaterThan(5);
    }
  });
});
