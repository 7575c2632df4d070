import { CommanderError } from "commander";
import { exitCodes } from "#model/exit-codes.ts";
import { explainError } from "./errors.ts";
import { program } from "./program.ts";
import { note, surviveReader } from "./terminal.ts";

surviveReader();
try {
  await program().parseAsync(process.argv);
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? exitCodes.passed : exitCodes.usage;
  } else {
    const { text, exitCode } = explainError(error);
    note(text);
    process.exitCode = exitCode;
  }
}
