import type { Command } from "commander";
import type { PdfFlags } from "./commands/pdf.ts";
import { langOption } from "./options.ts";

/** Commands that make of a report what is handed over: printed, signed, verified. */
export function addSeals(root: Command): void {
  root
    .command("pdf")
    .description("print a report.json to PDF, by a Chromium that is installed here")
    .argument("<file>", "report.json")
    .option("--out <file>", "file to write (default: the report's name, with .pdf)")
    .option("--browser <file>", "program of the browser (default: the first Chromium that is found)")
    .addOption(langOption())
    .action(async (file: string, flags: PdfFlags) => {
      const { printReport } = await import("./commands/pdf.ts");
      process.exitCode = await printReport(file, flags);
    });
  root
    .command("keygen")
    .description("make a pair of Ed25519 keys to sign reports with; SEKISHO_KEY_PASSPHRASE encrypts the private one")
    .option("--out <file>", "file of the private key; the public one is beside it, with .pub", "sekisho.key")
    .addOption(langOption())
    .action(async (flags) => {
      const { makeKeyFiles } = await import("./commands/seal.ts");
      process.exitCode = makeKeyFiles(flags);
    });
  root
    .command("sign")
    .description("sign a report with the evidence it was judged from: writes report.intoto.json beside it")
    .argument("<file>", "report.json")
    .requiredOption("--key <file>", "private key that sekisho keygen made")
    .option("--evidence <file>", "evidence it was judged from (default: evidence.json beside the report)")
    .addOption(langOption())
    .action(async (file: string, flags) => {
      const { signReport } = await import("./commands/seal.ts");
      process.exitCode = signReport(file, flags);
    });
  root
    .command("verify")
    .description("verify a signed report: signature, files, and the verdict by judging the evidence again")
    .argument("<file>", "report.intoto.json, with the signed files beside it")
    .requiredOption("--key <file>", "public key of who is to have signed it")
    .option("--rules <folder>", "folder of further rules it was judged by; may be repeated", severally)
    .addOption(langOption())
    .action(async (file: string, flags) => {
      const { verifyReport } = await import("./commands/seal.ts");
      process.exitCode = verifyReport(file, flags);
    });
}

/** Gathers an option that may be repeated. */
function severally(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}
