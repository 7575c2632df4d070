import { hiddenServers } from "./hidden.ts";
import { kinds, standsUnder } from "./looks.ts";
import { listOf, type NetworkRoot, type NetworkSources, open, scansOf } from "./scans.ts";

/** Kinds whose elements are found by way of the ports a scan saw open. */
const found: readonly string[] = ["ssh", "tls", "http"];

/** The roots `outside`, `allowed` and `network`, each where a vantage could have looked. */
export function projectNetwork(sources: NetworkSources): Record<string, Record<string, unknown>> {
  const roots: Record<string, Record<string, unknown>> = {};
  for (const root of ["outside", "allowed", "network"] as const) {
    if (!sources.bundle.vantages.some((vantage) => standsUnder(root, vantage))) continue;
    const own = sources.looks.filter(
      ({ evidence, vantage }) => standsUnder(root, vantage) && kinds.get(evidence.kind)?.place === "network",
    );
    roots[root] = projectRoot({ ...sources, root, own });
  }
  return roots;
}

function projectRoot(root: NetworkRoot): Record<string, unknown> {
  const lists: Record<string, unknown> = {};
  const scans = scansOf(root);
  for (const kind of kinds.values()) {
    if (kind.place !== "network") continue;
    const list = kind.id === "tcp" ? scans : listOf(root, kind.id);
    if (list === undefined) continue;
    const hidden = found.includes(kind.id) ? hiddenServers(root, kind.id, scans) : [];
    lists[kind.id] = open(list, hidden, { path: `${root.root}.${kind.id}[]`, gaps: root.gaps });
  }
  return lists;
}
