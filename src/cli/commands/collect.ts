import { explainError } from "#cli/errors.ts";
import { pickLocale } from "#cli/locale.ts";
import { note, print } from "#cli/terminal.ts";
import { texts } from "#cli/texts.ts";
import { worstExitCode } from "#cli/verdict.ts";
import { exitCodes } from "#model/exit-codes.ts";
import {
  type GatherFlags,
  gatherOptions,
  gatherTarget,
  noteProblem,
  problemExitCode,
  requestsOf,
} from "./gather-targets.ts";

/** Looks at each target and writes evidence.json, whose path it prints. Gives the exit code. */
export async function collectTargets(targets: readonly string[], flags: GatherFlags): Promise<number> {
  const locale = pickLocale(flags.lang, process.env);
  const options = gatherOptions(flags);
  const requests = requestsOf(targets, flags);
  const codes: number[] = [];
  for (const request of requests) {
    try {
      const target = await gatherTarget(request, options, flags);
      noteProblem(target, locale);
      print(target.evidence.file);
      if (target.interrupted) {
        note(`${texts.stopped[locale]} ${target.folder}`);
        return exitCodes.interrupted;
      }
      codes.push(problemExitCode(target) ?? exitCodes.passed);
    } catch (error) {
      if (requests.length === 1) throw error;
      // One server that cannot be looked at does not keep the others from it.
      const { text, exitCode } = explainError(error);
      note(`${request.target.id}: ${text}`);
      codes.push(exitCode);
    }
  }
  return worstExitCode(codes);
}
