import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { exec } from "../hosts/host.ts";
import { inNamespace } from "../hosts/network.ts";
import { attempt } from "../hosts/run.ts";
import { type Audit, auditHost, saidBy } from "./audit.ts";
import { type Blinded, compareBlinded } from "./compare.ts";
import { rulesIn, type Said, type WayResult } from "./results.ts";
import { auditUntouched, messageOf, type Session, type Surroundings, withHost } from "./session.ts";
import type { Way } from "./ways.ts";

const scriptLimitMs = 600_000;

/** Audits a fresh host seeing and blinded: what was not seen must not look better than what was. */
export async function runWay(way: Way, around: Surroundings): Promise<WayResult> {
  const { id, title, profile, expect: declared = {} } = way;
  const common = { id, title, profile, kind: "blindness", declared } as const;
  const { found, ...ended } = await withHost(way, around, (session) => blindAndCompare(way, session));
  return { ...common, ...ended, ...(found ?? { said: [] }) };
}

async function blindAndCompare(way: Way, session: Session) {
  const before = await auditUntouched(session);
  const after = await audited(way, session);
  const blinded = compareBlinded(way.expect ?? {}, before.outcomes, after.outcomes);
  const said = saidBy(after.findings, rulesIn([blinded.silenced, blinded.wrong, blinded.misses]));
  writeFileSync(join(session.folder, "comparison.json"), `${JSON.stringify({ blinded, said }, null, 2)}\n`);
  const found = { blinded, said, auditSeconds: after.seconds };
  return { found, problems: explain(way, blinded, said) };
}

/** The audit with its eyes covered; whatever was done at places others use too is undone. */
async function audited(way: Way, session: Session): Promise<Audit> {
  const { controls, around, limitSeconds, restore } = way;
  const given = { ...(controls === undefined ? {} : { controls }), ...(around === undefined ? {} : { around }) };
  const folder = join(session.folder, "after");
  try {
    await session.step("blind", () => blind(way, session));
    return await session.step("after", () => auditHost({ ...session, ...given, folder, limitSeconds }));
  } finally {
    if (restore !== undefined) await place(way, session, { name: "restore", script: restore });
  }
}

async function blind(way: Way, session: Session): Promise<void> {
  if (way.blind !== undefined) await place(way, session, { name: "blind", script: way.blind });
}

/** Runs a script where the way says. @throws Error with what it printed when it fails. */
async function place(
  { at = "host" }: Way,
  { host, folder, signal }: Session,
  { name, script }: { readonly name: string; readonly script: string },
): Promise<void> {
  const values = { NAME: host.name, IPV4: host.ipv4, IPV6: host.ipv6 };
  const assignments = Object.entries(values).map(([key, value]) => `${key}='${value}'`);
  const text = `set -e\n${assignments.join("\n")}\n${script}`;
  const ended =
    at === "host"
      ? await exec(host, text, { timeoutMs: scriptLimitMs })
      : await attempt(inNamespace(at, ["sh", "-c", text]), {
          timeoutMs: scriptLimitMs,
          // What has been done is undone even when the person at the keyboard wants to go.
          ...(name === "restore" ? {} : { signal }),
        });
  writeFileSync(join(folder, `${name}.log`), `exit ${ended.code}\n${ended.stdout}${ended.stderr}`);
  if (ended.code !== 0) throw new Error(`${name} ended with ${ended.code}: ${messageOf(ended.stderr.trim())}`);
}

/** Why a blinded audit is not as it should be, one sentence each. */
function explain(way: Way, { silenced, wrong, misses }: Blinded, said: readonly Said[]): readonly string[] {
  const why = (rule: string) => said.find((each) => each.rule === rule)?.reasons.join("; ") ?? "no such finding";
  const problems = [
    ...wrong.map(({ rule, from, to }) => `${rule} ${from} → ${to} though less was seen: ${why(rule)}`),
    ...misses.map(({ rule, declared, to }) => `miss: ${rule} is ${to}, not ${declared}: ${why(rule)}`),
  ];
  if (way.withstood === true) {
    const fell = silenced.map(({ rule, to }) => `${rule} → ${to}: ${why(rule)}`);
    return [...problems, ...fell];
  }
  if (silenced.length === 0) return [...problems, "no rule fell silent: nothing was blinded"];
  const pattern = new RegExp(way.says ?? "", "iu");
  const reasons = said.filter(({ rule }) => silenced.some((change) => change.rule === rule));
  if (reasons.some(({ reasons: each }) => each.some((reason) => pattern.test(reason)))) return problems;
  return [
    ...problems,
    `no reason matches /${pattern.source}/: ${[...new Set(reasons.flatMap((each) => each.reasons))].join("; ")}`,
  ];
}
