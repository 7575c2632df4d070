import type { FailureReason } from "#model/attempt.ts";
import type { Level, Outcome, Severity, Verdict } from "#model/outcome.ts";
import type { ReportedStatement, ReportedWaiver } from "#model/report.ts";
import type { Text } from "#model/text.ts";
import type { Vantage, VantageRole } from "#model/vantage.ts";

/** Outcomes, as the reader meets them. */
export const outcomeNames: Record<Outcome, Text> = {
  pass: { en: "Pass", ja: "適合" },
  fail: { en: "Fail", ja: "不適合" },
  unknown: { en: "Unknown", ja: "判定不能" },
  notchecked: { en: "Not checked", ja: "未検査" },
  notapplicable: { en: "Not applicable", ja: "対象外" },
  informational: { en: "Information", ja: "情報" },
  error: { en: "Check error", ja: "検査エラー" },
};

/** Outcomes in the order in which a reader wants them: what needs action first. */
export const outcomeOrder: readonly Outcome[] = [
  "fail",
  "error",
  "unknown",
  "notchecked",
  "informational",
  "pass",
  "notapplicable",
];

/** Signs of the outcomes in a terminal; each differs without colour. */
export const outcomeSigns: Record<Outcome, string> = {
  pass: "✓",
  fail: "✕",
  unknown: "?",
  notchecked: "-",
  notapplicable: "/",
  informational: "i",
  error: "!",
};

export const levelNames: Record<Level, Text> = {
  must: { en: "Must", ja: "必須" },
  should: { en: "Should", ja: "推奨" },
  info: { en: "Info", ja: "情報" },
};

/** Levels, strongest first. */
export const levelOrder: readonly Level[] = ["must", "should", "info"];

export const severityNames: Record<Severity, Text> = {
  critical: { en: "Critical", ja: "緊急" },
  high: { en: "High", ja: "高" },
  medium: { en: "Medium", ja: "中" },
  low: { en: "Low", ja: "低" },
  info: { en: "Info", ja: "参考" },
};

/** Severities, worst first. */
export const severityOrder: readonly Severity[] = ["critical", "high", "medium", "low", "info"];

export const verdictNames: Record<Verdict, Text> = {
  passed: { en: "Passed", ja: "通過" },
  blocked: { en: "Blocked", ja: "通過不可" },
  undecided: { en: "Undecided", ja: "判定保留" },
};

/** What stands below each verdict's reason. */
export const verdictNotes: Record<Verdict, Text> = {
  passed: {
    en: "What was not examined, and what would decide it, is listed under “What is undecided” and “Limits”.",
    ja: "検査していない事項と判定に必要な手順は、「判定できていない要件」と「本報告の限界」に示します。",
  },
  blocked: {
    en: "Within what was examined. What fails, and what to do about it, comes first below.",
    ja: "実施した検査の範囲での判定です。不適合の内容と対処を、以下に影響の大きい順に示します。",
  },
  undecided: {
    en: "Within what was examined, no must-requirement was found failing. What would decide the rest is listed below.",
    ja: "実施した検査の範囲では、必須要件の不適合は確認されていません。残りの判定に必要な手順を以下に示します。",
  },
};

/** The verdict's reason without the verdict's own name in front, for where the name stands beside it. */
export function reasonOf({ status, reason }: { readonly status: Verdict; readonly reason: Text }): Text {
  const name = verdictNames[status];
  return { en: withoutName(reason.en, name.en), ja: withoutName(reason.ja, name.ja) };
}

function withoutName(reason: string, name: string): string {
  if (!reason.startsWith(`${name}: `)) return reason;
  const rest = reason.slice(name.length + 2);
  return rest.slice(0, 1).toUpperCase() + rest.slice(1);
}

