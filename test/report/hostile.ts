import type { Report } from "#model/report.ts";
import { blocked, undecided } from "./samples.ts";

/** Strings that a target or a doctored file could hold, each meant to break out of where it stands. */
export const poisons: readonly string[] = [
  "<script>alert(1)</script>",
  '"><img src=x onerror=alert(1)>',
  "'/><svg onload=alert(1)>",
  "</style><script>alert(1)</script>",
  "</script><script>alert(1)</script>",
  "<!-- --><!--",
  "\u001b[2J\u001b]0;owned\u0007\u001b[31m",
  "\u009b31m\u0090q\u009c",
  "abc\u202egnp.exe\u2066x\u2069",
  "line\u2028separator\u2029paragraph",
  "{{verdict.status}}{{{css}}}{{> method}}",
  "${process.exit(1)}",
  "nul\u0000bell\u0007back\b\bcr\roverwritten",
  "\ud800lone\udfff",
  "\u{e0041}\u{e0042}tag",
  "javascript:alert(1)",
  "constructor",
  "__proto__",
  "a\u0300\u0301\u0302\u0303".repeat(50),
  "漢字かな交じり文。".repeat(200),
  "x".repeat(100_000),
  `${"<b>".repeat(20_000)}\u001b[0m`,
  "many\nlines\n".repeat(5000),
  "'; rm -rf / #",
  "",
];

/** Copies a report with every free string replaced. What the schema fixes (outcomes, dates, the format) stays valid. */
export function poison(report: Report, next: () => string): Report {
  const keep = new Set([
    "schema",
    "startedAt",
    "finishedAt",
    "evaluatedAt",
    "from",
    "until",
    "outcome",
    "level",
    "severity",
    "status",
    "state",
    "signature",
    "via",
    "pattern",
    "protocol",
    "letter",
    "section",
    "standing",
    "conflict",
    "group",
    "speaks",
    "listener",
    "filter",
    "rest",
  ]);
  const fixed = new Set([
    "vantages.role",
    "sides.role",
    "approaches.role",
    "layers.id",
    "attempts.reason",
    "target.id",
    "sections.id",
  ]);
  const walk = (value: unknown, key: string, parent: string): unknown => {
    if (typeof value === "string") {
      if (keep.has(key) || fixed.has(`${parent}.${key}`)) return value;
      return next();
    }
    if (Array.isArray(value)) return value.map((item) => walk(item, key, key));
    if (typeof value !== "object" || value === null) return value;
    const entries = Object.entries(value).map(([name, item]) => [
      key === "references" ? next() || "empty" : name,
      walk(item, name, key),
    ]);
    return Object.fromEntries(entries);
  };
  // The walk keeps every shape and changes strings only.
  return walk(report, "", "") as Report;
}

/** A report of hostile strings only. */
export const hostile: Report = (() => {
  let index = 0;
  const next = () => poisons[index++ % poisons.length] ?? "";
  const base = poison(blocked, next);
  const more = poison(undecided, next);
  return { ...base, findings: [...base.findings, ...more.findings] };
})();
