import { exitCodes } from "#model/exit-codes.ts";
import { formatPlace, InputError, UnusableError } from "#model/input-error.ts";
import { visible } from "#model/sanitise.ts";

const longestLine = 4000;

/** What to print for an error that ended the program, and the exit code it ends with. */
export function explainError(error: unknown): { readonly text: string; readonly exitCode: number } {
  if (error instanceof InputError) {
    const place = error.place === undefined ? "" : `${formatPlace(error.place)}: `;
    return { text: withHint(`sekisho: ${place}${error.message}`, error.hint), exitCode: exitCodes.usage };
  }
  if (error instanceof UnusableError) {
    return { text: withHint(`sekisho: ${error.message}`, error.hint), exitCode: exitCodes.unusable };
  }
  if (error instanceof Error && error.name === "AbortError")
    return { text: "sekisho: stopped.", exitCode: exitCodes.interrupted };
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { text: `sekisho: this is a fault of sekisho itself, not of the target.\n${trace}`, exitCode: exitCodes.bug };
}

/** Messages quote what files and targets hold: nothing of it may steer the terminal. */
function withHint(text: string, hint: string | undefined): string {
  const lines = hint === undefined ? [text] : [text, `  ${hint}`];
  return lines
    .flatMap((line) => line.split("\n"))
    .map((line) => visible(line, longestLine))
    .join("\n");
}
