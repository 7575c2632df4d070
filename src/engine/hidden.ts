import { incomplete, unseenListeners } from "./listeners.ts";
import { isDecided } from "./looks.ts";
import { type NetworkRoot, scansOf } from "./scans.ts";
import { isOpen, records } from "./strip.ts";
import { noGaps, type Why } from "./why.ts";

/**
 * Why a server of a kind (ssh, tls, http) may be there that no look found; empty where nothing can hide. From `outside` and `allowed` a
 * complete scan is enough: what does not answer there is not offered there. Under `network` a port that is filtered for one
 * may be open for another.
 */
export function hiddenServers(root: NetworkRoot, kind: string, scans: readonly unknown[] | undefined): readonly Why[] {
  if (root.root !== "network") return areComplete(scans) ? [] : [incomplete];
  if (root.bundle.vantages.some(({ id }) => sawEverything(root, id, kind))) return [];
  return unseenListeners(root.host, scans);
}

function areComplete(scans: readonly unknown[] | undefined): boolean {
  if (scans === undefined || isOpen(scans)) return false;
  return scans.length > 0 && records(scans).every((scan) => !isOpen(scan["open"]));
}

/** Whether one vantage scanned everything, had nothing in its way, and looked for the kind. */
function sawEverything(root: NetworkRoot, id: string, kind: string): boolean {
  const vantage = root.bundle.vantages.find((each) => each.id === id);
  const looked = root.own.some((look) => look.vantage.id === id && look.evidence.kind === kind && isDecided(look));
  if (vantage === undefined || !looked) return false;
  const scans = scansOf({
    ...root,
    bundle: { ...root.bundle, vantages: [vantage] },
    own: root.own.filter((look) => look.vantage.id === id || look.evidence.kind === "resolution"),
    gaps: noGaps(),
  });
  if (!areComplete(scans)) return false;
  const near = vantage.role === "inside" || vantage.role === "allowed";
  return near || records(scans).every((scan) => scan["filteredPorts"] === 0 && scan["rejectedPorts"] === 0);
}
