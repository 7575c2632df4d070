import type { Step } from "#model/progress.ts";
import type { Text } from "#model/text.ts";

/** Names of the steps of gathering. */
export const stepNames: Readonly<Record<Step, Text>> = {
  resolution: { en: "names", ja: "名前解決" },
  icmp: { en: "ICMP", ja: "ICMP" },
  tcp: { en: "TCP ports", ja: "TCPポート" },
  udp: { en: "UDP ports", ja: "UDPポート" },
  ssh: { en: "SSH", ja: "SSH" },
  tls: { en: "TLS", ja: "TLS" },
  http: { en: "HTTP", ja: "HTTP" },
  login: { en: "login", ja: "ログイン" },
  host: { en: "host script", ja: "ホスト内の調査" },
};

/** What the commands say on the terminal beside the report. */
export const texts = {
  auditing: { en: "Auditing", ja: "監査対象" },
  done: { en: "done", ja: "完了" },
  stopping: {
    en: "Stopping; what was gathered is kept. Press Ctrl-C again to stop at once.",
    ja: "停止します。集めた証跡は残します。すぐに止めるにはもう一度Ctrl-Cを押してください。",
  },
  stopped: { en: "Stopped before the end. Kept:", ja: "途中で停止しました。残したもの:" },
  wrote: { en: "Report", ja: "報告書" },
  evidence: { en: "Evidence", ja: "証跡" },
  vantageFailed: {
    en: "From one of the places nothing could be seen:",
    ja: "次の地点からは検査できませんでした:",
  },
  loginFailed: { en: "The host could not be looked at from inside:", ja: "サーバー内部を調べられませんでした:" },
  next: { en: "Next:", ja: "次の手順:" },
  error: { en: "sekisho:", ja: "sekisho:" },
} as const satisfies Record<string, Text>;

/** Labels of what is known of a rule. */
export const ruleTexts = {
  excluded: { en: "left out by the profile", ja: "このプロファイルでは対象外" },
  noRule: { en: "no rule yet: not checked", ja: "規則がまだないため未検査" },
  why: { en: "Why", ja: "理由" },
  expected: { en: "Expected", ja: "求める状態" },
  when: { en: "Applies when", ja: "対象となる条件" },
  holds: { en: "Must hold", ja: "成り立つべき式" },
  reads: { en: "Evidence", ja: "用いる証跡" },
  fix: { en: "To do", ja: "対処" },
  references: { en: "References", ja: "参照規格" },
} as const satisfies Record<string, Text>;

/** What attest says. */
export const attestTexts = {
  states: { en: "This is stated", ja: "次の内容を証明します" },
  denies: { en: "This is stated not to be so", ja: "次の内容に該当しないことを記録します" },
  wrote: { en: "Added to", ja: "追加しました" },
  on: { en: "done on", ja: "実施日" },
  until: { en: "counts until", ja: "有効期限" },
  counts: { en: "Signed; it counts from now on. Key:", ja: "署名済みで、有効です。鍵:" },
  doesNotCount: { en: "It does not count yet", ja: "まだ有効ではありません" },
  list: {
    en: "To let this key's owner state things, put this into sekisho.yaml",
    ja: "この鍵の所有者を証明者として認めるには、sekisho.yamlに次を記載してください",
  },
  noEvidence: {
    en: "No evidence was named: with --evidence FILE the digest of a record, log or picture is signed too.",
    ja: "根拠となるファイルの指定がありません。--evidence FILE を付けると、記録やログ、画像のダイジェストも署名に含まれます。",
  },
  handOver: { en: "Hand it to audit, collect or evaluate with", ja: "audit、collect、evaluateには次のように渡します" },
} as const satisfies Record<string, Text>;

/** What diff says beside the comparison. */
export const diffNotes = {
  backwards: {
    en: "The second report is of earlier evidence than the first: the comparison goes back in time.",
    ja: "2つ目の報告書の証跡は1つ目より前のものです。時間をさかのぼる比較になっています。",
  },
} as const satisfies Record<string, Text>;

/** What baseline says beside the waivers. */
export const baselineTexts = {
  nothing: {
    en: "Nothing fails that is not waived already: there is nothing to adopt.",
    ja: "受容されていない不適合はありません。追加するリスク受容はありません。",
  },
  accepts: {
    en: "Failures that these waivers accept until their last day:",
    ja: "このリスク受容により期限まで受容する不適合の件数:",
  },
  open: {
    en: "Goes on blocking, because part of what it reads is not known and more may fail:",
    ja: "検査に必要な情報の一部が不明なため、受容しても通過を妨げる項目:",
  },
  undecided: {
    en: "Not known, and so nothing that anybody could accept:",
    ja: "判定できていないため、受容できない必須要件:",
  },
  others: {
    en: "The policy has waivers already: add these to them, do not put them in their place.",
    ja: "方針には既にリスク受容があります。置き換えず、追加してください。",
  },
} as const satisfies Record<string, Text>;

/** Words of the preflight. */
export const doctorTexts = {
  yes: { en: "yes", ja: "可" },
  no: { en: "NO", ja: "不可" },
  skipped: { en: "skipped", ja: "省略" },
  unknown: { en: "stays unknown", ja: "判定できない要件" },
  remedy: { en: "to change it", ja: "対処" },
  allYes: {
    en: "What was tried here works. What else a report needs (a vantage outside, one inside the office, the policy) it says itself.",
    ja: "試した項目はすべて利用できます。ほかに必要なもの（外部と社内の観測点、方針の宣言）は報告書に示します。",
  },
  names: {
    resolve: { en: "resolve the name", ja: "名前解決" },
    reach: { en: "reach the server", ja: "到達性" },
    "host-key": { en: "know its host key", ja: "ホスト鍵の照合" },
    login: { en: "log in", ja: "ログイン" },
    shell: { en: "run the host script", ja: "スクリプトの実行" },
    privilege: { en: "read with privilege", ja: "特権での読み取り" },
    "raw-packets": { en: "send raw packets (ICMP)", ja: "rawパケットの送信（ICMP）" },
  },
} as const;

/** Questions and answers of init. */
export const initTexts = {
  host: {
    en: "Host name or address of the server, or localhost",
    ja: "サーバーのホスト名またはアドレス（またはlocalhost）",
  },
  id: { en: "Short name for it", ja: "短い名前" },
  pattern: { en: "Where it runs, in-house or vps", ja: "設置場所（in-house または vps）" },
  adminUrl: { en: "URL of the admin UI (empty: none yet)", ja: "管理画面のURL（未定なら空）" },
  ssh: { en: "SSH login user@host[:port] (empty: none)", ja: "SSHログイン user@host[:port]（なければ空）" },
  authorisedBy: {
    en: 'Who allowed the audit, "who, reference" (empty: later)',
    ja: "監査の承認者「氏名, 根拠」（後で書くなら空）",
  },
  wrote: { en: "Wrote", ja: "作成しました" },
  next: { en: "Next", ja: "次の手順" },
} as const satisfies Record<string, Text>;
