import type { KeyObject } from "node:crypto";
import { join } from "node:path";
import { openJudge } from "#audit/judge.ts";
import { type Written, writeWhole } from "#audit/output.ts";
import type { AuditRequest } from "#audit/request.ts";
import { explainError } from "#cli/errors.ts";
import { pickLocale } from "#cli/locale.ts";
import { product, toolOf } from "#cli/product.ts";
import { signingKey, writeSeal } from "#cli/seal.ts";
import { show, showForFile } from "#cli/show.ts";
import { note, print } from "#cli/terminal.ts";
import { texts } from "#cli/texts.ts";
import { exitCodeOf, worstExitCode } from "#cli/verdict.ts";
import { exitCodes } from "#model/exit-codes.ts";
import type { Report } from "#model/report.ts";
import type { Locale } from "#model/text.ts";
import { type FormatId, formatOf } from "#report/registry.ts";
import {
  type GatheredTarget,
  type GatherFlags,
  gatherOptions,
  gatherTarget,
  noteProblem,
  problemExitCode,
  requestsOf,
} from "./gather-targets.ts";

/** Looks at each target, judges it and writes its report. Gives the exit code. */
export async function auditTargets(targets: readonly string[], flags: GatherFlags): Promise<number> {
  const options = gatherOptions(flags);
  const key = flags.sign === undefined ? undefined : signingKey(flags.sign);
  const requests = requestsOf(targets, flags);
  const audits = requests.map((request) => ({ request, judge: judgeOf(request, flags) }));
  const codes: number[] = [];
  for (const { request, judge } of audits) {
    try {
      const target = await gatherTarget(request, options, flags);
      const code = await publish(target, judge(target.gathered.bundle, new Date()), { ...flags, key });
      if (target.interrupted) return exitCodes.interrupted;
      codes.push(code);
    } catch (error) {
      if (requests.length === 1) throw error;
      // One server that cannot be audited does not keep the others from being audited.
      const { text, exitCode } = explainError(error);
      note(`${request.target.id}: ${text}`);
      codes.push(exitCode);
    }
  }
  return worstExitCode(codes);
}

/** The rules are read before anything is contacted: a broken rule file should not cost a scan. */
function judgeOf(request: AuditRequest, { rules: added = [] }: GatherFlags) {
  return openJudge({ rules: product.rules, added, profile: request.profile, toolVersion: toolOf().version });
}

async function publish(
  target: GatheredTarget & { readonly interrupted: boolean },
  report: Report,
  flags: GatherFlags & { readonly key: KeyObject | undefined },
): Promise<number> {
  const locale = pickLocale(flags.lang, process.env);
  const [printed = "text", ...others] = flags.format ?? [];
  const write = async (format: FormatId) =>
    writeWhole(join(target.folder, formatOf(format).file), await showForFile(report, format, locale));
  const json = await write("json");
  const pages: Written[] = [];
  for (const format of new Set<FormatId>(["html", ...others])) {
    if (format !== "json") pages.push(await write(format));
  }
  print(await show(report, printed, locale));
  noteProblem(target, locale);
  for (const { file, instead } of [...pages, json]) {
    note(`${instead === undefined ? "" : `${instead}\n  `}${texts.wrote[locale]}: ${file}`);
  }
  noteKept(target, locale);
  if (flags.key !== undefined) {
    const files = { report: json.file, evidence: target.evidence.file, others: pages.map(({ file }) => file) };
    writeSeal(files, flags.key, locale);
  }
  return problemExitCode(target) ?? exitCodeOf(report, flags.failOn ?? "must");
}

function noteKept(target: GatheredTarget & { readonly interrupted: boolean }, locale: Locale): void {
  note(`${texts.evidence[locale]}: ${target.evidence.file}`);
  if (target.interrupted) note(`${texts.stopped[locale]} ${target.folder}`);
}
