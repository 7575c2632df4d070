import type { Change, Outcomes } from "./compare.ts";
import type { Result } from "./results.ts";

/** The cells of one row; a cell of several lines makes the row that high. */
type Row = readonly (readonly string[])[];

const headings: Row = [["what"], ["profile"], ["expected"], ["got"], ["seconds"], ["verdict"]];
const seconds = headings.findIndex(([heading]) => heading === "seconds");

/** All results as a table of text, one row each, with the reasons of what failed below it. */
export function tableOf(results: readonly Result[]): string {
  const rows = results.map((result) => ({ cells: cellsOf(result), notes: notesOf(result) }));
  const all = [headings, ...rows.map(({ cells }) => cells)];
  const widths = headings.map((_, column) => Math.max(...all.flatMap((row) => (row[column] ?? []).map(widthOf))));
  const line = widths.map((width) => "-".repeat(width)).join("  ");
  const body = rows.flatMap(({ cells, notes }) => [...linesOf(cells, widths), ...notes.map((note) => `    ${note}`)]);
  return [...linesOf(headings, widths), line, ...body].join("\n");
}

function cellsOf(result: Result): Row {
  const { id, profile, verdict } = result;
  return [[id], [profile], expectedOf(result), gotOf(result), [result.seconds.toFixed(0)], [verdict]];
}

function expectedOf(result: Result): readonly string[] {
  switch (result.kind) {
    case "profile":
      return result.deviations.map(({ rule, expected }) => `${rule} ${expected}`);
    case "fault": {
      const said = [...declaredOf(result.declared), ...result.pending.map((requirement) => `pending ${requirement}`)];
      return said.length === 0 ? ["nothing moves"] : said;
    }
    case "blindness":
      return ["no better", ...declaredOf(result.declared)];
    case "repeat":
      return [`${result.times} times the same`];
  }
}

function gotOf(result: Result): readonly string[] {
  switch (result.kind) {
    case "profile":
      return result.deviations.map(({ rule, got }) => `${rule} ${got}`);
    case "fault": {
      const { hits = [], misses = [], falseAlarms = [] } = result.comparison ?? {};
      const moved = new Set(falseAlarms.map(({ rule }) => rule));
      const unmoved = misses.filter(({ rule }) => !moved.has(rule)).map(({ rule, to }) => `${rule} still ${to}`);
      return [...hits.map(changed), ...unmoved, ...falseAlarms.map(changed)];
    }
    case "blindness": {
      if (result.blinded === undefined) return [];
      const { silenced, wrong } = result.blinded;
      return [`${silenced.length} fell silent`, ...wrong.map(changed)];
    }
    case "repeat":
      return result.differing.map(({ rule }) => rule);
  }
}

function declaredOf(declared: Outcomes): readonly string[] {
  return Object.entries(declared).map(([rule, outcome]) => `${rule} ${outcome}`);
}

function changed({ rule, to }: Change): string {
  return `${rule} ${to}`;
}

function notesOf(result: Result): readonly string[] {
  const { verdict, reasons, evidence } = result;
  const doubts = result.kind === "fault" ? (result.doubts ?? []) : [];
  const again = doubts.map((doubt) => `audited again after: ${doubt}`);
  if (verdict === "passed" || verdict === "pending") return again;
  return [...again, ...reasons, ...(evidence === undefined ? [] : [`evidence: ${evidence}`])];
}

function linesOf(row: Row, widths: readonly number[]): readonly string[] {
  const height = Math.max(1, ...row.map((cell) => cell.length));
  return Array.from({ length: height }, (_, index) =>
    widths
      .map((width, column) => pad(row[column]?.[index] ?? "", width, column === seconds))
      .join("  ")
      .trimEnd(),
  );
}

function pad(text: string, width: number, right: boolean): string {
  return right ? text.padStart(width) : text.padEnd(width);
}

function widthOf(text: string): number {
  return text.length;
}
