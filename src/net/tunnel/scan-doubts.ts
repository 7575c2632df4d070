/**
 * Why a scan through a tunnel ended before every port was asked. full: connections that hang held all places. late: it took too long.
 * useless: the server's answers told nothing of the target. lost: the tunnel broke.
 */
export type StopReason = "full" | "late" | "useless" | "lost" | "aborted";

/** Ports by what came of them. */
export interface ScanCounts {
  readonly open: number;
  readonly closed: number;
  readonly rejected: number;
  readonly silent: number;
  readonly starved: number;
  readonly unrouted: number;
  readonly prohibited: number;
  /** Not asked, or without an answer for too short a time. */
  readonly unasked: number;
}

/** Why the list of open ports may not be whole, or silence not be trusted. */
export function doubtsOf(
  counts: ScanCounts,
  stopped: StopReason | undefined,
  witness: { readonly port: number; readonly answered: boolean } | undefined,
): string[] {
  const { prohibited, starved, unrouted, unasked } = counts;
  const doubts: string[] = [];
  if (prohibited > 0) {
    doubts.push(
      `the vantage's SSH server does not forward to ${prohibited} ports: allow it there for this login (AllowTcpForwarding, PermitOpen)`,
    );
  }
  if (starved > 0) doubts.push(`the vantage's SSH server had no room or no route to ask ${starved} ports`);
  if (unrouted > 0) doubts.push(`${unrouted} ports had no route: ENETUNREACH`);
  if (unasked > 0) doubts.push(whyUnasked(unasked, stopped));
  if (witness?.answered === false && stopped !== "aborted") {
    doubts.push(`port ${witness.port} answered at first and no longer at the end: the scan was cut off on its way`);
  }
  return doubts;
}

function whyUnasked(unasked: number, stopped: StopReason | undefined): string {
  switch (stopped) {
    case "full":
      return `${unasked} ports were not asked: connections that nobody answers hold all places that the vantage's SSH server was given`;
    case "late":
      return `${unasked} ports were not asked: the scan through the tunnel took too long`;
    case "lost":
      return `${unasked} ports were not asked: the SSH connection to the vantage broke`;
    case "aborted":
      return `stopped with ${unasked} ports not asked`;
    case "useless":
    case undefined:
      return `${unasked} ports were not asked`;
  }
}
