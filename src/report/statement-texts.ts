import type { Text } from "#model/text.ts";

/** Texts of what people stated. Same notation as in texts.ts. */
export const statementTexts = {
  statementsTitle: { en: "Statements by people", ja: "担当者の証明" },
  statementsNone: {
    en: "No statement by a person was given.",
    ja: "担当者の証明は提出されていません。",
  },
  statementsCounted: {
    en: "{count|requirement was|requirements were} decided by a person's signed statement ({ids}); without it they would not be checked. The signature shows who said it, not that it is so.",
    ja: "署名付きの証明により判定した要件は {count}件です({ids})。証明がなければ未検査となります。署名で確かめられるのは誰の証明かであり、内容が事実であることではありません。",
  },
  statementsNoneCounted: {
    en: "None of these statements counts; nothing was decided by them.",
    ja: "有効な証明はなく、判定には用いていません。",
  },
  stated: { en: "What is stated", ja: "証明の内容" },
  statedNot: { en: "Stated not to be so", ja: "該当しないとの記録" },
  statedBy: { en: "By", ja: "証明者" },
  statedOn: { en: "Done or seen on", ja: "実施・確認日" },
  countsFrom: { en: "Counts from", ja: "有効期間の開始" },
  countsUntil: { en: "until", ja: "有効期限" },
  ownUntil: { en: "by its own word until {until}", ja: "証明の記載では{until}まで" },
  statedEvidence: { en: "Evidence named", ja: "根拠のファイル" },
  evidenceNone: { en: "none was named", ja: "記載なし" },
  bytes: { en: "{count|byte|bytes}", ja: "{count}バイト" },
  signature: { en: "Signature", ja: "署名" },
  standing: { en: "Standing", ja: "扱い" },
  attestors: { en: "Who may state things", ja: "証明できる担当者" },
  statementLine: {
    en: "{by} ({role}), done or seen on {on}, counts until {until}",
    ja: "{by}({role})、実施・確認日 {on}、有効期限 {until}",
  },
} as const satisfies Record<string, Text>;

export type StatementKey = keyof typeof statementTexts;
