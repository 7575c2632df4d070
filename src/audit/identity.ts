import type { Ssh } from "#evidence/ssh.ts";
import type { Tls } from "#evidence/tls.ts";
import type { Evidence, Identity } from "#model/bundle.ts";
import { isUnknown, seen } from "#model/unknown.ts";

/** What the evidence says of which machine this is. `verifiedKeys` are host keys of the session that logged in. */
export function identify(
  evidence: readonly Evidence[],
  verifiedKeys: readonly string[],
  machineIdHash: string | undefined,
): Identity {
  const ssh = values<Ssh>(evidence, "ssh").flatMap((list) => seen(list));
  const tls = values<Tls>(evidence, "tls").flatMap((list) => seen(list));
  const hostKeys = ssh.flatMap((server) => seen(server.hostKeys).map((key) => key.fingerprint));
  const tlsKeys = tls.flatMap((server) => (knownText(server.leafKeyDigest) ? [server.leafKeyDigest] : []));
  return {
    sshHostKeys: sortedUnique([...verifiedKeys, ...hostKeys]),
    tlsKeys: sortedUnique(tlsKeys),
    ...(machineIdHash === undefined ? {} : { machineIdHash }),
  };
}

// Evidence holds values of many kinds as unknown; each collector returns its own kind's type, which the bundle's reader checks again.
function values<T>(evidence: readonly Evidence[], kind: string): readonly T[] {
  return evidence.flatMap((entry) =>
    entry.kind === kind && entry.attempt.status === "observed" ? [entry.attempt.value as T] : [],
  );
}

function knownText(value: unknown): value is string {
  return typeof value === "string" && !isUnknown(value);
}

function sortedUnique(list: readonly string[]): string[] {
  return [...new Set(list)].sort();
}
