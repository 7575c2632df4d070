import type { Entry } from "./entry.ts";

/** What `sekisho doctor` says of what it tried. */
export const preflightTexts: readonly Entry[] = [
  ["ICMP is sent by the system's ping.", "ICMP はこの端末の ping で送信します。"],
  [
    "The add-on that sends ICMP is not built, and there is no ping that could; a server that answers no port stays undecided.",
    "ICMP を送るアドオンがビルドされておらず、使える ping もありません。どのポートにも応答しないサーバーは判定できないままになります。",
  ],
  ["ICMP can be sent from this machine.", "この端末から ICMP を送信できます。"],
  [
    "This user may not send ICMP ({why}), and there is no ping that could; a server that answers no port stays undecided.",
    "このユーザーは ICMP を送信できず({why})、使える ping もありません。どのポートにも応答しないサーバーは判定できないままになります。",
  ],
  ["There is no address for {names}.", "{names} の名前解決ができません。"],
  ["{where} answers on port {port}.", "{where} の {port} 番ポートに応答があります。"],
  ["{where} answers on port {port} by refusing.", "{where} の {port} 番ポートは接続を拒否しました(応答あり)。"],
  [
    "{where} answers on port {port} through {bastion}.",
    "{bastion} を経由して {where} の {port} 番ポートに応答があります。",
  ],
  [
    "Neither port 443 nor port 22 of {where} answers from here.",
    "ここからは {where} の 443 番ポートにも 22 番ポートにも応答がありません。",
  ],
  ["the target", "対象"],
  ["{user} is let in by key, {how}.", "{user} は鍵でログインできました({how})。"],
  ["by the system's ssh", "この端末の ssh を使用"],
  ["by ssh2", "ssh2 を使用"],
  ["sh reads and runs what is sent.", "sh は送られた内容を読み取り、実行できます。"],
  ["The step before it failed.", "前の段階が失敗したため、試していません。"],
  ["Not tried: there is no key to log in with.", "ログインに使える鍵がないため、試していません。"],
  ["It answered.", "応答がありました。"],
  ["The login is root's.", "root でログインしています。"],
  [
    "sudo lets the login run commands without a password.",
    "ログインユーザーは、sudo によりパスワードなしでコマンドを実行できます。",
  ],
  [
    "There is no sudo on the server, and the login is not root's.",
    "サーバーに sudo がなく、ログインユーザーも root ではありません。",
  ],
  [
    "It could not be told whether the login has privileges: {why}.",
    "ログインユーザーの権限を判別できませんでした: {why}。",
  ],
  [
    "sudo asks for a password or does not know the login, and the login is not root's.",
    "sudo がパスワードを求めるか、ログインユーザーを許可していません。ログインユーザーは root でもありません。",
  ],
  ["There is no session to try it with.", "ログインしていないため、試せません。"],
  ["The name does not resolve.", "名前解決ができません。"],
  ["The target is this machine.", "対象はこの端末自身です。"],
  ["sh runs on this machine.", "この端末で sh が動作します。"],
  [
    "No SSH login was given, so nothing is read on the server.",
    "SSH ログインの指定がないため、サーバー上では何も読み取りません。",
  ],
  [
    "Give --ssh user@host, or let the owner run the output of: sekisho script",
    "--ssh user@host を指定するか、サーバーの管理者に sekisho script の出力を実行してもらってください",
  ],
  [
    "Check the spelling and the resolver: getent hosts {name}",
    "名前の綴りと名前解決の設定を確認してください: getent hosts {name}",
  ],
  [
    "Audit from a place that may reach the server, such as the office or the VPN, with --vantage allowed",
    "社内や VPN など、サーバーへの接続が許可された場所から --vantage allowed を付けて監査してください",
  ],
  [
    "Install sudo on the server, or log in as root from this address by key alone",
    "サーバーに sudo をインストールするか、このアドレスから鍵だけで root としてログインできるようにしてください",
  ],
  [
    "sekisho sudoers {login} > sekisho.sudoers, copy it to the server, and there: sudo visudo -cf sekisho.sudoers && sudo install -m 0440 sekisho.sudoers /etc/sudoers.d/sekisho",
    "sekisho sudoers {login} > sekisho.sudoers を実行してサーバーにコピーし、サーバーで次を実行してください: sudo visudo -cf sekisho.sudoers && sudo install -m 0440 sekisho.sudoers /etc/sudoers.d/sekisho",
  ],
  [
    "npm run build:icmp, or apt-get install iputils-ping",
    "npm run build:icmp または apt-get install iputils-ping を実行してください",
  ],
  ["Run as root, or with CAP_NET_RAW.", "root として、または CAP_NET_RAW を付けて実行してください。"],
  ["The target is given by address.", "対象はアドレスで指定されています。"],
  ["{name} resolves to {addresses}", "{name} のアドレスは {addresses} です"],
];
