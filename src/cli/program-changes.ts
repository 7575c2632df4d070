import { type Command, Option } from "commander";
import type { BaselineFlags } from "./commands/baseline.ts";
import type { DiffFlags } from "./commands/diff.ts";
import { langOption } from "./options.ts";

/** The commands on what changes from report to report: what differs, and what is accepted for a time. */
export function addChanges(root: Command): void {
  addDiff(root);
  addBaseline(root);
}

function addDiff(root: Command): void {
  root
    .command("diff")
    .description("what changed between two reports of one target: new, fixed, no longer known, still failing")
    .argument("<before>", "earlier report.json")
    .argument("<after>", "later report.json")
    .addOption(new Option("--json", "print it as JSON").conflicts("markdown"))
    .option("--markdown", "print it as Markdown, for a pull request")
    .addOption(langOption())
    .action(async (before: string, after: string, flags: DiffFlags) => {
      const { diffFiles } = await import("./commands/diff.ts");
      process.exitCode = diffFiles(before, after, flags);
    });
}

function addBaseline(root: Command): void {
  root
    .command("baseline")
    .description("adopt what fails today: print it as waivers with owner, reason and last day, for sekisho.yaml")
    .argument("<file>", "report.json")
    .requiredOption("--owner <person>", 'who accepts it, "name (role)"')
    .requiredOption("--until <day>", "last day, YYYY-MM-DD, a year from today at most")
    .requiredOption("--reason <text>", "why it is accepted, and what is done instead")
    .option("--out <file>", "write to this new file instead of stdout")
    .addOption(langOption())
    .action(async (file: string, flags: BaselineFlags) => {
      const { adoptBaseline } = await import("./commands/baseline.ts");
      process.exitCode = adoptBaseline(file, flags);
    });
}
