import { readReport } from "#audit/bundle-file.ts";
import { pickLocale } from "#cli/locale.ts";
import { print } from "#cli/terminal.ts";
import { worstExitCode } from "#cli/verdict.ts";
import { decideGate, type GateDecision, type GateLevel, type GateRequest } from "#engine/gate.ts";
import { InputError } from "#model/input-error.ts";
import type { Report } from "#model/report.ts";
import { visible } from "#model/sanitise.ts";
import { printableJson } from "#report/json.ts";

/** Flags of gate, as commander hands them over. */
export interface GateFlags {
  readonly failOn: GateLevel;
  readonly baseline?: string;
  readonly maxAge?: string;
  readonly requireCoverage?: string;
  readonly json?: boolean;
  readonly lang?: string;
}

/** Version of what --json prints. */
const gateSchema = "sekisho.gate/1";

const longestLine = 4000;

/** Prints for each report in a line whether the gate opens and why. Gives the exit code of the worst. */
export function gateFiles(files: readonly string[], flags: GateFlags): number {
  const locale = pickLocale(flags.lang, process.env);
  const request = requestOf(files, flags);
  const decided = files.map((file) => {
    const report = readReport(file);
    return { file, report, decision: decideGate(report, request) };
  });
  const exitCode = worstExitCode(decided.map(({ decision }) => decision.exitCode));
  if (flags.json === true) {
    const reports = decided.map(({ file, report, decision }) => asJson(file, report, decision));
    print(printableJson({ schema: gateSchema, exitCode, failOn: flags.failOn, reports }));
    return exitCode;
  }
  for (const { report, decision } of decided) {
    const { status, exitCode: code, reason } = decision;
    print(visible(`${report.target.id}: ${status} (exit ${code}) ${reason[locale]}`, longestLine));
  }
  return exitCode;
}

function asJson(file: string, { id, target, collection, evaluatedAt }: Report, decision: GateDecision) {
  const about = { report: id, collectedAt: collection.startedAt, evaluatedAt };
  return { file, target: target.id, ...about, ...decision };
}

function requestOf(files: readonly string[], flags: GateFlags): GateRequest {
  const { failOn, baseline, maxAge, requireCoverage } = flags;
  if (baseline === undefined && (failOn === "new" || failOn === "regression")) {
    throw new InputError(`--fail-on ${failOn} compares with an earlier report.`, {
      hint: "Name it with --baseline FILE.",
    });
  }
  if (baseline !== undefined && files.length > 1) {
    throw new InputError("A baseline is of one target, and several reports were given.", {
      hint: "Run the gate once for each report.",
    });
  }
  return {
    failOn,
    now: new Date(),
    ...(baseline === undefined ? {} : { baseline: readReport(baseline) }),
    ...(maxAge === undefined ? {} : { maxAgeMs: durationMs(maxAge) }),
    ...(requireCoverage === undefined ? {} : { coveragePercent: percentOf(requireCoverage) }),
  };
}

const unitMs: ReadonlyMap<string, number> = new Map([
  ["m", 60_000],
  ["h", 3_600_000],
  ["d", 86_400_000],
]);

/** A duration such as 30m, 12h or 7d in milliseconds. */
function durationMs(text: string): number {
  const [, number = "", unit = ""] = /^([1-9]\d{0,5})([mhd])$/.exec(text) ?? [];
  const factor = unitMs.get(unit);
  if (factor !== undefined) return Number(number) * factor;
  throw new InputError(`--max-age "${text}" is not a duration.`, { hint: "Write for instance 7d, 12h or 30m." });
}

function percentOf(text: string): number {
  const [, number = ""] = /^(\d{1,3}(?:\.\d{1,2})?)%?$/.exec(text) ?? [];
  const percent = Number(number);
  if (number !== "" && percent <= 100) return percent;
  throw new InputError(`--require-coverage "${text}" is not a percentage from 0 to 100.`, {
    hint: "Write for instance 90%.",
  });
}
