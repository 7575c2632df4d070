// Everything that is tested against real hosts; needs root and Linux. See --help.
import { formatPlace, InputError } from "#model/input-error.ts";
import { labExit } from "./hosts/run.ts";
import { runLab } from "./matrix/main.ts";
import { parseOptions } from "./matrix/options.ts";
import { messageOf } from "./matrix/session.ts";

const interruption = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => {
    if (!interruption.signal.aborted) process.stderr.write("stopping: hosts are taken down\n");
    interruption.abort(new Error("interrupted"));
  });
}

process.exitCode = await main();

async function main(): Promise<number> {
  const options = parseOptions(process.argv.slice(2));
  if (process.getuid?.() !== 0) {
    process.stderr.write("the lab makes namespaces and boots hosts: run it as root\n");
    return labExit.permission;
  }
  try {
    const failed = await runLab(options, {
      signal: interruption.signal,
      print: (line) => process.stdout.write(`${line}\n`),
      note: (line) => process.stderr.write(`${line}\n`),
    });
    if (interruption.signal.aborted) return labExit.interrupted;
    return failed > 0 ? labExit.failed : 0;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const place = error.place === undefined ? "" : `${formatPlace(error.place)}: `;
    process.stderr.write(`${place}${messageOf(error)}\n`);
    return labExit.usage;
  }
}
