import { writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";
import { profileLayers } from "../hosts/layers.ts";
import { loadProfile, profileNames } from "../hosts/profile.ts";
import { runWay } from "./blindness.ts";
import { type Fault, loadFaults } from "./faults.ts";
import { addTallies, figureLines, figuresOf, type Tally, tallyOf } from "./figures.ts";
import { inLanes, newGate } from "./lanes.ts";
import { type Options, type Part, partsOf } from "./options.ts";
import type { FaultResult, Result } from "./results.ts";
import { choose } from "./select.ts";
import type { Surroundings } from "./session.ts";
import { tableOf } from "./table.ts";
import { runFault, runProfile, runRepeat } from "./tasks.ts";
import { runTests } from "./vitest.ts";
import { loadWays, type Way } from "./ways.ts";

/** Where and how a run shows itself. */
export interface Terminal {
  readonly signal: AbortSignal;
  /** A line for standard output: the results. */
  readonly print: (line: string) => void;
  /** A line for standard error: what is going on. */
  readonly note: (line: string) => void;
}

/** What is on the list of a run. */
interface Plan {
  readonly parts: readonly Part[];
  readonly profiles: readonly string[];
  readonly faults: readonly Fault[];
  readonly ways: readonly Way[];
}

/**
 * Runs all that was asked for, prints the table, recall, precision and the last line `N passed, N failed`.
 * @returns the number of what failed.
 * @throws InputError for data or arguments that do not hold together, before anything is run.
 */
export async function runLab(options: Options, terminal: Terminal): Promise<number> {
  const { signal, print, note } = terminal;
  const startedAt = new Date();
  const plan = await planOf(options);
  await prepare(plan, signal);
  if (isOnlyImages(plan.parts)) return 0;
  const tests = plan.parts.includes("tests") ? await runTests(signal, options.all) : undefined;
  const evidence = join(import.meta.dirname, "..", "..", "..", "sekisho-out", "lab", stamp(startedAt));
  const shared = options.all ? {} : { untouched: new Map() };
  const results = await runAll(plan, options, { signal, evidence, starts: newGate(), log: note, ...shared });
  if (results.length > 0) print(`${tableOf(results)}\n`);
  const faults = results.filter((result): result is FaultResult => result.kind === "fault");
  const figures = figuresOf(faults);
  if (faults.length > 0) for (const line of figureLines(figures)) print(line);
  const tally = addTallies([...(tests === undefined ? [] : [tests]), tallyOf(results)]);
  if (options.results !== undefined) {
    writeResults(options.results, { startedAt, jobs: options.jobs, tests, results, figures, tally });
  }
  print(`${tally.passed} passed, ${tally.failed} failed`);
  return tally.failed;
}

/** Reads the data of what is run first, so that a slip in them ends the run at once and not after an hour. */
async function planOf(options: Options): Promise<Plan> {
  const parts = options.repeat > 0 ? [] : partsOf(options);
  const isMeant = (part: Part) => isOnlyImages(parts) || parts.includes(part);
  const faults = isMeant("faults") ? choose(await loadFaults(), options.fault, options) : [];
  const ways = isMeant("blindness") ? choose(await loadWays(), options.way, options) : [];
  const used = new Set(["default", ...[...faults, ...ways].map(({ profile }) => profile)]);
  const profiles = profileNames()
    .filter((name) => (options.profile === undefined ? options.all || used.has(name) : name === options.profile))
    .filter((name) => loadProfile(name).policy !== undefined);
  return {
    parts,
    profiles: parts.includes("profiles") ? profiles : [],
    faults,
    ways,
  };
}

/** Nothing is run: what a run of all parts would need is built. */
function isOnlyImages(parts: readonly Part[]): boolean {
  return parts.length === 1 && parts.includes("images");
}

/** Builds the images that are missing before anything is run: beside a build, a test or an audit would run out of time. */
async function prepare({ parts, profiles, faults, ways }: Plan, signal: AbortSignal): Promise<void> {
  const ownTests = parts.includes("tests") || isOnlyImages(parts) ? ["plain"] : [];
  for (const name of new Set([...ownTests, ...profiles, ...[...faults, ...ways].map(({ profile }) => profile)])) {
    if (!signal.aborted) await profileLayers(loadProfile(name));
  }
}

async function runAll({ profiles, faults, ways }: Plan, options: Options, around: Surroundings): Promise<Result[]> {
  const { jobs, repeat, profile, fault } = options;
  const named = fault.length > 0;
  const todo: (() => Promise<Result>)[] = [
    ...(repeat > 0 && profile !== undefined ? [() => runRepeat(profile, repeat, around)] : []),
    ...profiles.map((name) => () => runProfile(name, around)),
    ...faults.map((each) => () => runFault(each, around, options.all || named)),
    ...ways.map((each) => () => runWay(each, around)),
  ];
  let done = 0;
  const told = todo.map((job) => async () => {
    const result = await job();
    done += 1;
    around.log(`${done}/${todo.length} ${result.id}: ${result.verdict}, ${result.seconds.toFixed(0)} s`);
    for (const reason of result.reasons) around.log(`    ${reason}`);
    return result;
  });
  const results = await inLanes(told, named ? Math.min(jobs, fault.length) : jobs, around.signal);
  return results.filter((result) => result !== undefined);
}

interface Everything {
  readonly startedAt: Date;
  readonly jobs: number;
  readonly tests: Tally | undefined;
  readonly results: readonly Result[];
  readonly figures: ReturnType<typeof figuresOf>;
  readonly tally: Tally;
}

function writeResults(file: string, { startedAt, ...rest }: Everything): void {
  const machine = { cores: cpus().length, memoryBytes: totalmem(), node: process.versions.node };
  const seconds = (Date.now() - startedAt.getTime()) / 1000;
  const all = { schema: "sekisho.lab/1", startedAt: startedAt.toISOString(), seconds, machine, ...rest };
  writeFileSync(file, `${JSON.stringify(all, null, 2)}\n`);
}

/** A moment as part of a path. */
function stamp(time: Date): string {
  return time.toISOString().replaceAll(/[-:]|\.\d+/gu, "");
}
