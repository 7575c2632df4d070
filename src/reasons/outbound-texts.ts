import type { Entry } from "./entry.ts";

/** Reasons about connections tried from the host. */
export const outboundTexts: readonly Entry[] = [
  ["the proxy is known by name", "プロキシは名前で指定されています"],
  ["it was not tried", "接続を試していません"],
  ["it was not tried: {why}", "接続を試していません: {why}"],
  ["the host has no program to try it with", "接続を試すためのプログラムがホストにありません"],
  [
    "the connection stands; the handshake could not be tried, for the host has no openssl",
    "接続はできますが、ホストに openssl がないため、TLS ハンドシェイクは試せませんでした",
  ],
  [
    "whether the container finds the name could not be asked",
    "コンテナ内で名前解決ができるかどうかを確認できませんでした",
  ],
  [
    "what answers shows a certificate that is not its own: something on the way answers for it",
    "応答の証明書が通信先のものではなく、途中の機器が代わりに応答しています",
  ],
  [
    "something takes the connection and cuts the handshake; whether it leads further cannot be told",
    "接続は受け付けられますが、TLS ハンドシェイクが切断されるため、その先に届くかどうかは判別できません",
  ],
  ["no address was found for the name", "名前解決でアドレスを得られませんでした"],
  [
    "no address was found for the name, so it was not tried",
    "名前解決でアドレスを得られなかったため、接続を試していません",
  ],
  ["the connection goes to a proxy", "プロキシへの接続です"],
  ["the packet filter could not be read", "パケットフィルターを読み取れませんでした"],
  ["which way its packets take could not be seen", "パケットの経路を確認できませんでした"],
  ["whether a rule applies cannot be told: {rule}", "規則が当てはまるかどうかを判別できません: {rule}"],
  ["it may be sent elsewhere by a rule: {rule}", "規則によって別の宛先へ送られる可能性があります: {rule}"],
  ["the tables of nft could not be read", "nft のテーブルを読み取れませんでした"],
  ["its rules are not followed here: {table}", "このテーブルの規則は評価の対象外です: {table}"],
  ["/etc/default/ufw does not say", "/etc/default/ufw から判別できません"],
  ["no address of it was tried", "どのアドレスにも接続を試していません"],
  ["its name was not found in time, so it was not tried", "時間内に名前解決ができなかったため、接続を試していません"],
  ["{why}, so it was not tried", "{why}。このため接続を試していません"],
  [
    "the server finds an address for its name that is none of the internet",
    "サーバーでの名前解決の結果が、インターネットのアドレスではありません",
  ],
  ["its name could not be looked up, so it was not tried", "名前解決を行えなかったため、接続を試していません"],
  ["the proxy asks for a password", "プロキシがパスワードを求めています"],
  [
    "the attempt failed for no reason that a network gives, so it may not have left the server",
    "失敗の理由がネットワークによるものではなく、通信がサーバーの外に出ていない可能性があります",
  ],
  [
    "nothing was tried from the host: the script ended before it",
    "そこに至る前にスクリプトが終了したため、ホストからの接続を試していません",
  ],
  ["OpenClaw's own network was not looked for", "OpenClaw 専用のネットワークの有無を確認していません"],
  [
    "from the network of OpenClaw's container nothing could be tried: {why}",
    "OpenClaw のコンテナのネットワークからは接続を試せませんでした: {why}",
  ],
  [
    "from OpenClaw's own network nothing could be tried: {why}",
    "OpenClaw 専用のネットワークからは接続を試せませんでした: {why}",
  ],
  ["its network can be entered by root alone", "このネットワークに入れるのは root だけです"],
  ["no process of it was seen", "OpenClaw のプロセスが確認できませんでした"],
  [
    "whether OpenClaw is told of a proxy could not be seen",
    "OpenClaw にプロキシが設定されているかどうかを確認できませんでした",
  ],
  [
    "whether OpenClaw is told of a proxy could not be seen: {why}",
    "OpenClaw にプロキシが設定されているかどうかを確認できませんでした: {why}",
  ],
  ["OpenClaw is told of several proxies", "OpenClaw に複数のプロキシが設定されています"],
  ["OpenClaw is told of a proxy {kind}", "OpenClaw に設定されたプロキシは{kind}"],
  ["that wants a password", "パスワードを必要とします"],
  ["of a kind that is not tried", "試行に対応していない種類です"],
  ["its environment is hidden", "プロセスの環境変数が見えません"],
  ["its settings may not be read", "設定を読み取る権限がありません"],
  [
    "the host has no bash and timeout(1) to ask it with",
    "問い合わせに使う bash と timeout コマンドがホストにありません",
  ],
  [
    "something on the way answers in its place, for one that does not exist is answered too",
    "存在しない宛先への問い合わせにも応答があり、途中の機器が代わりに応答しています",
  ],
  ["the policy has no outbound:, so no connection was tried", "方針に outbound: がないため、接続を試していません"],
  ["nothing was tried", "何も試していません"],
  ["from the host nothing could be tried over {family}", "ホストからは {family} での接続を試せませんでした"],
  ["from the container nothing could be tried over {family}", "コンテナからは {family} での接続を試せませんでした"],
];
