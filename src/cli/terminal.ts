import { exitCodes } from "#model/exit-codes.ts";

/** Writes text, ended by a line feed, or bytes as they are to stdout; a reader that went away (a closed pipe) ends the program quietly. */
export function print(content: string | Uint8Array): void {
  process.stdout.write(typeof content === "string" && !content.endsWith("\n") ? `${content}\n` : content);
}

let logFormat: "text" | "json" = "text";

/** Makes every later note a line of JSON, or plain text. */
export function setLogFormat(format: "text" | "json"): void {
  logFormat = format;
}

/** Writes a note to stderr. */
export function note(text: string): void {
  const line =
    logFormat === "json" ? JSON.stringify({ time: new Date().toISOString(), level: "info", message: text }) : text;
  process.stderr.write(`${line}\n`);
}

/** Width of the terminal, within what can be read. */
export function columnsOf(stream: NodeJS.WriteStream): number {
  return Math.max(40, Math.min(stream.columns ?? 100, 120));
}

/** Whether colours are wanted on a stream (no-color.org). */
export function wantsColor(stream: NodeJS.WriteStream, environment: NodeJS.ProcessEnv): boolean {
  if (environment["NO_COLOR"]) return false;
  if (environment["FORCE_COLOR"]) return environment["FORCE_COLOR"] !== "0";
  return stream.isTTY === true && environment["TERM"] !== "dumb";
}

/**
 * Lets a reader of stdout go away, as `head` does, without touching the exit code: a verdict does not change because nobody read it to the
 * end. Anything else that keeps stdout from being written ends the program with 64.
 */
export function surviveReader(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") return;
    note(`sekisho: stdout cannot be written (${error.code ?? error.message}).`);
    process.exit(exitCodes.usage);
  });
}
