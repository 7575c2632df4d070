import { type EvidenceKind, evidenceKinds } from "#evidence/registry.ts";
import type { Evidence, EvidenceBundle } from "#model/bundle.ts";
import type { Vantage } from "#model/vantage.ts";

/** One attempt together with the vantage it was made from. */
export interface Look {
  /** Id of the attempt in the report: vantage/kind. */
  readonly id: string;
  readonly evidence: Evidence;
  readonly vantage: Vantage;
}

/** The roots of facts that evidence stands under. */
export type EvidenceRoot = "outside" | "allowed" | "network" | "host" | "attested";

export const evidenceRoots: readonly EvidenceRoot[] = ["outside", "allowed", "network", "host", "attested"];

/** The kinds of evidence, by id. */
export const kinds: ReadonlyMap<string, EvidenceKind> = new Map(Object.entries(evidenceKinds));

/** Ids of a bundle's attempts, in its order: vantage/kind, with a number where that is there already. */
export function attemptIds(bundle: EvidenceBundle): readonly string[] {
  const seen = new Map<string, number>();
  return bundle.evidence.map(({ vantage, kind }) => {
    const id = `${vantage}/${kind}`;
    const number = (seen.get(id) ?? 0) + 1;
    seen.set(id, number);
    return number === 1 ? id : `${id}#${number}`;
  });
}

/** The attempts of a bundle whose vantage and kind are known. */
export function looksOf(bundle: EvidenceBundle): readonly Look[] {
  const vantages = new Map(bundle.vantages.map((vantage) => [vantage.id, vantage]));
  const ids = attemptIds(bundle);
  return bundle.evidence.flatMap((evidence, index) => {
    const vantage = vantages.get(evidence.vantage);
    if (vantage === undefined || !kinds.has(evidence.kind)) return [];
    return [{ id: ids[index] ?? "", evidence, vantage }];
  });
}

/** Whether what is seen from a vantage belongs under a root. */
export function standsUnder(root: EvidenceRoot, vantage: Vantage): boolean {
  switch (root) {
    case "outside":
    case "allowed":
    case "attested":
      return vantage.role === root;
    case "network":
      return vantage.role !== "container" && vantage.role !== "attested";
    case "host":
      return vantage.role === "inside";
  }
}

/** Whether an attempt could tell: it saw something, or that there is nothing. */
export function isDecided({ evidence }: Look): boolean {
  return evidence.attempt.status === "observed" || evidence.attempt.status === "absent";
}

/** The value an attempt observed; undefined when it observed none. */
export function observedValue({ evidence }: Look): unknown {
  return evidence.attempt.status === "observed" ? evidence.attempt.value : undefined;
}
