import { type Attempt, type FailureReason, failed } from "#model/attempt.ts";
import type { SessionProblem } from "#net/session/problem.ts";
import { withoutFolders } from "./local-paths.ts";

/** The attempt that a failed login leaves behind. */
export function loginFailure({ code, message, hint }: SessionProblem): Attempt<never> {
  return failed(failureOf(code), withoutFolders(`${message} ${hint}`));
}

function failureOf(code: SessionProblem["code"]): FailureReason {
  switch (code) {
    case "unresolved":
    case "unreachable":
      return "unreachable";
    case "refused":
      return "refused";
    case "timeout":
    case "lost":
      return "timeout";
    case "not-ssh":
      return "malformed";
    case "algorithms":
      return "unsupported";
    case "bug":
      return "bug";
    case "host-key-unknown":
    case "host-key-changed":
    case "host-key-revoked":
    case "authentication":
    case "passphrase":
    case "key-unreadable":
    case "no-shell":
    case "forced-command":
      return "denied";
  }
}
