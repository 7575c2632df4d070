import type { AlgorithmGroup, AlgorithmList, AlgorithmUse } from "#model/ssh-algorithms.ts";
import { isFields, opened } from "./strip.ts";
import { type GapsFound, note } from "./why.ts";

/** The lists of evidence, and what stands in them. */
const uses: Readonly<Record<string, AlgorithmUse>> = {
  keyExchange: "keyExchange",
  hostKeyAlgorithms: "hostKey",
  ciphers: "cipher",
  macs: "mac",
  compression: "compression",
};

/** How algorithms stand, and the day of the evaluation. */
export interface AlgorithmKnowledge {
  readonly algorithms: AlgorithmList | undefined;
  readonly now: Date;
}

/**
 * An SSH server's facts with the algorithms it offers held against the list. Of a name that the list lacks, the standing is not known; of a list
 * grown old, no more is known than what was weak or dated then. What the server may offer beside what was seen leaves an open end.
 */
export function withStandings(
  server: unknown,
  { algorithms: list, now }: AlgorithmKnowledge,
  { path, gaps }: { readonly path: string; readonly gaps: GapsFound },
): unknown {
  if (!isFields(server) || Object.keys(server).length === 0) return server;
  const own = `${path}[].algorithms`;
  if (list === undefined) {
    const text = {
      en: "the catalogue has no list of SSH's algorithms",
      ja: "カタログにSSHの暗号方式の一覧がありません",
    };
    note(gaps, own, { text });
    return server;
  }
  const groups = groupsOf(list);
  const stale = (now.getTime() - Date.parse(list.asOf)) / 86_400_000 > list.staleAfterDays;
  const held: unknown[] = [];
  let whole = true;
  for (const [field, use] of Object.entries(uses)) {
    const names = server[field];
    if (!Array.isArray(names)) {
      whole = false;
      note(gaps, `${own}[]`, { text: { en: `its ${field} are not known`, ja: `${field} が不明です` } });
      continue;
    }
    for (const name of names) {
      const group = groups.get(`${use} ${name}`);
      held.push(heldAgainst({ use, name: String(name) }, group, { list, stale, path: `${own}[].standing`, gaps }));
    }
  }
  return { ...server, algorithms: whole ? held : opened(held) };
}

const byList = new WeakMap<AlgorithmList, ReadonlyMap<string, AlgorithmGroup>>();

function groupsOf(list: AlgorithmList): ReadonlyMap<string, AlgorithmGroup> {
  const known = byList.get(list);
  if (known !== undefined) return known;
  const groups = new Map(
    list.algorithms.flatMap((group) => group.names.map((name) => [`${group.use} ${name}`, group])),
  );
  byList.set(list, groups);
  return groups;
}

interface Holding {
  readonly list: AlgorithmList;
  readonly stale: boolean;
  readonly path: string;
  readonly gaps: GapsFound;
}

function heldAgainst(
  algorithm: { readonly use: AlgorithmUse; readonly name: string },
  group: AlgorithmGroup | undefined,
  { list, stale, path, gaps }: Holding,
) {
  const { name } = algorithm;
  if (group === undefined) {
    const text = {
      en: `${name} is not in the list of algorithms of ${list.asOf}`,
      ja: `${name} は暗号方式の一覧(${list.asOf}時点)にありません`,
    };
    note(gaps, path, { text });
    return algorithm;
  }
  if (stale && group.standing === "current") {
    const text = {
      en: `the list of algorithms is of ${list.asOf}; what became of ${name} since is not known`,
      ja: `暗号方式の一覧は${list.asOf}時点のもので、その後の ${name} の評価は不明です`,
    };
    note(gaps, path, { text });
    return algorithm;
  }
  return { ...algorithm, standing: group.standing, whyEn: group.why.en, whyJa: group.why.ja };
}
