import type { FailureReason } from "#model/attempt.ts";

/** Why an exchange with a peer came to nothing. */
export interface Failure {
  readonly reason: FailureReason;
  /** For a person; nothing of the peer's own words. */
  readonly detail: string;
}

/** The system's or Node's code of an error, such as ECONNREFUSED; its name when it has none. */
export function errorCode(error: unknown): string {
  if (!(error instanceof Error)) return "unknown error";
  return "code" in error && typeof error.code === "string" ? error.code : error.name;
}

const reasons: Readonly<Record<string, FailureReason>> = {
  ECONNREFUSED: "refused",
  ECONNRESET: "refused",
  EPIPE: "refused",
  ETIMEDOUT: "timeout",
  EHOSTUNREACH: "unreachable",
  ENETUNREACH: "unreachable",
  EADDRNOTAVAIL: "unreachable",
  EHOSTDOWN: "unreachable",
  EAFNOSUPPORT: "unreachable",
  EACCES: "denied",
  EPERM: "denied",
};

/** Turns what a socket reports into a failure. */
export function socketFailure(error: unknown, doing: string): Failure {
  const code = errorCode(error);
  return { reason: reasons[code] ?? "malformed", detail: `${doing}: ${code}` };
}
