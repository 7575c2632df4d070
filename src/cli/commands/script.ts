import { randomHex } from "#cli/environment.ts";
import { print } from "#cli/terminal.ts";
import { hostScript } from "#collect/host/script.ts";
import { sudoersRule } from "#collect/host/sudoers.ts";
import { exitCodes } from "#model/exit-codes.ts";
import { InputError } from "#model/input-error.ts";

/** Prints the host script with a fresh boundary. Gives the exit code. */
export function printScript(flags: { readonly user?: string; readonly container?: string }): number {
  const sshUsers = [...new Set([...(flags.user === undefined ? [] : [flags.user]), "root"])];
  print(
    hostScript({
      boundary: randomHex(16),
      sshUsers,
      ...(flags.container === undefined ? {} : { container: flags.container }),
    }),
  );
  return exitCodes.passed;
}

/** Prints the sudoers rule for a login, and for the name of OpenClaw's container. Gives the exit code. */
export function printSudoers(user: string, { container }: { readonly container?: string }): number {
  if (!/^[a-z_][a-z0-9_-]{0,31}$/i.test(user)) {
    throw new InputError(`"${user.slice(0, 40)}" is not a login name.`, {
      hint: "Write for instance sekisho sudoers ops.",
    });
  }
  if (container !== undefined && !/^[a-z0-9][a-z0-9_.-]{0,127}$/i.test(container)) {
    throw new InputError(`"${container.slice(0, 40)}" is not a container's name.`, {
      hint: "Write it as docker ps shows it under NAMES.",
    });
  }
  print(sudoersRule(user, container));
  return exitCodes.passed;
}
