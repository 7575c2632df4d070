import { describe, expect, test } from "vitest";
import type { Finding, Report } from "#model/report.ts";
import { renderHtml } from "#report/html.ts";
import { renderSummary } from "#report/summary.ts";
import { blocked } from "./samples.ts";
import { templates } from "./templates.ts";

const attack = '</script><img src=x onerror="alert(1)">\u001b[2J';
const accepted = blocked.findings.filter(({ outcome, level }) => outcome === "fail" && level === "must").slice(0, 1);
const rule = accepted[0]?.rule ?? "";
const term = { by: "Hanako Sato (CISO)", from: "2026-11-01", until: "2027-03-31" };

function waive(finding: Finding): Finding {
  if (finding.rule !== rule) return finding;
  const occurrences = finding.occurrences.map((each) => ({ ...each, waived: true as const }));
  return { ...finding, occurrences, waived: true };
}

const report: Report = {
  ...blocked,
  findings: blocked.findings.map(waive),
  summary: { ...blocked.summary, must: { ...blocked.summary.must, fail: blocked.summary.must.fail - 1, waived: 1 } },
  waivers: [
    { rule: "gone", subjects: ["claw-01"], reason: attack, ...term, state: "unused", accepts: 0 },
    { rule, reason: "Replaced in March.", ...term, state: "applied", accepts: 2 },
  ],
};

const html = (locale: "ja" | "en", of = report) => renderHtml(of, { locale, templates });
const summary = (locale: "ja" | "en", of = report) => renderSummary(of, { locale, columns: 100, color: false });

describe("a report with waivers", () => {
  test("lists them on the page, those in force first, with who accepts what and why", () => {
    const page = html("en");
    const section = page.slice(page.indexOf('<section id="waivers"'), page.indexOf('<section id="method"'));
    expect(section.indexOf("Replaced in March.")).toBeGreaterThan(0);
    expect(section.indexOf("Replaced in March.")).toBeLessThan(section.indexOf("gone"));
    for (const word of ["リスク受容", "Hanako Sato (CISO)", "2027-03-31", "every finding of the rule"])
      expect(section).toContain(word);
  });

  test("marks what is waived as a failure that does not block", () => {
    const page = html("en");
    const blocks = page.slice(page.indexOf('<section id="blocks"'), page.indexOf('<section id="undecided"'));
    const title = accepted[0]?.title.en ?? "";
    expect(html("en", blocked).slice(0, page.indexOf('<section id="undecided"'))).toContain(title);
    expect(blocks).not.toContain(title);
    expect(page).toContain("Fail, waived");
    expect(page).toContain("不適合(受容)");
  });

  test("shows the policy's words as text, on the page and in the terminal", () => {
    expect(html("ja")).not.toContain("<img src=x");
    expect(summary("ja")).not.toContain("\u001b");
  });

  test("tells of them in the terminal", () => {
    expect(summary("en")).toContain(`${rule}: In force`);
    expect(summary("en")).toContain("gone  claw-01: Accepts nothing: can be removed");
    expect(summary("ja")).toContain("リスク受容");
    expect(summary("en")).toContain("Fail, waived 1");
  });
});

test("without waivers neither says anything of them", () => {
  expect(html("ja", blocked)).not.toContain("リスク受容");
  expect(summary("ja", blocked)).not.toContain("リスク受容");
});
