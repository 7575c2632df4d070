import type { Outcome } from "#model/outcome.ts";
import type { Report, ReportedStatement } from "#model/report.ts";
import type { Text } from "#model/text.ts";
import { say } from "./say.ts";
import { signatureNames, statementStateNames } from "./terms.ts";

/** What the page shows of one statement. */
interface StatementView {
  readonly requirement: string;
  readonly claim: Text;
  readonly denied: boolean;
  readonly by: string;
  readonly role: string;
  readonly on: string;
  readonly from: string;
  readonly until: string;
  /** Where the statement gives itself more time than the requirement does. */
  readonly ownUntil: Text | null;
  readonly evidence: { readonly name: string; readonly digest: string; readonly size: Text } | null;
  readonly signature: Text;
  readonly key: string | null;
  readonly mark: Outcome;
  readonly state: Text;
  readonly reason: Text | null;
}

/** What the page shows of what people stated. */
export interface StatementsView {
  readonly lead: Text;
  readonly list: readonly StatementView[];
}

/** Lays out the statements: those that count first, each as the report has it. */
export function statementsView(report: Report): StatementsView {
  const list = statementsInOrder(report);
  return { lead: leadOf(list), list: list.map(statementView) };
}

/** The statements of a report, those that count first. */
export function statementsInOrder({ statements = [] }: Report): readonly ReportedStatement[] {
  return statements.toSorted((a, b) => Number(b.state === "counted") - Number(a.state === "counted"));
}

/** What a statement does to a verdict, as a mark. */
export function markOf({ state, holds }: ReportedStatement): Outcome {
  if (state !== "counted") return "notchecked";
  return holds ? "pass" : "fail";
}

function leadOf(list: readonly ReportedStatement[]): Text {
  if (list.length === 0) return say("statementsNone");
  const ids = [...new Set(list.filter(({ state }) => state === "counted").map(({ requirement }) => requirement))];
  if (ids.length === 0) return say("statementsNoneCounted");
  return say("statementsCounted", { count: ids.length, ids: ids.join(", ") });
}

function statementView(statement: ReportedStatement): StatementView {
  const { requirement, claim, holds, by, on, from, until, countsUntil, evidence, signature, key } = statement;
  return {
    requirement,
    claim,
    denied: !holds,
    by: by.name,
    role: by.role,
    on,
    from,
    until: countsUntil,
    ownUntil: until === countsUntil ? null : say("ownUntil", { until }),
    evidence:
      evidence === undefined
        ? null
        : { name: evidence.name, digest: evidence.sha256, size: say("bytes", { count: evidence.bytes }) },
    signature: signatureNames[signature],
    key: key ?? null,
    mark: markOf(statement),
    state: statementStateNames[statement.state],
    reason: statement.reason ?? null,
  };
}
