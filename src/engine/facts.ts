import type { Facts } from "#expression/facts.ts";
import type { AdvisoryList } from "#model/advisory.ts";
import type { Claim } from "#model/attestation.ts";
import type { EvidenceBundle } from "#model/bundle.ts";
import type { ReportedStatement } from "#model/report.ts";
import type { AlgorithmList } from "#model/ssh-algorithms.ts";
import { withAdvisories } from "./advisory-facts.ts";
import { projectAttested } from "./attested.ts";
import { isDecided, kinds, type Look, looksOf, observedValue, standsUnder } from "./looks.ts";
import { projectNetwork } from "./network-facts.ts";
import { controlled } from "./outbound-facts.ts";
import { isFields, strip } from "./strip.ts";
import { type GapsFound, malformed, noGaps, note, type Why, whyUndecided } from "./why.ts";

/** Facts, with why each thing that is missing in them is not known. */
export interface Projection {
  readonly facts: Facts;
  readonly gaps: ReadonlyMap<string, readonly Why[]>;
  readonly looks: readonly Look[];
  readonly statements: readonly ReportedStatement[];
}

/** What statements of people, the release of OpenClaw and algorithms of SSH are held against; where it is left out, no statement counts. */
export interface Listening {
  readonly claims: readonly Claim[];
  readonly advisories?: AdvisoryList | undefined;
  readonly algorithms?: AlgorithmList | undefined;
  readonly now: Date;
}

/** The facts of a bundle, as docs/architecture.md describes them. */
export function projectFacts(bundle: EvidenceBundle): Facts {
  return project(bundle).facts;
}

/** The facts of a bundle together with the gaps in them. */
export function project(bundle: EvidenceBundle, listening: Listening = { claims: [], now: new Date(0) }): Projection {
  const looks = looksOf(bundle);
  const gaps = noGaps();
  const { advisories, now } = listening;
  const host = projectHost(looks, { policy: bundle.policy, advisories, now, gaps });
  const { ssh: _login, ...target } = bundle.target;
  const network = projectNetwork(
    { bundle, looks, host, gaps },
    { algorithms: listening.algorithms, now: listening.now },
  );
  const attested = projectAttested({ bundle, looks, gaps, ...listening });
  const facts: Facts = {
    ...network,
    ...(bundle.vantages.some((vantage) => standsUnder("host", vantage)) ? { host } : {}),
    ...(bundle.vantages.some((vantage) => standsUnder("attested", vantage)) ? { attested: attested.facts } : {}),
    target,
    policy: bundle.policy,
  };
  return { facts, gaps: gaps.whys, looks, statements: attested.statements };
}

/** What the host's own answers are held against. */
interface HostSources {
  readonly policy: EvidenceBundle["policy"];
  readonly advisories: AdvisoryList | undefined;
  readonly now: Date;
  readonly gaps: GapsFound;
}

function projectHost(looks: readonly Look[], sources: HostSources): Record<string, unknown> {
  const { policy, gaps } = sources;
  const host: Record<string, unknown> = {};
  for (const kind of kinds.values()) {
    if (kind.place !== "host") continue;
    const own = looks.filter(({ evidence, vantage }) => evidence.kind === kind.id && standsUnder("host", vantage));
    const value = projectKind(kind, own, gaps);
    if (value !== undefined) host[kind.id] = kind.id === "outbound" ? controlled(value, policy, gaps) : value;
  }
  return "openclaw" in host ? { ...host, openclaw: withAdvisories(host["openclaw"], sources, gaps) } : host;
}

/** What the latest look that could tell says; undefined when none could. */
function projectKind(
  kind: { readonly id: string; readonly shape: "list" | "record" },
  looks: readonly Look[],
  gaps: GapsFound,
): unknown {
  const path = `host.${kind.id}`;
  const latest = looks
    .filter(isDecided)
    .toSorted((a, b) => Date.parse(a.evidence.startedAt) - Date.parse(b.evidence.startedAt))
    .at(-1);
  if (latest === undefined) {
    for (const look of looks) note(gaps, path, whyUndecided(look));
    return undefined;
  }
  if (latest.evidence.attempt.status === "absent") {
    note(gaps, path, whyUndecided(latest));
    return kind.shape === "list" ? strip([], path, gaps) : { present: false };
  }
  const value = strip(observedValue(latest), path, gaps);
  if (kind.shape === "list" && Array.isArray(value)) return value;
  if (kind.shape === "record" && isFields(value)) return { ...value, present: true };
  if (!gaps.whys.has(path)) note(gaps, path, malformed(latest.id));
  return undefined;
}
