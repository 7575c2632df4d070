import { existsSync } from "node:fs";
import { stringify } from "yaml";
import { dayOf, isDay, laterDay } from "#attestation/days.ts";
import { readReport } from "#audit/bundle-file.ts";
import { writeOrRefuse } from "#audit/output.ts";
import { pickLocale } from "#cli/locale.ts";
import { note, print } from "#cli/terminal.ts";
import { baselineTexts } from "#cli/texts.ts";
import { type Adopted, adoptFailures } from "#engine/baseline.ts";
import { exitCodes } from "#model/exit-codes.ts";
import { InputError } from "#model/input-error.ts";
import type { Report } from "#model/report.ts";
import { visible } from "#model/sanitise.ts";
import type { Locale } from "#model/text.ts";

/** Flags of baseline, as commander hands them over. */
export interface BaselineFlags {
  readonly owner: string;
  readonly until: string;
  readonly reason: string;
  readonly out?: string;
  readonly lang?: string;
}

const mostWaivers = 100;
const longestLine = 4000;

/** Prints what fails in a report as waivers for sekisho.yaml, and says on stderr what they accept and what they do not. Gives the exit code. */
export function adoptBaseline(file: string, flags: BaselineFlags): number {
  const locale = pickLocale(flags.lang, process.env);
  const from = dayOf(new Date());
  checkFlags(flags, from);
  const report = readReport(file);
  const adoption = { reason: flags.reason.trim(), by: flags.owner.trim(), from, until: flags.until };
  const adopted = adoptFailures(report, adoption);
  if (adopted.waivers.length > mostWaivers) {
    throw new InputError(`${adopted.waivers.length} waivers would be needed, and a policy holds ${mostWaivers}.`, {
      hint: "Mend or waive the worst one by one; the report lists them.",
    });
  }
  if (adopted.waivers.length === 0) note(baselineTexts.nothing[locale]);
  else put(yamlOf(report, adopted), flags.out);
  tell(report, adopted, locale);
  return exitCodes.passed;
}

function checkFlags({ owner, until, reason }: BaselineFlags, from: string): void {
  if (!/^\S.*\(.*\S.*\)$/.test(owner.trim())) {
    throw new InputError(`--owner "${owner}" does not say who and in what role.`, {
      hint: 'Write for instance --owner "Hanako Sato (CISO)".',
    });
  }
  if (reason.trim() === "") {
    throw new InputError("--reason is empty.", { hint: "Say why it is accepted, and what is done instead." });
  }
  if (!isDay(until)) {
    throw new InputError(`--until "${until}" is not a day.`, { hint: "Write for instance 2027-03-31." });
  }
  // Days as YYYY-MM-DD sort as text.
  if (until < from) throw new InputError(`--until ${until} has passed.`, { hint: "Name a day that is to come." });
  const latest = laterDay(from, { months: 12, days: 0 });
  if (until > latest) {
    throw new InputError(`--until ${until} is more than a year away.`, {
      hint: `End it on ${latest} at the latest, and look again then.`,
    });
  }
}

function yamlOf({ id, target, collection }: Report, { waivers }: Adopted): string {
  const head = [
    `What failed on ${target.id} in report ${id}, collected ${collection.startedAt}.`,
    "Add these to policy.waivers in sekisho.yaml, of this target where targets have policies of their own.",
  ];
  const comments = head.map((line) => `# ${visible(line, longestLine)}\n`).join("");
  return `${comments}${stringify({ policy: { waivers } }, { lineWidth: 0 })}`;
}

function put(yaml: string, out: string | undefined): void {
  if (out === undefined) {
    print(yaml);
    return;
  }
  if (existsSync(out)) {
    throw new InputError(`${out} is there already, and is not overwritten.`, { hint: "Name another file with --out." });
  }
  writeOrRefuse(out, yaml);
  note(out);
}

/** Nothing is accepted silently: what the waivers take, and what they leave. */
function tell({ policy }: Report, adopted: Adopted, locale: Locale): void {
  const { waivers, accepts, stillBlocking, undecided } = adopted;
  const say = (text: string) => note(visible(text, longestLine));
  const subjects = waivers.map(({ rule, subjects: of = [] }) => `${rule} (${of.length})`);
  if (accepts > 0) say(`${baselineTexts.accepts[locale]} ${accepts}: ${subjects.join(", ")}`);
  if (stillBlocking.length > 0) say(`${baselineTexts.open[locale]} ${stillBlocking.join(", ")}`);
  if (undecided.length > 0) say(`${baselineTexts.undecided[locale]} ${undecided.join(", ")}`);
  if ((policy.waivers ?? []).length > 0) say(baselineTexts.others[locale]);
}
