import { hiddenServers } from "./hidden.ts";
import { kinds, standsUnder } from "./looks.ts";
import { listOf, type NetworkRoot, type NetworkSources, open, scansOf } from "./scans.ts";
import { type AlgorithmKnowledge, withStandings } from "./ssh-facts.ts";

/** Kinds whose elements are found by way of the ports a scan saw open. */
const found: readonly string[] = ["ssh", "tls", "http"];

/** The roots `outside`, `allowed` and `network`, each where a vantage could have looked. */
export function projectNetwork(
  sources: NetworkSources,
  knowledge: AlgorithmKnowledge,
): Record<string, Record<string, unknown>> {
  const roots: Record<string, Record<string, unknown>> = {};
  for (const root of ["outside", "allowed", "network"] as const) {
    if (!sources.bundle.vantages.some((vantage) => standsUnder(root, vantage))) continue;
    const own = sources.looks.filter(
      ({ evidence, vantage }) => standsUnder(root, vantage) && kinds.get(evidence.kind)?.place === "network",
    );
    roots[root] = projectRoot({ ...sources, root, own }, knowledge);
  }
  return roots;
}

function projectRoot(root: NetworkRoot, knowledge: AlgorithmKnowledge): Record<string, unknown> {
  const lists: Record<string, unknown> = {};
  const scans = scansOf(root);
  for (const kind of kinds.values()) {
    if (kind.place !== "network") continue;
    const seen = kind.id === "tcp" ? scans : listOf(root, kind.id);
    if (seen === undefined) continue;
    const place = { path: `${root.root}.ssh`, gaps: root.gaps };
    const list = kind.id === "ssh" ? seen.map((server) => withStandings(server, knowledge, place)) : seen;
    const hidden = found.includes(kind.id) ? hiddenServers(root, kind.id, scans) : [];
    lists[kind.id] = open(list, hidden, { path: `${root.root}.${kind.id}[]`, gaps: root.gaps });
  }
  return lists;
}
