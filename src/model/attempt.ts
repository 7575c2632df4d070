import Type, { type Static } from "typebox";

/**
 * Why an attempt failed. timeout: no answer in time. refused: the peer said no. unreachable: no route, no name, no network.
 * denied: we lack the permission. malformed: the answer made no sense. unsupported: the tool or option is not there.
 * truncated: cut at a limit. bug: our own fault.
 */
export const FailureReason = Type.Enum([
  "timeout",
  "refused",
  "unreachable",
  "denied",
  "malformed",
  "unsupported",
  "truncated",
  "bug",
]);
export type FailureReason = Static<typeof FailureReason>;

/** What came of one attempt to observe something. Failure is a value; nothing in it says whether that is good or bad. */
export type Attempt<T> =
  | { readonly status: "observed"; readonly value: T }
  | { readonly status: "absent"; readonly detail: string }
  | { readonly status: "failed"; readonly reason: FailureReason; readonly detail: string }
  | { readonly status: "not_attempted"; readonly detail: string };

/** An attempt that observed `value`. */
export function observed<T>(value: T): Attempt<T> {
  return { status: "observed", value };
}

/** An attempt that looked and found nothing: `detail` says where it looked. */
export function absent(detail: string): Attempt<never> {
  return { status: "absent", detail };
}

/** An attempt that could not tell: `detail` says what happened, for a person. */
export function failed(reason: FailureReason, detail: string): Attempt<never> {
  return { status: "failed", reason, detail };
}

/** An attempt that was not made: `detail` says why, and how it could be. */
export function notAttempted(detail: string): Attempt<never> {
  return { status: "not_attempted", detail };
}
