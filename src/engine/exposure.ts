import type { EvidenceBundle } from "#model/bundle.ts";
import type { Exposure } from "#model/exposure.ts";
import type { VantageRole } from "#model/vantage.ts";
import { doorsOf, type Side } from "./exposure-doors.ts";
import { exitsOf } from "./exposure-exits.ts";
import { layersOf } from "./exposure-layers.ts";
import type { Projection } from "./facts.ts";
import type { Found } from "./finding.ts";
import { gapAt } from "./gaps.ts";
import { isFields, isOpen, records } from "./strip.ts";

/** What the exposure map is drawn from. */
export interface ExposureSources {
  readonly bundle: EvidenceBundle;
  readonly projection: Projection;
  readonly found: readonly Found[];
}

const remote = ["outside", "allowed", "unplaced"] as const satisfies readonly VantageRole[];

/** Who can get in, through what, and where the target can get out, each held against the rules that speak of it. */
export function exposureOf(sources: ExposureSources): Exposure {
  const sides = sidesOf(sources);
  const { doors, moreDoors } = doorsOf(sources, sides);
  return {
    sides: sides.map(({ role, vantages, scans }) => {
      const whole =
        scans.length > 0 && !isOpen(scans) && scans.every((scan) => isFields(scan) && !isOpen(scan["open"]));
      return whole ? { role, vantages: [...vantages], rest: "closed" } : unsure({ role, vantages }, sources);
    }),
    doors: [...doors],
    moreDoors,
    layers: [...layersOf(sources)],
    exits: [...exitsOf(sources)],
  };
}

/** The roles that look over the network. The two that the guide names are there even where nobody looked from them. */
function sidesOf({ bundle, projection }: ExposureSources): readonly Side[] {
  return remote.flatMap((role) => {
    const vantages = bundle.vantages.filter((vantage) => vantage.role === role).map(({ id }) => id);
    if (role === "unplaced" && vantages.length === 0) return [];
    const root = role === "unplaced" ? "network" : role;
    const network = projection.facts[root];
    const list = (kind: string) => {
      const all = isFields(network) ? network[kind] : undefined;
      if (!Array.isArray(all)) return [];
      const own = records(all).filter((element) => element["vantage"] === role);
      return own.length > 0 && isOpen(all) ? [...own, {}] : own;
    };
    return [{ role, root, vantages, scans: list("tcp"), list }];
  });
}

function unsure(
  { role, vantages }: Pick<Side, "role" | "vantages">,
  { bundle, projection }: ExposureSources,
): Exposure["sides"][number] {
  const root = role === "unplaced" ? "network" : role;
  const paths = [`${root}.tcp[].open[]`, `${root}.tcp[]`, `${root}.tcp`].filter((path) => projection.gaps.has(path));
  const why = gapAt(paths[0] ?? `${root}.tcp`, projection, bundle).reason;
  return { role, vantages: [...vantages], rest: "unknown", why };
}
