import type { Resolution } from "#evidence/network.ts";
import { observed } from "#model/attempt.ts";
import type { Evidence } from "#model/bundle.ts";
import { visible } from "#model/sanitise.ts";
import { isUnknown, type Maybe } from "#model/unknown.ts";

/** What the resolver said of one name. */
export interface ResolvedName {
  readonly name: string;
  readonly ipv4: Maybe<readonly string[]>;
  readonly ipv6: Maybe<readonly string[]>;
}

/** Evidence of a resolution that was already made, since its addresses are needed before anything else can be planned. */
export function resolutionEvidence(
  vantage: string,
  results: readonly ResolvedName[],
  startedAt: Date,
  durationMs: number,
): Evidence {
  const value: Resolution = results.map(({ name, ipv4, ipv6 }) => ({
    name: visible(name, 255),
    ipv4: isUnknown(ipv4) ? ipv4 : [...ipv4],
    ipv6: isUnknown(ipv6) ? ipv6 : [...ipv6],
  }));
  return {
    kind: "resolution",
    vantage,
    attempt: observed(value),
    startedAt: startedAt.toISOString(),
    durationMs: Math.max(0, Math.round(durationMs)),
    method: "A and AAAA by the system's resolver, hosts file included",
  };
}
