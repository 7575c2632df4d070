import type { Text } from "#model/text.ts";

/**
 * Texts of the page and of the terminal summary. `{name}` is filled in; `{count|item|items}` picks the noun by the number.
 * Each language is written for its reader.
 */
export const texts = {
  reportTitle: { en: "OpenClaw on-premises audit report", ja: "OpenClawオンプレミス運用 監査報告書" },
  skip: { en: "Skip to the findings", ja: "検査結果へ移動" },
  language: { en: "Language", ja: "言語" },
  contents: { en: "Contents", ja: "目次" },
  advisory: {
    en: "This is an advisory audit. It speaks of what was examined at the time stated; it gives no assurance about the system as a whole.",
    ja: "本報告は助言型の監査によるものです。記載の時点に、実施した検査の範囲で確認できた事実を述べるもので、システム全体について保証を与えるものではありません。",
  },

  verdict: { en: "Verdict", ja: "判定" },
  target: { en: "Target", ja: "対象" },
  addresses: { en: "Addresses", ja: "アドレス" },
  pattern: { en: "Pattern", ja: "構成パターン" },
  collected: { en: "Examined", ja: "検査日時" },
  evaluated: { en: "Judged", ja: "判定日時" },
  profile: { en: "Profile", ja: "プロファイル" },
  reportId: { en: "Report id", ja: "報告書ID" },
  notDeclared: { en: "not declared", ja: "申告なし" },
  none: { en: "none", ja: "なし" },
  notKnown: { en: "not known", ja: "不明" },

  coverage: { en: "Coverage", ja: "判定できた要件" },
  coverageValue: {
    en: "{decided} of {inScope} requirements in scope decided",
    ja: "対象となる要件 {inScope}件のうち {decided}件",
  },
  coverageRest: {
    en: "What keeps the other {count} undecided",
    ja: "残り {count}件を判定できていない理由",
  },
  noRuleShort: { en: "No check exists for these requirements yet", ja: "対応する検査項目がまだない要件" },
  checkErrorShort: { en: "The check itself failed", ja: "検査そのものの失敗" },
  otherReasons: { en: "Other reasons, listed under “Undecided”", ja: "その他の理由(「判定できていない要件」に記載)" },
  items: { en: "{count}", ja: "{count}件" },
  countsCaption: { en: "Requirements by level and outcome", ja: "要件数(区分と結果)" },
  level: { en: "Level", ja: "区分" },
  total: { en: "Total", ja: "計" },

  blocksTitle: { en: "What blocks", ja: "通過を妨げている不適合" },
  blocksLead: {
    en: "{count|check|checks} of level must failed, worst first.",
    ja: "必須の検査 {count}件が不適合です。影響の大きい順に示します。",
  },
  blocksNone: {
    en: "Within what was examined, no must-requirement was found failing.",
    ja: "実施した検査の範囲では、必須要件の不適合は確認されていません。",
  },
  found: { en: "Found", ja: "確認した事実" },
  why: { en: "Why it matters", ja: "影響" },
  fix: { en: "What to do", ja: "対処" },
  evidence: { en: "Evidence", ja: "根拠" },
  allDetails: { en: "Expected, observed and evidence in full", ja: "求める状態・観測値・根拠の詳細" },
  commandsAbove: { en: "Commands: see “What blocks”", ja: "コマンドは「通過を妨げている不適合」に記載" },
  commandsNote: { en: "Commands, to be run on the server by its operator", ja: "コマンド(サーバーの運用担当者が実行)" },
  copy: { en: "Copy", ja: "コピー" },
  copied: { en: "Copied", ja: "コピーしました" },

  undecidedTitle: { en: "What is undecided", ja: "判定できていない要件" },
  undecidedLead: {
    en: "Neither pass nor fail was shown here. Grouped by the step that would decide it.",
    ja: "適合とも不適合とも確認できていません。判定に必要な手順ごとにまとめています。",
  },
  undecidedNone: { en: "Every check in scope came to a decision.", ja: "対象となる検査はすべて判定に至りました。" },
  groupCount: { en: "{count|requirement needs|requirements need}:", ja: "{count}件の判定に必要な手順:" },
  groupNoStep: { en: "{count|requirement|requirements} could not be decided:", ja: "{count}件を判定できなかった理由:" },
  groupError: {
    en: "{count|requirement|requirements} could not be decided because sekisho's own check failed:",
    ja: "sekisho側の検査エラーにより判定できていない要件 {count}件:",
  },
  errorStep: {
    en: "Please report this with the evidence bundle; nothing has to be changed on the server.",
    ja: "証跡ファイルを添えて開発元へ連絡してください。サーバー側の対応は不要です。",
  },
  reason: { en: "Why it is not known", ja: "判定できない理由" },
  remedy: { en: "What would decide it", ja: "判定に必要な手順" },
  concerned: { en: "Concerned", ja: "対象の検査" },
  unruledTitle: { en: "Not checked: no check exists", ja: "未検査:対応する検査項目がない要件" },
  unruledLead: {
    en: "{count|requirement|requirements} of the guide that this version does not check.",
    ja: "運用ガイドの要件のうち、この版では検査していないもの {count}件です。",
  },

  findingsTitle: { en: "Findings by section of the guide", ja: "ガイドの節ごとの検査結果" },
  findingsLead: {
    en: "Failed and undecided checks are open; the others are folded.",
    ja: "不適合と判定できない項目は開いた状態、それ以外は折りたたんだ状態で示します。",
  },
  filters: { en: "Filter", ja: "絞り込み" },
  outcome: { en: "Outcome", ja: "結果" },
  search: { en: "Text", ja: "語句" },
  reset: { en: "Show all", ja: "すべて表示" },
  shownOf: { en: "checks shown, of", ja: "件表示 / 全" },
  shownOfEnd: { en: "", ja: "件" },
  requirement: { en: "Requirement", ja: "要件" },
  requirementsCaption: { en: "Requirements of this section", ja: "この節の要件" },
  expected: { en: "Expected", ja: "求める状態" },
  observed: { en: "Observed", ja: "観測した状態" },
  references: { en: "References", ja: "参照規格" },
  fingerprint: { en: "Fingerprint", ja: "識別子" },
  rule: { en: "Check", ja: "検査" },
  severity: { en: "Severity", ja: "影響度" },
  otherSection: { en: "Other", ja: "その他" },
  moreInFile: { en: "and {count} more in report.json", ja: "ほか {count}件(report.json に記載)" },
  noRule: { en: "no check exists", ja: "検査項目なし" },
} as const satisfies Record<string, Text>;

export type PageKey = keyof typeof texts;
