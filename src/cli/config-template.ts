import { stringify } from "yaml";
import type { SshLogin } from "#model/target.ts";
import type { Locale, Text } from "#model/text.ts";

/** What a first sekisho.yaml is written from. */
export interface InitAnswers {
  readonly id: string;
  readonly host: string;
  readonly pattern: "in-house" | "vps" | undefined;
  readonly adminUrl: string | undefined;
  readonly ssh: SshLogin | undefined;
  /** `who, reference`. */
  readonly authorisedBy: string | undefined;
  /** Addresses the host has now; the authorisation is for them. */
  readonly addresses: readonly string[];
  /** Where the JSON Schema of this file lies, for editors. */
  readonly schemaFile: string;
}

/** Text of a commented sekisho.yaml: what was answered in force, the rest as comments to be taken up. */
export function configTemplate(answers: InitAnswers, locale: Locale): string {
  const say = (text: Text) => `# ${text[locale]}`;
  return [
    say(words.head),
    `# yaml-language-server: $schema=${answers.schemaFile}`,
    "version: 1",
    "",
    say(words.targets),
    "targets:",
    ...indent(targetLines(answers, say)),
    "",
    say(words.vantages),
    "# vantages:",
    "#   - { id: internet, role: outside, via: local }",
    "#   - { id: office, role: allowed, via: ssh, ssh: { host: bastion.example.jp, user: auditor } }",
    "",
    say(words.policy),
    "policy:",
    ...indent(policyLines(say)),
    "",
    ...authorisationLines(answers, say),
    "",
    say(words.attestations),
    "# attestations: attestations.yaml",
    "",
    say(words.profile),
    "profile: standard",
    "",
  ].join("\n");
}

type Say = (text: Text) => string;

function targetLines(answers: InitAnswers, say: Say): readonly string[] {
  const field = (name: string, value: string | undefined, example: string) =>
    value === undefined ? `  # ${name}: ${example}` : `  ${name}: ${scalar(value)}`;
  const login = answers.ssh;
  return [
    `- id: ${scalar(answers.id)}`,
    `  host: ${scalar(answers.host)}`,
    `  ${say(words.pattern)}`,
    field("pattern", answers.pattern, "vps"),
    `  ${say(words.adminUrl)}`,
    field("adminUrl", answers.adminUrl, "https://claw.example.jp/"),
    `  ${say(words.ssh)}`,
    ...(login === undefined
      ? ["  # ssh: { host: claw.example.jp, user: ops }"]
      : [
          "  ssh:",
          `    host: ${scalar(login.host)}`,
          ...(login.port === undefined ? [] : [`    port: ${login.port}`]),
          `    user: ${scalar(login.user)}`,
        ]),
    ...(login === undefined ? [] : ["    # identity: ~/.ssh/id_ed25519", "    # jump: ops@bastion.example.jp"]),
  ];
}

function policyLines(say: Say): readonly string[] {
  return [
    say(words.allowedSources),
    "# allowedSources: [198.51.100.0/28, 10.8.0.0/24]",
    say(words.workloads),
    "# workloads: 2",
    "# severalTeams: false",
    say(words.data),
    "# personalData: false",
    "# regulatedData: false",
    "# cloudAiForbidden: false",
    "# competitiveSecrets: false",
    say(words.logs),
    "# logsKeptOneYear: false",
    say(words.openPorts),
    "openPorts: []",
    "# openPorts:",
    "#   - { port: 51820, protocol: udp, reason: WireGuard }",
    say(words.services),
    "neededServices: []",
    say(words.waivers),
    "# waivers:",
    "#   - { rule: ubuntu-release, reason: Debian 13 is supported until 2030, by: Hanako Sato (CISO), from: 2026-11-20, until: 2027-03-31 }",
    say(words.attestors),
    "# attestors:",
    "#   - { name: Hanako Sato, role: operator, key: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGFuIGV4YW1wbGU7IHB1dCB5b3VyIG93biBpbiBoZXJl }",
    say(words.backups),
    "# backups: { paths: [/var/backups/openclaw], jobs: [openclaw-backup.timer] }",
    say(words.outbound),
    "# outbound: { needed: [gmail.googleapis.com, slack.com, api.anthropic.com] }",
    say(words.aiServices),
    "# aiServices:",
    "#   - { provider: anthropic, endpoints: [api.anthropic.com], data: mail of the support desk }",
  ];
}

