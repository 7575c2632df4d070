import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { down, exec, type LabHost, ready, up } from "../hosts/host.ts";
import { loadProfile, type Profile } from "../hosts/profile.ts";
import { type Audit, auditHost } from "./audit.ts";
import { deviations } from "./compare.ts";
import type { Gate } from "./lanes.ts";
import type { Verdict } from "./results.ts";

/** What all that is run has in common. */
export interface Surroundings {
  /** Aborted when the person at the keyboard wants it to end. */
  readonly signal: AbortSignal;
  /** Folder under which evidence is kept. */
  readonly evidence: string;
  /** Hosts start one after the other: a start keeps the cores busy, and audits beside several would run out of time. */
  readonly starts: Gate;
  /** Told what is going on. */
  readonly log: (line: string) => void;
  /**
   * Audits of untouched hosts by profile, where one serves all hosts made of the same layers; undefined where each host is audited
   * before it is broken.
   */
  readonly untouched?: Map<string, Promise<Audit>>;
}

/** A host of one's own, for as long as the action lasts. */
export interface Session extends Surroundings {
  readonly host: LabHost;
  readonly profile: Profile;
  /** Folder for what this session leaves behind. */
  readonly folder: string;
  /** Does a step and notes how long it took. */
  step<T>(name: string, action: () => Promise<T>): Promise<T>;
  /** Runs a script on the host that must succeed. @throws Error with what it printed. */
  script(name: string, script: string): Promise<void>;
}

/** What is to be done on a host of one's own. */
export interface Task {
  readonly id: string;
  readonly title: string;
  readonly profile: string;
}

/** How a session ended, whatever happened in it. */
export interface Ended<T> {
  readonly found: T | undefined;
  readonly verdict: Verdict;
  readonly reasons: readonly string[];
  readonly seconds: number;
  readonly steps: Readonly<Record<string, number>>;
  readonly evidence?: string;
}

/** What the action of a session comes to: a finding, and why it is not as it should be. */
export interface Judged<T> {
  readonly found: T;
  readonly problems: readonly string[];
}

const scriptLimitMs = 180_000;
let sessions = 0;

/**
 * Starts a fresh host, does the action, takes the host down whatever happened. Never throws: what went wrong is in the result. Evidence is
 * kept only of what did not pass.
 */
export async function withHost<T>(
  task: Task,
  around: Surroundings,
  action: (session: Session) => Promise<Judged<T>>,
): Promise<Ended<T>> {
  const steps: Record<string, number> = {};
  const reasons: string[] = [];
  const folder = join(around.evidence, task.id);
  let began = performance.now();
  const step: Session["step"] = async (name, work) => {
    const start = performance.now();
    around.signal.throwIfAborted();
    try {
      return await work();
    } finally {
      steps[name] = (performance.now() - start) / 1000;
    }
  };
  let host: LabHost | undefined;
  let found: T | undefined;
  try {
    mkdirSync(folder, { recursive: true });
    const profile = loadProfile(task.profile);
    const started = await around.starts(async () => {
      began = performance.now();
      const fresh = await step("up", () => up(hostName(task.id), task.profile, { signal: around.signal }));
      host = fresh;
      await step("ready", () => ready(fresh));
      return fresh;
    });
    const script: Session["script"] = (name, text) => step(name, () => mustSucceed(started, { folder, name, text }));
    const judged = await action({ ...around, host: started, profile, folder, step, script });
    found = judged.found;
    reasons.push(...judged.problems);
  } catch (error) {
    reasons.push(around.signal.aborted ? "interrupted" : messageOf(error));
  }
  if (host !== undefined) reasons.push(...(await takeDown(host, steps)));
  const verdict = verdictOf(reasons, around.signal);
  const common = { found, verdict, reasons, steps, seconds: (performance.now() - began) / 1000 } as const;
  if (verdict === "failed") return { ...common, evidence: folder };
  rmSync(folder, { recursive: true, force: true });
  return common;
}

/** Audits the untouched host itself; others of its profile may go by what this gives. */
export async function auditItself(session: Session, name: string): Promise<Audit> {
  const audit = session.step(name, () => auditHost({ ...session, folder: join(session.folder, name) }));
  session.untouched?.set(session.profile.name, audit);
  return await audit;
}

/**
 * What an audit of the untouched host says: of another of its profile where they share it and it went well, else of itself.
 * @throws Error where it is not as its profile says.
 */
export async function auditUntouched(session: Session): Promise<Audit> {
  const { untouched, profile } = session;
  // One that failed, or was disturbed, must not fail every host after it.
  const shared = await untouched?.get(profile.name)?.catch(() => undefined);
  if (shared !== undefined && deviations(profile.expect, shared.outcomes).length === 0) return shared;
  const audit = await auditItself(session, "before");
  const off = deviations(profile.expect, audit.outcomes);
  if (off.length === 0) return audit;
  const list = off.map(({ rule, expected, got }) => `${rule} ${got} instead of ${expected}`).join(", ");
  throw new Error(`host not as its profile says: ${list}`);
}

/** What an error says to a person, with its hint where it has one. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const hint = "hint" in error && typeof error.hint === "string" ? ` (${error.hint})` : "";
  return `${error.message}${hint}`;
}

async function mustSucceed(
  host: LabHost,
  { folder, name, text }: { readonly folder: string; readonly name: string; readonly text: string },
): Promise<void> {
  const { code, stdout, stderr } = await exec(host, `set -e\n${text}`, { timeoutMs: scriptLimitMs });
  writeFileSync(join(folder, `${name}.log`), `exit ${code}\n${stdout}${stderr}`);
  if (code !== 0) throw new Error(`${name} ended with ${code}: ${(stderr || stdout).trim().slice(-500)}`);
}

/** What was interrupted after it had come to its end has not been stopped. */
function verdictOf(reasons: readonly string[], { aborted }: AbortSignal): Verdict {
  if (reasons.length === 0) return "passed";
  return aborted ? "stopped" : "failed";
}

/** A host that does not go down is a failure of its own, and hides no other. */
async function takeDown(host: LabHost, steps: Record<string, number>): Promise<readonly string[]> {
  const start = performance.now();
  try {
    await down(host);
    return [];
  } catch (error) {
    return [`the host did not go down: ${messageOf(error)}`];
  } finally {
    steps["down"] = (performance.now() - start) / 1000;
  }
}

/** A name that no other run of the matrix in the same lab uses; names of hosts have at most 32 characters. */
function hostName(id: string): string {
  sessions += 1;
  return `m-${process.pid.toString(36)}-${sessions}-${id}`.slice(0, 32).replace(/-+$/u, "");
}
