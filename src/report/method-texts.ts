import type { Text } from "#model/text.ts";

/** Texts of the part that says how the audit looked. Same notation as in texts.ts. */
export const methodTexts = {
  methodTitle: { en: "How this was looked at", ja: "検査の方法と記録" },
  scopeTitle: { en: "Scope and authorisation", ja: "対象範囲と許可" },
  scopeAddresses: { en: "Addresses in scope", ja: "対象アドレス" },
  exclusions: { en: "Left out", ja: "対象外とした事項" },
  authorisedBy: { en: "Authorised by", ja: "許可者" },
  authorisedReference: { en: "Reference", ja: "根拠文書" },
  authorisedFrom: { en: "From", ja: "開始日" },
  authorisedUntil: { en: "Until", ja: "期限" },
  authorisedAddresses: { en: "Authorised addresses", ja: "許可されたアドレス" },
  authorisedLocal: {
    en: "None needed: the machine examined itself.",
    ja: "不要(検査対象のマシン自身で実行)",
  },
  noLimit: { en: "no date given", ja: "指定なし" },

  declaredTitle: { en: "Declared by the owner", ja: "運用者の申告" },
  declaredNone: { en: "Nothing was declared.", ja: "申告された事項はありません。" },
  allowedSources: { en: "Allowed sources", ja: "許可する接続元" },
  workloads: { en: "Workloads", ja: "業務数" },
  severalTeams: { en: "Several teams", ja: "複数チームでの利用" },
  personalData: { en: "Personal data", ja: "個人情報の取り扱い" },
  regulatedData: { en: "Regulated financial or medical data", ja: "法令等で制限された金融・医療データ" },
  cloudAiForbidden: { en: "Cloud AI forbidden by company rules", ja: "社内規定によるクラウドAI禁止" },
  competitiveSecrets: { en: "Competitive secrets", ja: "競合情報・新規事業の情報" },
  logsKeptOneYear: { en: "Logs to be kept for a year", ja: "ログの1年保持" },
  openPorts: { en: "Ports meant to be open", ja: "開放を意図したポート" },
  neededServices: { en: "Services needed", ja: "必要なサービス" },
  region: { en: "Region", ja: "リージョン" },
  yes: { en: "yes", ja: "あり" },
  no: { en: "no", ja: "なし" },

  identityTitle: { en: "Identity of the target", ja: "対象の同一性" },
  identityLead: {
    en: "Two reports speak of the same machine only where these agree.",
    ja: "これらが一致する報告書どうしだけが、同じマシンについてのものです。",
  },
  sshHostKeys: { en: "SSH host keys", ja: "SSHホスト鍵" },
  tlsKeys: { en: "TLS keys (SPKI, sha256)", ja: "TLS公開鍵(SPKI、sha256)" },
  machineIdHash: { en: "machine-id (hashed)", ja: "machine-id(ハッシュ)" },

  clocksTitle: { en: "Time and clocks", ja: "時刻" },
  collectionStarted: { en: "Collection started", ja: "採取開始" },
  collectionFinished: { en: "Collection finished", ja: "採取終了" },
  interrupted: { en: "Stopped before its end", ja: "途中で中断" },
  interruptedNote: {
    en: "The run was stopped before its end; what had not been looked at by then is undecided.",
    ja: "採取は途中で中断されました。その時点で確認していない事項は判定していません。",
  },
  scannerTimezone: { en: "Scanner's time zone", ja: "監査側のタイムゾーン" },
  clockOffset: { en: "Target's clock against the scanner's", ja: "対象の時計のずれ(監査側を基準)" },
  offsetError: { en: "± {error} ms", ja: "± {error} ms" },
  notMeasured: { en: "not measured", ja: "未測定" },

  vantagesTitle: { en: "From where", ja: "検査の地点" },
  vantage: { en: "Vantage", ja: "地点" },
  role: { en: "Role", ja: "区分" },
  via: { en: "Acts through", ja: "手段" },
  sourceAddresses: { en: "Source addresses", ja: "接続元アドレス" },

  connectionsTitle: { en: "Connections made", ja: "接続の記録" },
  connectionsLead: {
    en: "Connections to each service, without those of the port scan.",
    ja: "各サービスへの接続回数です(ポートスキャンの接続を除く)。",
  },
  connectionsNone: { en: "No connection was made to any service.", ja: "サービスへの接続は行っていません。" },
  service: { en: "Service", ja: "接続先" },
  purpose: { en: "Purpose", ja: "目的" },
  times: { en: "Count", ja: "回数" },

  attemptsTitle: { en: "Every attempt to look", ja: "検査の記録" },
  attemptsLead: {
    en: "{count|attempt|attempts}, each with its command or request, time, and the digest of the raw answer.",
    ja: "{count}件の検査について、実行したコマンドまたは要求、時刻、生データのダイジェストを示します。",
  },
  methodOf: { en: "Command or request", ja: "コマンド・要求" },
  started: { en: "Started", ja: "開始" },
  took: { en: "Took", ja: "所要時間" },
  detail: { en: "Detail", ja: "詳細" },
  digest: { en: "Digest (sha256)", ja: "ダイジェスト(sha256)" },
  excerpt: { en: "Excerpt", ja: "抜粋" },

  versionsTitle: { en: "Versions and digests", ja: "版とダイジェスト" },
  judgedWith: { en: "Judged with", ja: "判定に用いた版" },
  collectedWith: { en: "Collected with", ja: "採取に用いた版" },
  runId: { en: "Run", ja: "実行ID" },
  scriptDigest: { en: "Host script", ja: "採取スクリプト" },
  scriptNone: { en: "none was sent", ja: "送信なし" },
  addedRules: { en: "Rules beside the product's", ja: "追加された検査項目" },
  rulesDigest: { en: "Rules", ja: "検査項目" },
  profileDigest: { en: "Profile", ja: "プロファイル" },
  policyDigest: { en: "Policy", ja: "申告内容" },
  bundleDigest: { en: "Evidence bundle", ja: "証跡ファイル" },
  format: { en: "Format", ja: "形式" },

  limitsTitle: { en: "Limits", ja: "本報告の限界" },
  verifyTitle: { en: "How to verify this report", ja: "本報告の検証方法" },
  verifyLead: {
    en: "The same evidence, rules, profile and time give the same report, byte for byte. Judge the evidence again and compare the report id and the digests above:",
    ja: "同じ証跡・検査項目・プロファイル・時刻からは、同じ報告書が得られます。次のコマンドで再判定し、報告書IDと上記のダイジェストを照合してください。",
  },
  verifyId: { en: "The report id must be", ja: "一致すべき報告書ID" },

  cutNote: {
    en: "cut: {length} characters in all, sha256 {digest}",
    ja: "以下省略。全体 {length}文字、sha256 {digest}",
  },
  generatedBy: { en: "Made by {name} {version}", ja: "{name} {version} で作成" },
} as const satisfies Record<string, Text>;

export type MethodKey = keyof typeof methodTexts;
