import { findPlaces } from "#audit/places.ts";
import { type PreflightCheck, preflight } from "#audit/preflight.ts";
import { loadCatalogue } from "#catalog/load.ts";
import { onInterrupt } from "#cli/interrupt.ts";
import { pickLocale } from "#cli/locale.ts";
import { outboundNotice } from "#cli/outbound-notice.ts";
import { product } from "#cli/product.ts";
import { note, print } from "#cli/terminal.ts";
import { doctorTexts, texts } from "#cli/texts.ts";
import { exitCodes } from "#model/exit-codes.ts";
import { InputError } from "#model/input-error.ts";
import { outboundPlan } from "#model/outbound.ts";
import type { Locale } from "#model/text.ts";
import { reasonText } from "#reasons/japanese.ts";
import { type GatherFlags, gatherOptions, requestsOf } from "./gather-targets.ts";

/** Tries what an audit will need of a server, and says what each no costs. Gives the exit code: 0 when all is yes, 2 when not, 3 when unusable. */
export async function doctor(name: string, flags: GatherFlags): Promise<number> {
  const locale = pickLocale(flags.lang, process.env);
  const options = gatherOptions(flags);
  const [request] = requestsOf([name], flags);
  if (request === undefined) throw new InputError(`"${name}" is not a target.`);
  const interruption = onInterrupt(() => note(texts.stopping[locale]));
  try {
    const around = { signal: interruption.signal, now: () => new Date() };
    const places = await findPlaces(request, options.ownAddresses, around);
    const checks = await preflight(places.target, {
      ...options,
      permit: places.permit,
      signal: interruption.signal,
    });
    const decidable = new Set(loadCatalogue(product.rules).rules.map(({ rule }) => rule.requirement));
    for (const check of checks) print(describe(check, decidable, locale));
    const outbound = outboundPlan(request.policy);
    if (outbound !== undefined) print(outboundNotice(outbound, locale));
    if (interruption.signal.aborted) return exitCodes.interrupted;
    return exitCodeOf(checks, locale);
  } finally {
    interruption.release();
  }
}

function exitCodeOf(checks: readonly PreflightCheck[], locale: Locale): number {
  const refused = checks.filter((check) => check.outcome === "no");
  const fatal: readonly string[] = ["resolve", "reach", "host-key", "login", "shell"];
  if (refused.some((check) => fatal.includes(check.id))) return exitCodes.unusable;
  if (refused.some((check) => check.unknownRequirements.length > 0)) return exitCodes.undecided;
  print(doctorTexts.allYes[locale]);
  return exitCodes.passed;
}

/** Requirements without a rule stay undecided whatever the preflight says: they are not named. */
function describe(check: PreflightCheck, decidable: ReadonlySet<string>, locale: Locale): string {
  const lines = [
    `[${doctorTexts[check.outcome][locale]}] ${doctorTexts.names[check.id][locale]}: ${reasonText(check.detail)[locale]}`,
  ];
  if (check.outcome === "yes") return lines.join("\n");
  const unknown = check.unknownRequirements.filter((id) => decidable.has(id));
  if (check.outcome === "no" && unknown.length > 0) {
    lines.push(`      ${doctorTexts.unknown[locale]}: ${unknown.join(", ")}`);
  }
  if (check.remedy !== undefined)
    lines.push(`      ${doctorTexts.remedy[locale]}: ${reasonText(check.remedy)[locale]}`);
  return lines.join("\n");
}
