import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Finding } from "#model/report.ts";
import { type Audit, auditHost, reasonsOf, saidBy } from "./audit.ts";
import { breakHost } from "./break.ts";
import { type Comparison, compareChanges, couldNotLook, type Deviation, deviations } from "./compare.ts";
import { type Fault, isQuiet } from "./faults.ts";
import { type FaultResult, type ProfileResult, type RepeatResult, rulesIn, type Said } from "./results.ts";
import { auditItself, auditUntouched, type Session, type Surroundings, withHost } from "./session.ts";

/** Audits an untouched host of a profile and holds it to what the profile says. */
export async function runProfile(name: string, around: Surroundings): Promise<ProfileResult> {
  const task = { id: `profile-${name}`, title: "untouched", profile: name };
  const ended = await withHost<readonly Deviation[]>(task, around, async (session) => {
    const audit = await auditItself(session, "audit");
    const found = deviations(session.profile.expect, audit.outcomes);
    return { found, problems: explainDeviations(found, audit.findings) };
  });
  const { found = [], ...common } = ended;
  return { ...task, ...common, kind: "profile", deviations: found };
}

/**
 * Breaks a fresh host in one way and holds what the audit says before and after to what the fault declares. Where no rule decides yet what it
 * breaks, no rule may move; that is looked at only when `withPending` says so.
 */
export async function runFault(fault: Fault, around: Surroundings, withPending: boolean): Promise<FaultResult> {
  const { id, title, profile, expect: declared = {}, pending = [] } = fault;
  const common = { id, title, profile, kind: "fault", declared, pending } as const;
  const undecided = Object.keys(declared).length === 0 && !isQuiet(fault);
  if (undecided && !withPending) return { ...common, verdict: "pending", reasons: [], seconds: 0, steps: {}, said: [] };
  const { found, verdict, ...ended } = await withHost(fault, around, (session) => breakAndCompare(fault, session));
  const result = { ...common, ...ended, verdict: undecided && verdict === "passed" ? "pending" : verdict } as const;
  return found === undefined ? { ...result, said: [] } : { ...result, ...found };
}

/** Audits the same host several times: nothing changed, so no finding may. */
export async function runRepeat(name: string, times: number, around: Surroundings): Promise<RepeatResult> {
  const task = { id: `repeat-${name}`, title: `audited ${times} times`, profile: name };
  const { found = [], ...ended } = await withHost<RepeatResult["differing"]>(task, around, async (session) => {
    const said = new Map<string, string[]>();
    for (let turn = 1; turn <= times; turn += 1) {
      const folder = join(session.folder, String(turn));
      const { findings } = await session.step(`audit ${turn}`, () => auditHost({ ...session, folder }));
      for (const finding of findings) said.set(finding.rule, [...(said.get(finding.rule) ?? []), wordsOf(finding)]);
    }
    const differing = [...said].filter(([, each]) => each.length !== times || new Set(each).size > 1);
    const problems = differing.map(([rule, each]) => `${rule} said ${[...new Set(each)].join(" and ")}`);
    return { found: differing.map(([rule, each]) => ({ rule, said: each })), problems };
  });
  return { ...task, ...ended, kind: "repeat", times, differing: found };
}

async function breakAndCompare(fault: Fault, session: Session) {
  const before = await auditUntouched(session);
  const host = await breakHost(fault, session.host, session);
  const first = await compareAfter("after", { fault, before, session: { ...session, host } });
  // A busy machine leaves probes without an answer in time. What is really so is so the second time, too.
  const doubts = couldNotLook(first.comparison) ? explain(first.comparison, first.said) : [];
  const last =
    doubts.length === 0 ? first : await compareAfter("again", { fault, before, session: { ...session, host } });
  return { found: { ...last, doubts }, problems: explain(last.comparison, last.said) };
}

interface Compared {
  readonly fault: Fault;
  readonly before: Audit;
  readonly session: Session;
}

async function compareAfter(name: string, { fault, before, session }: Compared) {
  const folder = join(session.folder, name);
  const after = await session.step(name, () => auditHost({ ...session, policy: fault.policy, folder }));
  const comparison = compareChanges(fault.expect ?? {}, before.outcomes, after.outcomes);
  const said = saidBy(after.findings, rulesIn([comparison.hits, comparison.misses, comparison.falseAlarms]));
  writeFileSync(join(folder, "comparison.json"), `${JSON.stringify({ comparison, said }, null, 2)}\n`);
  return { comparison, said };
}

/** Why a comparison is no success, one sentence each. */
function explain({ misses, falseAlarms }: Comparison, said: readonly Said[]): readonly string[] {
  const why = (rule: string) => said.find((each) => each.rule === rule)?.reasons.join("; ") ?? "no such finding";
  const missed = misses.map(({ rule, declared, from, to }) =>
    from === declared
      ? `miss: ${rule} was ${declared} before it was broken`
      : `miss: ${rule} is ${to}, not ${declared}: ${why(rule)}`,
  );
  return [...missed, ...falseAlarms.map(({ rule, from, to }) => `false alarm: ${rule} ${from} → ${to}: ${why(rule)}`)];
}

function explainDeviations(found: readonly Deviation[], findings: readonly Finding[]): readonly string[] {
  return found.map(({ rule, expected, got }) => {
    const said = saidBy(findings, [rule]).flatMap(({ reasons }) => reasons);
    return `${rule} is ${got}, not ${expected}: ${said.join("; ")}`;
  });
}

/** A finding as it must be each time; amounts that were observed may differ from run to run, such as free memory. */
function wordsOf(finding: Finding): string {
  const { outcome, occurrences, gaps } = finding;
  return occurrences.length + gaps.length === 0 ? outcome : `${outcome} (${reasonsOf(finding).join("; ")})`;
}
