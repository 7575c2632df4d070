import type { EvidenceBundle } from "#model/bundle.ts";
import type { Gap } from "#model/report.ts";
import type { Text } from "#model/text.ts";
import type { Projection } from "./facts.ts";
import { type EvidenceRoot, evidenceRoots, standsUnder } from "./looks.ts";
import { printableReason } from "./printable.ts";
import { remedyFor } from "./remedies.ts";
import type { Why } from "./why.ts";

const mostReasons = 3;

/** Whether an attempt was made to see what stands at a path. What is declared or stated is not attempted: asking is all one can do. */
export function wasAttempted(path: string, { looks }: Projection): boolean {
  const place = placeOf(path);
  if (place === undefined || place.root === "attested") return false;
  return looks.some(
    ({ evidence, vantage }) =>
      evidence.kind === place.kind && standsUnder(place.root, vantage) && evidence.attempt.status !== "not_attempted",
  );
}

/** The gap at a path, with why it is there and what would close it. */
export function gapAt(path: string, projection: Projection, bundle: EvidenceBundle): Gap {
  const whys = projection.gaps.get(path) ?? [];
  const remedy = remedyFor(path, placeOf(path), { whys, projection });
  return {
    path,
    reason: whys.length > 0 ? reasonsTogether(whys) : unnoted(path, projection, bundle),
    ...(remedy === undefined ? {} : { remedy }),
  };
}

/** Root and kind of a path; undefined where it is of what is declared. */
export function placeOf(path: string): Place | undefined {
  const [first, kind] = path.replaceAll("[]", "").split(".");
  const root = evidenceRoots.find((each) => each === first);
  return root === undefined || kind === undefined ? undefined : { root, kind };
}

/** Where a path stands. */
export interface Place {
  readonly root: EvidenceRoot;
  readonly kind: string;
}

function reasonsTogether(whys: readonly Why[]): Text {
  const shown = whys.slice(0, mostReasons);
  const more = whys.length - shown.length;
  return {
    en: `${shown.map(({ text }) => text.en).join("; ")}${more > 0 ? `; and ${more} more` : ""}`,
    ja: `${shown.map(({ text }) => text.ja).join("、")}${more > 0 ? `、ほか ${more} 件` : ""}`,
  };
}

/** Why a path is not known that the projection had nothing to say about. */
function unnoted(path: string, { looks }: Projection, bundle: EvidenceBundle): Text {
  const place = placeOf(path);
  if (place === undefined) return notDeclared(path);
  if (!bundle.vantages.some((vantage) => standsUnder(place.root, vantage))) return noVantage[place.root];
  const own = looks.filter(({ evidence, vantage }) => evidence.kind === place.kind && standsUnder(place.root, vantage));
  if (own.length === 0) {
    return { en: `no attempt was made to see ${place.kind}`, ja: `${place.kind} の確認は試みられていません` };
  }
  const missing = own.find(({ evidence }) => evidence.attempt.status === "absent");
  if (missing?.evidence.attempt.status === "absent") {
    const detail = printableReason(missing.evidence.attempt.detail);
    return {
      en: `${missing.id} found nothing: ${detail.en}`,
      ja: `${missing.id} では見つかりませんでした: ${detail.ja}`,
    };
  }
  return { en: `${path} holds no usable value`, ja: `${path} に判定に使える値がありません` };
}

function notDeclared(path: string): Text {
  const [root, ...fields] = path.split(".");
  const field = fields.join(".");
  if (root === "policy") {
    return { en: `not declared in policy: ${field}`, ja: `policy に ${field} の宣言がありません` };
  }
  return { en: `not declared for the target: ${field}`, ja: `対象の設定に ${field} の宣言がありません` };
}

const noVantage: Readonly<Record<EvidenceRoot, Text>> = {
  outside: {
    en: "no vantage with role outside looked",
    ja: "許可されていない側(outside)の観測点から調べていません",
  },
  allowed: {
    en: "no vantage with role allowed looked",
    ja: "許可された側(allowed)の観測点から調べていません",
  },
  network: { en: "no vantage looked over the network", ja: "ネットワーク越しの観測点から調べていません" },
  host: { en: "nobody looked on the host itself", ja: "ホストの内側は調べていません" },
  attested: { en: "nobody has stated anything", ja: "担当者の証明がありません" },
};