function authorisationLines(answers: InitAnswers, say: Say): readonly string[] {
  const [by = "", ...reference] = (answers.authorisedBy ?? "").split(",").map((part) => part.trim());
  if (by === "" || reference.join("") === "" || answers.addresses.length === 0) {
    return [
      say(words.authorisation),
      "# authorisation:",
      "#   by: Hanako Sato (CISO)",
      "#   reference: contract 2026-114",
      "#   until: 2027-03-31",
      "#   addresses: [203.0.113.5, 2001:db8::5]",
    ];
  }
  return [
    say(words.authorisation),
    "authorisation:",
    `  by: ${scalar(by)}`,
    `  reference: ${scalar(reference.join(", "))}`,
    "  # until: 2027-03-31",
    `  ${say(words.authorisedAddresses)}`,
    "  addresses:",
    ...answers.addresses.map((address) => `    - ${scalar(address)}`),
  ];
}

const words = {
  head: {
    en: "Which servers sekisho audits, from where, against what policy, and by whose leave.",
    ja: "sekishoが監査するサーバー、調べる場所、方針、承認の設定。",
  },
  targets: { en: "The servers.", ja: "監査するサーバー。" },
  pattern: {
    en: "in-house: a machine of one's own. vps: a rented one.",
    ja: "in-house: 社内のサーバー。vps: 借りているVPS。",
  },
  adminUrl: { en: "Where people open the admin UI.", ja: "管理画面を開くURL。" },
  ssh: {
    en: "Login to look from inside: key or agent only, no password. Without it most requirements stay not checked.",
    ja: "内部を調べるためのログイン。鍵またはエージェントのみで、パスワードは使わない。ないと多くの要件が未検査になる。",
  },
  vantages: {
    en: "From where one looks. outside: should be refused. allowed: office or VPN. via: local is the machine that runs sekisho; via: ssh a host that connects on our behalf.",
    ja: "調べる場所。outside: 拒否されるべき場所。allowed: 社内またはVPN。via: localはsekishoを実行する端末、via: sshは接続を代行するホスト。",
  },
  policy: {
    en: "What the owner declares. A line left out is not known: rules that need it are not checked.",
    ja: "所有者が宣言する方針。書かない項目は不明として扱い、必要とする規則は未検査になる。",
  },
  allowedSources: {
    en: "Who may reach the admin UI: office and VPN.",
    ja: "管理画面に接続してよい送信元（社内・VPN）。",
  },
  workloads: {
    en: "How many workloads OpenClaw serves, and for whom.",
    ja: "OpenClawの業務数と、複数部署での利用の有無。",
  },
  data: { en: "Which data is handled.", ja: "扱うデータ。" },
  logs: { en: "Whether logs are to be kept for a year.", ja: "ログを1年保管するか。" },
  openPorts: {
    en: "Ports meant to be open beside 22 and 443; none by default.",
    ja: "22と443以外に開けてよいポート。既定はなし。",
  },
  backups: {
    en: "Where backups lie and what makes them, where the audit does not find it by itself.",
    ja: "バックアップの保存先と取得する処理です(監査が自動で見つけられない場合)。",
  },
  outbound: {
    en: "With it the server and OpenClaw's container are made to try connections: to these, which must stand, and to well-known hosts, which must not.",
    ja: "記入すると、サーバーとOpenClawのコンテナから接続を試します（必要な通信先と、拒否されるべき既知のホスト）。",
  },
  aiServices: {
    en: "AI services that data may go to, and which data that is; none: [].",
    ja: "データを渡してよいAIサービスと、渡すデータ。ない場合は[]。",
  },
  services: {
    en: "systemd units that are needed beside the usual ones.",
    ja: "通常のもの以外に必要なsystemdのサービス。",
  },
  waivers: {
    en: "Findings accepted for a time, a year at most. They stay in the report and do not block.",
    ja: "期限付き(最長1年)で受容する不適合。レポートには残り、通過は妨げない。",
  },
  attestors: {
    en: "Who may state with sekisho attest what no probe can see, such as a restore test, and the public key they sign with.",
    ja: "復旧テストなど、検査では確認できない事項をsekisho attestで証明できる担当者と、署名に使う公開鍵。",
  },
  attestations: {
    en: "File of their signed statements; attestations.yaml beside this file needs no line.",
    ja: "署名付きの証明を集めたファイル。このファイルと同じ場所のattestations.yamlなら記載は不要。",
  },
  authorisation: {
    en: "Who allowed the audit. Nothing but these addresses is contacted; this machine needs no leave.",
    ja: "監査の承認者と根拠。ここにないアドレスには接続しない。このマシン自身には不要。",
  },
  authorisedAddresses: { en: "Addresses or ranges in scope.", ja: "監査対象のアドレスまたは範囲。" },
  profile: { en: "What to judge by: standard, enterprise or appi.", ja: "判定の基準: standard、enterprise、appi。" },
} as const satisfies Record<string, Text>;

function scalar(value: string): string {
  return stringify(value, { lineWidth: 0 }).trimEnd();
}

function indent(lines: readonly string[]): readonly string[] {
  return lines.map((line) => `  ${line}`);
}
