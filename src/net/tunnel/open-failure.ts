import type { ProbeOutcome } from "#net/probe-pool.ts";

/**
 * Why no connection stands, as the far end of a tunnel tells it. prohibited: it forwards nothing there. starved: it had no room, or gave
 * no reason that says more, as OpenSSH does without room and without a route alike. The rest is what its own attempt to connect showed.
 */
export type Refusal = Exclude<ProbeOutcome, "open"> | "prohibited";

/** Reason codes of SSH_MSG_CHANNEL_OPEN_FAILURE (RFC 4254, 5.1). */
const reasons = { prohibited: 1, connectFailed: 2, unknownType: 3, shortage: 4 } as const;

/** What strerror(3) says of connect(2) in glibc, musl and the BSDs; OpenSSH and Dropbear send it as the description. */
const said: readonly (readonly [RegExp, Refusal])[] = [
  [/connection refused/i, "closed"],
  [/no route to host|host is (?:unreachable|down)|permission denied|operation not permitted/i, "rejected"],
  [/network (?:is )?(?:unreachable|down)|address family not supported|can't assign requested address/i, "unrouted"],
  [/timed out/i, "silent"],
];

/** Reads the failure of a channel, as ssh2 gives it. What is not understood is starved, which shows nothing of the port asked. */
export function readRefusal({ reason, message }: { readonly reason: unknown; readonly message: string }): Refusal {
  switch (Number(reason)) {
    case reasons.prohibited:
    case reasons.unknownType:
      return "prohibited";
    case reasons.connectFailed:
      return said.find(([words]) => words.test(message))?.[1] ?? "starved";
    default:
      return "starved";
  }
}
