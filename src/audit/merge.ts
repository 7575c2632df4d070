import { isDeepStrictEqual } from "node:util";
import type { Evidence, EvidenceBundle } from "#model/bundle.ts";
import { InputError } from "#model/input-error.ts";

const maxApartMs = 24 * 60 * 60 * 1000;

/**
 * Puts together bundles of one target that were gathered from several places, such as the internet and the office.
 * Throws InputError when they are of different machines or more than a day apart.
 */
export function mergeBundles(bundles: readonly EvidenceBundle[]): EvidenceBundle {
  const [first, ...rest] = bundles;
  if (first === undefined) throw new InputError("No evidence was given.", { hint: "Name at least one evidence.json." });
  return rest.reduce(mergeTwo, withoutEmptyViews(first, bundles));
}

function mergeTwo(left: EvidenceBundle, added: EvidenceBundle): EvidenceBundle {
  demandSameMachine(left, added);
  const right = renameVantages(withoutRepeatedWords(withoutEmptyViews(added, [left, added]), left), left);
  return {
    ...left,
    runId: `${left.runId}+${right.runId}`,
    scriptDigest: left.scriptDigest || right.scriptDigest,
    startedAt: earliest(left.startedAt, right.startedAt),
    finishedAt: latest(left.finishedAt, right.finishedAt),
    interrupted: left.interrupted || right.interrupted,
    target: {
      ...right.target,
      ...left.target,
      names: union(left.target.names, right.target.names),
      addresses: union(left.target.addresses, right.target.addresses),
      local: left.target.local && right.target.local,
    },
    policy: { ...right.policy, ...left.policy },
    authorisation: left.authorisation ?? right.authorisation,
    scope: {
      addresses: union(left.scope.addresses, right.scope.addresses),
      exclusions: union(left.scope.exclusions, right.scope.exclusions),
    },
    vantages: [...left.vantages, ...right.vantages],
    identity: {
      sshHostKeys: union(left.identity.sshHostKeys, right.identity.sshHostKeys),
      tlsKeys: union(left.identity.tlsKeys, right.identity.tlsKeys),
      ...machineIdOf(left, right),
    },
    clocks: left.clocks.targetOffsetMs === undefined ? right.clocks : left.clocks,
    connections: [...left.connections, ...right.connections],
    evidence: [...left.evidence, ...right.evidence],
  };
}

function demandSameMachine(left: EvidenceBundle, right: EvidenceBundle): void {
  const differs = (what: string) =>
    new InputError(`The evidence is of different machines: ${what} differ (${left.target.id}, ${right.target.id}).`, {
      hint: "Give only evidence of one server; judge the others by themselves.",
    });
  const [a, b] = [left.identity, right.identity];
  const ids = proofOf([a.machineIdHash ?? [], b.machineIdHash ?? []]);
  if (ids === "different") throw differs("their machine ids");
  const keys = proofOf([a.sshHostKeys, b.sshHostKeys]);
  if (keys === "different" && ids !== "same") throw differs("all their SSH host keys");
  const named = left.target.id === right.target.id || !disjoint(left.target.addresses, right.target.addresses);
  if (ids !== "same" && keys !== "same" && !named) throw differs("their names and addresses");
  const apart =
    Date.parse(latest(left.startedAt, right.startedAt)) - Date.parse(earliest(left.startedAt, right.startedAt));
  if (apart > maxApartMs) {
    throw new InputError("The evidence was gathered more than 24 hours apart; a server can change in between.", {
      hint: "Gather from all places on the same day.",
    });
  }
}

/** What two lists of keys or ids say of two machines: the same, different, or nothing where one of them has none. */
function proofOf([a, b]: readonly [string | readonly string[], string | readonly string[]]):
  | "same"
  | "different"
  | "none" {
  const [left, right] = [[a].flat(), [b].flat()];
  if (left.length === 0 || right.length === 0) return "none";
  return disjoint(left, right) ? "different" : "same";
}

/** Leaves out a view that was never tried where another bundle has one of the same role. */
function withoutEmptyViews(bundle: EvidenceBundle, all: readonly EvidenceBundle[]): EvidenceBundle {
  const vantages = bundle.vantages.filter(
    (vantage) =>
      wasTried(bundle, vantage.id) ||
      !all.some((other) => other.vantages.some((v) => v.role === vantage.role && wasTried(other, v.id))),
  );
  const kept = new Set(vantages.map((vantage) => vantage.id));
  return { ...bundle, vantages, evidence: bundle.evidence.filter((entry) => kept.has(entry.vantage)) };
}

/** Leaves out statements of people that another bundle was gathered with too: they do not become more by being repeated. */
function withoutRepeatedWords(bundle: EvidenceBundle, beside: EvidenceBundle): EvidenceBundle {
  const spoken = new Set(bundle.vantages.filter(({ role }) => role === "attested").map(({ id }) => id));
  const isRepeated = (entry: Evidence) =>
    beside.evidence.some(({ kind, attempt }) => kind === entry.kind && isDeepStrictEqual(attempt, entry.attempt));
  const evidence = bundle.evidence.filter((entry) => !spoken.has(entry.vantage) || !isRepeated(entry));
  const used = new Set(evidence.map(({ vantage }) => vantage));
  return { ...bundle, evidence, vantages: bundle.vantages.filter(({ id }) => !spoken.has(id) || used.has(id)) };
}

function wasTried(bundle: EvidenceBundle, vantage: string): boolean {
  return bundle.evidence.some((entry) => entry.vantage === vantage && entry.attempt.status !== "not_attempted");
}

function renameVantages(bundle: EvidenceBundle, beside: EvidenceBundle): EvidenceBundle {
  const taken = new Set(beside.vantages.map((vantage) => vantage.id));
  const names = new Map<string, string>();
  for (const { id } of bundle.vantages) {
    let name = id;
    for (let count = 2; taken.has(name); count += 1) name = `${id}-${count}`;
    taken.add(name);
    names.set(id, name);
  }
  const renamed = (id: string) => names.get(id) ?? id;
  return {
    ...bundle,
    vantages: bundle.vantages.map((vantage) => ({ ...vantage, id: renamed(vantage.id) })),
    evidence: bundle.evidence.map((entry) => ({ ...entry, vantage: renamed(entry.vantage) })),
  };
}

function machineIdOf(left: EvidenceBundle, right: EvidenceBundle): { readonly machineIdHash?: string } {
  const machineIdHash = left.identity.machineIdHash ?? right.identity.machineIdHash;
  return machineIdHash === undefined ? {} : { machineIdHash };
}

function union(a: readonly string[], b: readonly string[]): string[] {
  return [...new Set([...a, ...b])];
}

function disjoint(a: readonly string[], b: readonly string[]): boolean {
  return !a.some((item) => b.includes(item));
}

function earliest(a: string, b: string): string {
  return Date.parse(a) <= Date.parse(b) ? a : b;
}

function latest(a: string, b: string): string {
  return Date.parse(a) >= Date.parse(b) ? a : b;
}
