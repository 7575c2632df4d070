import { CommanderError } from "commander";
import { formatPlace, InputError } from "#model/input-error.ts";
import { program } from "./commands.ts";
import { LabError, labExit } from "./run.ts";

// A reader such as head(1) may leave before all is said: what is done stays done.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
try {
  process.exitCode = await program();
} catch (error) {
  const { text, exitCode } = explain(error);
  if (text !== "") process.stderr.write(`${text}\n`);
  process.exitCode = exitCode;
}

function explain(error: unknown): { readonly text: string; readonly exitCode: number } {
  // Commander has told already.
  if (error instanceof CommanderError) return { text: "", exitCode: error.exitCode === 0 ? 0 : labExit.usage };
  if (error instanceof InputError) {
    const place = error.place === undefined ? "" : `${formatPlace(error.place)}: `;
    return { text: withHint(`${place}${error.message}`, error.hint), exitCode: labExit.usage };
  }
  if (error instanceof LabError) return { text: withHint(error.message, error.hint), exitCode: error.exitCode };
  // The machine's own refusals, such as a full disk, are told as they are.
  if (error instanceof Error && "syscall" in error) return { text: withHint(error.message), exitCode: labExit.failed };
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { text: `lab: this is a fault of the lab itself.\n${trace}`, exitCode: labExit.bug };
}

function withHint(message: string, hint = ""): string {
  return [
    `lab: ${message}`,
    ...hint
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => `  ${line}`),
  ].join("\n");
}
