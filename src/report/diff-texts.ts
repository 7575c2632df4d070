import type { ChangeCause, ChangeKind } from "#model/comparison.ts";
import type { Text } from "#model/text.ts";

/** Texts of the comparison of two reports. Same notation as in texts.ts. */
export const diffTexts = {
  diffTitle: { en: "Compared", ja: "比較" },
  diffBefore: { en: "Before", ja: "前回" },
  diffAfter: { en: "After", ja: "今回" },
  diffNothing: {
    en: "Nothing fails, was fixed or changed between the two.",
    ja: "2つの報告書の間に、不適合・解消・変化はありません。",
  },
  diffOtherRules: {
    en: "The rules differ: what that may explain is marked, and is no change of the server.",
    ja: "判定に用いた規則が異なります。その影響と考えられる項目には印を付けており、サーバーの変化ではありません。",
  },
  diffOtherProfile: {
    en: "The profile differs ({before}, now {after}).",
    ja: "プロファイルが異なります(前回{before}、今回{after})。",
  },
  diffOtherPolicy: { en: "The policy differs.", ja: "申告内容(方針)が異なります。" },
  diffOtherTool: {
    en: "sekisho's version differs ({before}, now {after}).",
    ja: "sekishoの版が異なります(前回{before}、今回{after})。",
  },
  diffRulesAdded: { en: "Rules that only the later report judges: {rules}", ja: "今回だけ判定した規則: {rules}" },
  diffRulesRemoved: { en: "Rules that only the earlier report judges: {rules}", ja: "前回だけ判定した規則: {rules}" },
  diffWaiverEnded: { en: "its waiver no longer holds", ja: "リスク受容が効力を失いました" },
  diffWaiverBegun: { en: "now waived", ja: "今回はリスク受容中" },
  diffWas: { en: "before: {text}", ja: "前回: {text}" },
} as const satisfies Record<string, Text>;

export type DiffKey = keyof typeof diffTexts;

/** Kinds of changes, in the order in which a reader wants them. */
export const changeNames: Readonly<Record<ChangeKind, Text>> = {
  new: { en: "Newly failing", ja: "新たな不適合" },
  lost: { en: "No longer known", ja: "判定できなくなった項目" },
  dropped: { en: "Failed, and is not judged any more", ja: "前回は不適合、今回は判定対象外" },
  fixed: { en: "Fixed", ja: "解消した不適合" },
  decided: { en: "Now known", ja: "判定できるようになった項目" },
  still: { en: "Still failing", ja: "継続している不適合" },
  changed: { en: "Seen with other values", ja: "確認した値が変わった項目" },
};

export const changeOrder: readonly ChangeKind[] = ["new", "lost", "dropped", "fixed", "decided", "still", "changed"];

export const changeSigns: Readonly<Record<ChangeKind, string>> = {
  new: "✕",
  lost: "?",
  dropped: "-",
  fixed: "✓",
  decided: "✓",
  still: "✕",
  changed: "~",
};

export const causeNames: Readonly<Record<ChangeCause, Text>> = {
  server: { en: "server", ja: "サーバー" },
  rules: { en: "rules", ja: "規則" },
  profile: { en: "profile", ja: "プロファイル" },
  policy: { en: "policy", ja: "申告内容" },
  mixed: {
    en: "not clear: what was seen and what it is judged by both changed",
    ja: "不明(確認した値と判定基準の両方が変化)",
  },
};
