import { visible } from "#model/sanitise.ts";
import { describeHop, type Hop } from "./login.ts";
import { noSession, type SessionAttempt } from "./problem.ts";
import type { ShellAnswer } from "./shell.ts";
import { stopped } from "./tcp.ts";

type Failed = Extract<SessionAttempt, { ok: false }>;

const saidLength = 200;

/** nologin(8), and shells that say so themselves. */
const refusals =
  /not available|nologin|not allowed|no shell|unrecognized command|restricted|not found|No such file|[Pp]ermission denied/;

/** The problem of a login that works and whose command does not behave like a shell. */
export function shellProblem(hop: Hop, answer: Exclude<ShellAnswer, { kind: "shell" }>): Failed {
  if (answer.kind === "aborted") return stopped(hop);
  const said = quote(answer.stdout, answer.stderr);
  const where = `${hop.user}@${describeHop(hop)}`;
  if (answer.kind === "silent") return forced(where, said === "" ? "is silent" : `says ${said}`);
  if (answer.end.lost) {
    return noSession({
      code: "lost",
      message: `The connection to ${where} broke after the login${said === "" ? "" : `: ${said}`}.`,
      hint: "Run again; if it stays so, see the server's log: journalctl -u ssh",
    });
  }
  const ended = answer.end.exitCode === null ? "ended by a signal" : `ended with exit code ${answer.end.exitCode}`;
  const refused = answer.end.exitCode !== 0 && (said === "" || refusals.test(answer.stdout + answer.stderr));
  if (refused) return noShell(hop, `the login shell ${withWords(ended, said)}`);
  return forced(where, withWords(ended, said));
}

/** The problem of a login whose shell runs no command. `why` is shown as it is: what the peer said in it has to be quoted already. */
export function noShell(hop: Hop, why: string): Failed {
  return noSession({
    code: "no-shell",
    message: `${hop.user}@${describeHop(hop)} may log in and not run commands: ${visible(why, 2 * saidLength)}.`,
    hint: `Give the login a shell (sudo usermod -s /bin/sh ${hop.user}), or use another login with --ssh.`,
  });
}

function withWords(ended: string, said: string): string {
  return said === "" ? `${ended} and said nothing` : `${ended} and said ${said}`;
}

function forced(where: string, what: string): Failed {
  return noSession({
    code: "forced-command",
    message: `The login ${where} works, but it does not run the shell we ask for; what runs instead ${what}.`,
    hint: "Look for ForceCommand in sshd_config and command= in authorized_keys, and use a login without them.",
  });
}

function quote(stdout: string, stderr: string): string {
  const said = `${stdout}\n${stderr}`.replace(/\s+/g, " ").trim();
  return said === "" ? "" : `"${visible(said, saidLength)}"`;
}