export const roleNames: Record<VantageRole, Text> = {
  outside: { en: "Outside (should be refused)", ja: "外部(拒否されるべき接続元)" },
  allowed: { en: "Allowed (office or VPN)", ja: "許可された接続元(社内・VPN)" },
  unplaced: { en: "Network, role not declared", ja: "ネットワーク(区分の申告なし)" },
  inside: { en: "On the host", ja: "サーバー内部" },
  container: { en: "In the OpenClaw container", ja: "OpenClawコンテナ内部" },
  attested: { en: "Stated by people", ja: "担当者の証明" },
};

export const viaNames: Record<Vantage["via"], Text> = {
  local: { en: "this machine", ja: "監査を実行したマシン" },
  ssh2: { en: "SSH (built in)", ja: "SSH(内蔵クライアント)" },
  ssh: { en: "SSH (the system's client)", ja: "SSH(システムのクライアント)" },
  tunnel: { en: "connections made by an SSH server (tunnel)", ja: "SSHサーバーからの接続(トンネル)" },
  file: { en: "a file collected by someone else", ja: "別途採取されたファイル" },
};

export const statusNames: Record<"observed" | "absent" | "failed" | "not_attempted", Text> = {
  observed: { en: "Observed", ja: "観測" },
  absent: { en: "Looked, not there", ja: "存在しない" },
  failed: { en: "Failed", ja: "失敗" },
  not_attempted: { en: "Not attempted", ja: "未実施" },
};

export const reasonNames: Record<FailureReason, Text> = {
  timeout: { en: "no answer in time", ja: "時間切れ" },
  refused: { en: "refused by the peer", ja: "拒否された" },
  unreachable: { en: "not reachable", ja: "到達できない" },
  denied: { en: "permission lacking", ja: "権限がない" },
  malformed: { en: "answer not understood", ja: "応答が解釈できない" },
  unsupported: { en: "tool or option not available", ja: "対応していない" },
  truncated: { en: "cut at a limit", ja: "上限で打ち切り" },
  bug: { en: "fault of sekisho", ja: "ツールの不具合" },
};

export const patternNames: Record<"in-house" | "vps", Text> = {
  "in-house": { en: "In-house server", ja: "社内サーバー設置" },
  vps: { en: "Own VPS", ja: "自社VPS運用" },
};

/** Signatures of statements, as the reader meets them. */
export const signatureNames: Record<ReportedStatement["signature"], Text> = {
  valid: { en: "Valid, by the key listed for this person", ja: "有効(登録された本人の鍵)" },
  absent: { en: "None", ja: "なし" },
  invalid: { en: "Does not hold", ja: "検証不可" },
  "unknown-key": { en: "By a key that is not listed", ja: "登録されていない鍵" },
  "other-signer": { en: "By a key listed for someone else", ja: "別の担当者の鍵" },
};

/** Whether statements count, as the reader meets it. */
export const statementStateNames: Record<ReportedStatement["state"], Text> = {
  counted: { en: "Counts", ja: "有効" },
  superseded: { en: "Superseded by a later one", ja: "新しい証明に置き換え" },
  expired: { en: "Expired", ja: "期限切れ" },
  future: { en: "Not in force yet", ja: "有効期間前" },
  refused: { en: "Not accepted", ja: "採用せず" },
};

/** What waivers do, as the reader meets it. */
export const waiverStateNames: Record<ReportedWaiver["state"], Text> = {
  applied: { en: "In force", ja: "有効" },
  unused: { en: "Accepts nothing: can be removed", ja: "該当なし(削除可能)" },
  expired: { en: "Expired", ja: "期限切れ" },
  future: { en: "Not in force yet", ja: "有効期間前" },
};

/** Standards by the key that rules cite them with. */
export const standardNames: ReadonlyMap<string, string> = new Map([
  ["iso27001-2022", "ISO/IEC 27001:2022"],
  ["nist-csf-2.0", "NIST CSF 2.0"],
  ["cis-controls-8.1", "CIS Controls 8.1"],
]);
