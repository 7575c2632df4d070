import type { AuditRequest } from "#audit/request.ts";
import { randomHex } from "#cli/environment.ts";
import { pickLocale } from "#cli/locale.ts";
import { outboundNotice } from "#cli/outbound-notice.ts";
import { note, print } from "#cli/terminal.ts";
import { hostScript } from "#collect/host/script.ts";
import { sudoersRule } from "#collect/host/sudoers.ts";
import { exitCodes } from "#model/exit-codes.ts";
import { InputError } from "#model/input-error.ts";
import { outboundPlan } from "#model/outbound.ts";
import { requestsOf } from "./gather-targets.ts";

interface ScriptFlags {
  readonly user?: string;
  readonly container?: string;
  readonly config?: string;
  readonly lang?: string;
}

/**
 * Prints the host script with a fresh boundary; with a target it looks for and tries what that target's policy says. Connections that it
 * will try are announced on standard error. Gives the exit code.
 */
export function printScript(name: string | undefined, flags: ScriptFlags): number {
  const request = name === undefined && flags.config === undefined ? undefined : askedFor(name, flags.config);
  const user = flags.user ?? request?.target.ssh?.user;
  const container = flags.container ?? request?.target.container;
  const outbound = request === undefined ? undefined : outboundPlan(request.policy);
  const { paths = [], jobs = [] } = request?.policy.backups ?? {};
  if (outbound !== undefined) note(outboundNotice(outbound, pickLocale(flags.lang, process.env)));
  print(
    hostScript({
      boundary: randomHex(16),
      sshUsers: [...new Set([...(user === undefined ? [] : [user]), "root"])],
      ...(container === undefined ? {} : { container }),
      backups: { paths, jobs },
      outbound,
    }),
  );
  return exitCodes.passed;
}

function askedFor(name: string | undefined, config: string | undefined): AuditRequest {
  const requests = requestsOf(name === undefined ? [] : [name], config === undefined ? {} : { config });
  const [request] = requests;
  if (request !== undefined && requests.length === 1) return request;
  throw new InputError("The configuration holds several targets.", { hint: "Name one: sekisho script TARGET." });
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
