import type { Text } from "#model/text.ts";

/** Texts of the formats beside the page and the summary. Same notation as in texts.ts. */
export const formatTexts = {
  reasonAndStep: { en: "{reason} To decide it: {step}", ja: "{reason} 判定に必要な手順: {step}" },
  section: { en: "Section", ja: "節" },
  asked: { en: "Asked", ja: "求める事項" },
  subject: { en: "About", ja: "該当箇所" },
  status: { en: "Status", ja: "状態" },
  note: { en: "Note", ja: "備考" },
  sheetSummary: { en: "Summary", ja: "概要" },
  sheetFindings: { en: "Findings", ja: "検査結果" },
  sheetRequirements: { en: "Requirements", ja: "要件" },
  sheetEvidence: { en: "Evidence", ja: "検査の記録" },
  sheetLimits: { en: "Limits", ja: "本報告の限界" },
  mayBeMore: {
    en: "What was seen is waived, but part of what the check reads is not known: more may fail.",
    ja: "確認できた不適合は受容されていますが、検査に必要な情報の一部が不明です。ほかにも不適合がある可能性があります。",
  },
  waivedUntil: { en: "Waived until {until} by {by}: {reason}", ja: "{until}までリスク受容({by})。{reason}" },
  omitted: {
    en: "{count|more entry is|more entries are} left out for want of room; report.html and report.json have them all.",
    ja: "紙幅の都合で残り{count}件を省略しました。すべての内容はreport.htmlとreport.jsonに記載しています。",
  },
  waivedTitle: { en: "Fails, and is waived", ja: "リスク受容中の不適合" },
} as const satisfies Record<string, Text>;

export type FormatKey = keyof typeof formatTexts;
