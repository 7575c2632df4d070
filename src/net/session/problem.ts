import type { HostSession } from "#net/host-session.ts";

/**
 * Why there is no session. refused: the peer said no. unreachable: no route. not-ssh: something else answers on the port.
 * authentication: no key was accepted. passphrase: the key is encrypted and no agent holds it. algorithms: no common ones.
 * no-shell: the login may not run commands. forced-command: it runs something else. lost: the connection broke.
 */
export type SessionProblemCode =
  | "unresolved"
  | "refused"
  | "timeout"
  | "unreachable"
  | "not-ssh"
  | "host-key-unknown"
  | "host-key-changed"
  | "host-key-revoked"
  | "authentication"
  | "passphrase"
  | "key-unreadable"
  | "algorithms"
  | "no-shell"
  | "forced-command"
  | "lost"
  | "bug";

/** What kept us from a session, for a person. */
export interface SessionProblem {
  readonly code: SessionProblemCode;
  /** What happened, and where. */
  readonly message: string;
  /** What to do next, with the exact line where there is one. */
  readonly hint: string;
  /** The key that the server showed, as SHA256: fingerprint; only with the codes about host keys. */
  readonly fingerprint?: string;
}

/** A session, or why there is none. */
export type SessionAttempt =
  | { readonly ok: true; readonly session: HostSession }
  | {
      readonly ok: false;
      readonly problem: SessionProblem;
      /** Why the system's ssh may get further than ssh2 did; undefined where it would fail alike. */
      readonly systemSsh?: string;
    };

/** An attempt that failed. */
export function noSession(
  problem: SessionProblem,
  systemSsh?: string,
): { readonly ok: false; readonly problem: SessionProblem; readonly systemSsh?: string } {
  return { ok: false, problem, ...(systemSsh === undefined ? {} : { systemSsh }) };
}
