import fc from "fast-check";
import { micromark } from "micromark";
import { gfm, gfmHtml } from "micromark-extension-gfm";
import { describe, expect, test } from "vitest";
import type { Report } from "#model/report.ts";
import { markdownLimit } from "#report/markdown.ts";
import { codeBlock, markdownText } from "#report/markdown-text.ts";
import { hostile, poison, poisons } from "./hostile.ts";
import { hidden, textOf } from "./rendered.ts";
import { blocked, passed, undecided } from "./samples.ts";
import { withWaiver } from "./waived.ts";

const own = ["h2", "h3", "p", "table", "thead", "tbody", "tr", "th", "td", "ul", "li", "strong", "pre", "code"];

/** What GitHub would make links of: people, teams, issues, addresses. */
const linked = /(^|[^\w])@\w|(^|[^&\w])#\d|\bGH-\d|https?:\/\/|\bwww\./;

const attacks = [
  "@octocat and @org/team",
  "fixes #12 and owner/repo#34, GH-56",
  "see https://evil.example/ or http://evil.example or www.evil.example",
  "mail someone@example.com, mailto:someone@example.com, xmpp:a@b.example",
  "[link](javascript:alert(1)) ![image](https://evil.example/x.png) [ref]: https://evil.example",
  "<img src=x onerror=alert(1)> <!-- --> <details> </details> <a href=x>",
  "a | b | c",
  "`code` ``two`` ```three```",
  "# heading",
  "1. one",
  "- [ ] task",
  "> quote",
  "--- \n---",
  "*a* **b** _c_ ~~d~~ ~e~",
  "&lt;script&gt; &#60;b&#62; &amp;",
  "a\\",
  "\\`",
  "$x$ $$y$$",
  "[^1] [^1]: note",
  "line  \nbreak",
  "    indented",
  "===",
];

/** A page as GitHub's parser takes it in, with raw HTML let through. */
function html(markdown: string): string {
  return micromark(markdown, { extensions: [gfm()], htmlExtensions: [gfmHtml()], allowDangerousHtml: true });
}

function expectInert(markdown: string): void {
  const page = html(markdown).replaceAll("<!-- -->", "\u0000");
  const tags = [...page.matchAll(/<\/?([a-z0-9]+|!|[^a-z0-9\s])([^>]*)>/gi)];
  for (const [, name = "", attributes = ""] of tags) {
    expect(own).toContain(name.toLowerCase());
    expect(attributes).toMatch(/^( align="right"| class="language-sh")?$/);
  }
  const outsideCode = page.replace(/<pre>[\s\S]*?<\/pre>/g, "").replace(/<[^>]*>/g, " ");
  expect(outsideCode).not.toMatch(linked);
  expect(markdown).not.toMatch(hidden);
}

describe.each(["ja", "en"] as const)("in %s", (locale) => {
  test.each([
    ["blocked", blocked],
    ["undecided", undecided],
    ["waived", withWaiver()],
    ["hostile", hostile],
  ])("%s is what is expected", async (name, report) => {
    const text = await textOf(report, "markdown", locale);
    await expect(text).toMatchFileSnapshot(`../goldens/report/${name}.${locale}.md`);
    expectInert(text);
  });
});

test.each(attacks)("%j is text and nothing else", (attack) => {
  expectInert(`- ${markdownText(attack)}`);
  expectInert(`${markdownText(attack)}`);
  expectInert(`| a | b |\n|---|---|\n| ${markdownText(attack)} | x |`);
  const cells = html(`| a | b |\n|---|---|\n| ${markdownText(attack)} | x |`).match(/<td/g);
  expect(cells).toHaveLength(2);
  expect(html(`| a | b |\n|---|---|\n| ${markdownText(attack)} | x |`)).toContain("<td>x</td>");
  expectInert(codeBlock([attack, attack]));
});

test("stays inert and within what GitHub takes, whatever a report holds", async () => {
  const text = fc.oneof(fc.constantFrom(...poisons, ...attacks), fc.string({ unit: "binary", maxLength: 60 }));
  await fc.assert(
    fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 20 }), async (texts) => {
      let index = 0;
      const page = await textOf(
        poison(blocked, () => texts[index++ % texts.length] ?? ""),
        "markdown",
      );
      expect(page.length).toBeLessThanOrEqual(65_536);
      expectInert(page);
    }),
    { numRuns: 8 },
  );
});

test("says how much it left out where there is no room, and keeps what blocks first", async () => {
  const failing = blocked.findings.filter(({ outcome }) => outcome === "fail");
  const many = Array.from({ length: 400 }, (_, index) =>
    failing.map((finding) => ({ ...finding, rule: `${finding.rule}-${index}` })),
  ).flat();
  const report: Report = { ...blocked, findings: [...blocked.findings, ...many] };
  const page = await textOf(report, "markdown");
  expect(page.length).toBeLessThanOrEqual(markdownLimit);
  expect(page).toMatch(/\d+ more entries are left out for want of room/);
  const listed = page.match(/^\*\*✕ /gm)?.length ?? 0;
  const lost = Number(/(\d+) more entries/.exec(page)?.[1]);
  const entries = report.findings.filter(({ outcome }) => outcome === "fail").length;
  expect(listed).toBeGreaterThan(50);
  expect(lost).toBeGreaterThanOrEqual(entries - listed);
});

test("of a report that passed speaks of no block", async () => {
  const page = await textOf(passed, "markdown");
  expect(page).not.toContain("What blocks");
  expect(page).toContain("Verdict: Passed");
});
