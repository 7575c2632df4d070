import type { EvidenceBundle } from "#model/bundle.ts";
import type { Text } from "#model/text.ts";
import type { Projection } from "./facts.ts";
import type { CompiledRule } from "./judge.ts";
import { isDecided } from "./looks.ts";
import { type Lowered, loweredText } from "./lowered.ts";
import { printableReason } from "./printable.ts";
import { isAllowedByTunnel } from "./scans.ts";

const standing: readonly Text[] = [
  {
    en: "This is an advisory audit: it speaks of what was examined, and is neither an assurance nor a certification.",
    ja: "本報告は助言型の監査によるもので、述べているのは実施した検査の範囲に限られます。保証や認証を与えるものではありません。",
  },
  {
    en: "It shows the state at the time of collection; what changed before or after is not in it.",
    ja: "収集した時点の状態を示すものであり、その前後の変更は反映していません。",
  },
  {
    en: "No weakness was exploited and no password was tried; faults in the software itself were not looked for.",
    ja: "脆弱性を突く試験やパスワードの試行は行っていません。ソフトウェア自体の欠陥は調査の対象外です。",
  },
  {
    en: "Of UDP only well-known services were asked over the network; silence of such a port does not show that nothing listens there. What is said of other ports rests on what the host reports.",
    ja: "UDP は代表的なサービスだけをネットワーク越しに調べています。応答がないことは、待ち受けがないことの証拠になりません。その他のポートについての記述はホスト側の情報によります。",
  },
  {
    en: "The host's own answers were taken as they came: a host under someone else's control can answer falsely.",
    ja: "ホストの応答はそのまま採用しています。第三者に掌握されたホストは偽の応答を返すことができます。",
  },
];

const wordOfPeople: Text = {
  en: "What people stated was taken as they stated it: a signature shows who said it and when it ends, not that it is so. The files they named were not read.",
  ja: "担当者の証明は、その内容のまま採用しています。署名で確かめられるのは誰の証明かであり、内容が事実であることではありません。証明に添えられたファイルの中身は確認していません。",
};

/** What a report over this bundle cannot say, one sentence each. */
export function limitsOf(
  bundle: EvidenceBundle,
  parts: { projection: Projection; excluded: readonly CompiledRule[]; lowered: readonly Lowered[] },
): readonly Text[] {
  const { projection, excluded, lowered } = parts;
  const limits: Text[] = [...standing];
  if (bundle.interrupted) {
    limits.push({
      en: "The collection was stopped before its end; what was not reached by then is not known.",
      ja: "収集は途中で中断されており、その時点までに調べていない項目は不明です。",
    });
  }
  if (isAllowedByTunnel(bundle)) {
    limits.push({
      en: "From the allowed place a tunnel asks only some ports of a host that does not answer; that nothing else is open from there rests on the host's own word: its list of what listens, and what its packet filter lets in. A port that is redirected to another machine is in neither.",
      ja: "許可された接続元からのトンネルでは、応答しないホストのポートを一部しか調べられません。それ以外のポートが開いていないことは、ホスト自身の待ち受け一覧とパケットフィルターの許可によります。別の機器への転送はいずれにも現れません。",
    });
  }
  for (const exclusion of bundle.scope.exclusions) {
    const { en, ja } = printableReason(exclusion);
    limits.push({ en: `Left out on purpose: ${en}`, ja: `意図して範囲から除いたもの: ${ja}` });
  }
  for (const { id, notes } of bundle.vantages) {
    for (const text of notes) {
      const { en, ja } = printableReason(text);
      limits.push({ en: `About ${id}: ${en}`, ja: `${id} について: ${ja}` });
    }
  }
  if (excluded.length > 0) {
    const ids = excluded.map(({ rule }) => rule.id).join(", ");
    limits.push({
      en: `The profile leaves out these rules, which were not judged: ${ids}.`,
      ja: `プロファイルにより、次の規則は判定していません: ${ids}。`,
    });
  }
  if (lowered.length > 0) limits.push(loweredText(lowered));
  if (projection.statements.some(({ state }) => state === "counted")) limits.push(wordOfPeople);
  return [...limits, ...missingViews(bundle, projection)];
}

function missingViews(bundle: EvidenceBundle, { looks }: Projection): readonly Text[] {
  const limits: Text[] = [];
  const sawFrom = (role: string) => looks.some((look) => look.vantage.role === role && isDecided(look));
  if (!sawFrom("outside")) {
    limits.push({
      en: "Nobody looked from outside the network, so what the internet can reach is not known.",
      ja: "ネットワークの外からは調べていないため、インターネット側から到達できるものは不明です。",
    });
  }
  if (!sawFrom("allowed")) {
    limits.push({
      en: "Nobody looked from an allowed place such as the office or the VPN, so what is offered there is not known.",
      ja: "社内や VPN など許可された側からは調べていないため、そこから見える状態は不明です。",
    });
  }
  if (!sawFrom("inside")) {
    limits.push({
      en: "Nobody logged in to the host, so its settings, its resources and any further addresses are not known.",
      ja: "ホストにログインしていないため、設定、資源、ほかに持つアドレスは不明です。",
    });
  }
  const readAddresses = looks.some(
    (look) => look.vantage.role === "inside" && look.evidence.kind === "addresses" && isDecided(look),
  );
  if (!readAddresses) {
    limits.push({
      en: "The host's own list of addresses was not read: what is said of its exposure holds for the addresses declared and resolved, and for no others.",
      ja: "ホスト自身のアドレス一覧は読み取っていません。外部への公開に関する記述は、宣言または名前解決で得たアドレスにだけ当てはまります。",
    });
  }
  if (bundle.clocks.targetOffsetMs === undefined) {
    limits.push({
      en: "The target's clock was not compared with the scanner's.",
      ja: "対象の時計と収集側の時計の差は測定していません。",
    });
  }
  return limits;
}
