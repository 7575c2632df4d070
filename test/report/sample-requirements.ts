import type { Level } from "#model/outcome.ts";
import type { Section } from "#model/rule.ts";
import type { Text } from "#model/text.ts";

export const sections: readonly Section[] = [
  section("A", "applicability", "When on-premises is called for", "オンプレミス運用が求められるケース"),
  section("B", "patterns", "Patterns", "代表的な構成パターン"),
  section("C", "network", "Network and access", "ネットワークとアクセス設計"),
  section("D", "logs", "Logs", "ログ保持期間"),
  section("E", "backups", "Backups and restore tests", "バックアップ戦略と復旧テスト"),
  section("F", "operations", "Operations", "失敗しやすいポイントと障害時の復旧"),
  section("G", "sizing", "Sizing", "スペックの目安"),
  section("H", "cloud", "Use beside a cloud service", "クラウドとの併用"),
];

function section(letter: string, id: string, en: string, ja: string): Section {
  return { id, letter, title: { en, ja } };
}

export interface SampleRequirement {
  readonly id: string;
  readonly section: string;
  readonly level: Level;
  readonly title: Text;
}

const rows: readonly (readonly [string, Level, string, string])[] = [
  ["APP-1", "info", "The kinds of data handled are declared", "取り扱うデータの種類が申告されている"],
  [
    "APP-2",
    "must",
    "Data that must stay in-house goes to no AI cloud that is not named",
    "外部に出せないデータを、申告のないAIクラウドへ送らない",
  ],
  ["PAT-1", "info", "The pattern is in-house or VPS", "構成パターンは社内サーバーまたは自社VPS"],
  [
    "PAT-2",
    "should",
    "In-house server: 4 cores, 8 GB memory, 100 GB storage",
    "社内サーバー: CPU 4コア・メモリ8 GB・ストレージ100 GB以上",
  ],
  ["PAT-3", "should", "The server runs Ubuntu Server 24.04 LTS", "OSはUbuntu Server 24.04 LTS"],
  ["PAT-4", "should", "VPS: plan of 4 GB or more in the Tokyo region", "VPS: 4 GB以上のプラン、東京リージョン"],
  ["PAT-5", "should", "VPS: snapshots of the provider are switched on", "VPS: 事業者のスナップショットが有効"],
  [
    "NET-1",
    "must",
    "The admin UI is reached from outside only through a VPN",
    "社外から管理画面へはVPN経由でのみ到達できる",
  ],
  [
    "NET-2",
    "should",
    "The admin UI is not put on the internet directly",
    "管理画面をインターネットに直接公開していない",
  ],
  ["NET-3", "must", "The admin UI answers only declared source addresses", "管理画面は申告した接続元IPにのみ応答する"],
  [
    "NET-5",
    "must",
    "Unauthorised attempts are recorded and someone is alerted",
    "不正アクセスの試行が記録され、通知される",
  ],
  ["NET-6", "must", "443/tcp is the only way to the admin UI", "管理画面への経路は443/tcpのみ"],
  ["NET-7", "must", "SSH accepts keys only", "SSHは公開鍵認証のみ"],
  ["NET-8", "must", "22/tcp is not open to the whole world", "22/tcpを全世界に公開していない"],
  ["NET-9", "must", "Every other port is closed, over IPv4 and IPv6", "その他のポートはIPv4・IPv6とも閉じている"],
  ["NET-10", "should", "Services that are not needed do not run", "不要なサービスを起動していない"],
  ["NET-11", "must", "Outbound traffic goes only where it is needed", "外向きの通信は必要な宛先のみ"],
  ["NET-12", "must", "World-open SSH never accepts passwords", "全世界に公開したSSHでパスワード認証を受け付けない"],
  ["LOG-1", "must", "The operation log is kept for 90 days", "操作ログを90日以上保持する"],
  ["LOG-2", "must", "The error log is kept for 30 days", "エラーログを30日以上保持する"],
  ["LOG-3", "must", "The access log of the admin UI is kept for 180 days", "管理画面のアクセスログを180日以上保持する"],
  ["BKP-1", "must", "The database is backed up every day", "データベースを毎日バックアップする"],
  ["BKP-2", "must", "Seven daily generations are kept", "日次バックアップを7世代保持する"],
  ["BKP-6", "must", "A restore is tested every six months", "半年に1回、復旧テストを行う"],
  ["OPS-1", "must", "Memory suits the number of workloads", "業務数に見合うメモリがある"],
  ["OPS-2", "must", "The admin UI is never served over plain HTTP", "管理画面を平文のHTTPで提供していない"],
  ["OPS-3", "must", "The certificate is valid and its renewal is automated", "証明書が有効で、更新が自動化されている"],
  ["OPS-6", "must", "Host and container use Asia/Tokyo", "ホストとコンテナのタイムゾーンがAsia/Tokyo"],
  ["OPS-8", "must", "Disks have room", "ディスクの空き容量がある"],
  ["OPS-9", "should", "The container comes back by itself after a reboot", "再起動後にコンテナが自動で復帰する"],
  ["SIZ-1", "should", "Cores and memory suit the workloads", "業務数に見合うCPUとメモリがある"],
  [
    "SIZ-2",
    "should",
    "Storage is 100 GB or more; 200 GB where logs are kept a year",
    "ストレージは100 GB以上、ログを1年保持する場合は200 GB以上",
  ],
  ["DAT-1", "must", "Which data goes to which AI is written down", "どのデータがどのAIに渡るかを文書で管理している"],
];

const sectionOf: Record<string, string> = {
  APP: "applicability",
  PAT: "patterns",
  NET: "network",
  LOG: "logs",
  BKP: "backups",
  OPS: "operations",
  SIZ: "sizing",
  DAT: "cloud",
};

export const requirements: readonly SampleRequirement[] = rows.map(([id, level, en, ja]) => ({
  id,
  section: sectionOf[id.slice(0, 3)] ?? "",
  level,
  title: { en, ja },
}));

/** Why no rule decides a requirement yet. */
export const pending: Record<string, Text> = {
  "APP-2": {
    en: "The destinations of the container's traffic are not examined.",
    ja: "コンテナの通信先は検査していません。",
  },
  "PAT-5": { en: "The provider's interface is not asked.", ja: "VPS事業者のAPIには問い合わせていません。" },
  "NET-5": { en: "Alerting is not examined.", ja: "通知の設定は検査していません。" },
  "NET-11": { en: "Outbound rules are not examined.", ja: "外向き通信の制限は検査していません。" },
  "LOG-1": { en: "Retention of logs is not examined.", ja: "ログの保持期間は検査していません。" },
  "LOG-2": { en: "Retention of logs is not examined.", ja: "ログの保持期間は検査していません。" },
  "LOG-3": { en: "Retention of logs is not examined.", ja: "ログの保持期間は検査していません。" },
  "BKP-1": { en: "Backups are not examined.", ja: "バックアップは検査していません。" },
  "BKP-2": { en: "Backups are not examined.", ja: "バックアップは検査していません。" },
  "BKP-6": {
    en: "A restore test is shown by a record, which is not read yet.",
    ja: "復旧テストの実施記録は読み取っていません。",
  },
  "DAT-1": {
    en: "Written rules on data and AI are not read.",
    ja: "データとAIの対応を定めた文書は読み取っていません。",
  },
};
