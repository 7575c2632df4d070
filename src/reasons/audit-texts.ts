import type { Entry } from "./entry.ts";

/** Reasons and notes about the audit as a whole. */
export const auditTexts: readonly Entry[] = [
  [
    "Looking inside failed by a fault of sekisho: {trace}",
    "sekisho の不具合により、ホストの内側を調べられませんでした: {trace}",
  ],
  [
    "Report this text; the view from the network was kept.",
    "この内容を開発元へ報告してください。ネットワーク越しの検査結果は保存されています。",
  ],
  [
    "no SSH login was given; give --ssh user@host, or let the owner run the output of sekisho script",
    "SSH ログインの指定がありません。--ssh user@host を指定するか、サーバーの管理者に sekisho script の出力を実行してもらってください",
  ],
  [
    "the version of sekisho that gathered this does not record it",
    "収集に使われた版の sekisho はこの項目を記録しません",
  ],
  ["Not allowed on the host: {commands}.", "ホストで許可されていないコマンド: {commands}"],
  ["Only {count} of 65535 TCP ports were probed.", "65535 個の TCP ポートのうち {count} 個だけを調べました。"],
  [
    "The host has no timeout(1): commands ran without a time limit of their own.",
    "ホストに timeout コマンドがないため、コマンドごとの時間制限なしで実行しました。",
  ],
  [
    "The host's owner ran the host script and handed over its output: that it is of this server and of an unchanged script was not verified.",
    "スクリプトの実行と出力の提出はサーバーの管理者によるものです。このサーバーの出力であること、スクリプトが改変されていないことは検証していません。",
  ],
  [
    "The login is not root and sudo allows it nothing without a password: what needs root was not read.",
    "ログインユーザーは root ではなく、パスワードなしの sudo も許可されていないため、root 権限の必要な項目は読み取っていません。",
  ],
  [
    "The script did not come to its end; what it printed until then was read.",
    "スクリプトは最後まで実行されていません。それまでの出力を読み取りました。",
  ],
  [
    "Of UDP only well-known services were asked; what else listens and what the firewall accepts is read on the host.",
    "UDP は代表的なサービスだけを調べています。その他の待ち受けとファイアウォールの許可はホスト上で読み取ります。",
  ],
  ["The system's ssh was used: {why}.", "この端末の ssh を使用しました({why})。"],
  ["ssh2 can not use the certificate beside {path}", "{path} に添えられた証明書に ssh2 が対応していないため"],
  ["ssh2 can not use the agent's {type} key", "エージェントの {type} 鍵に ssh2 が対応していないため"],
  ["ssh2 can not read the key {path} ({why})", "鍵 {path} を ssh2 で読み取れないため({why})"],
  ["known_hosts trusts an authority for {where}", "known_hosts で {where} のホスト鍵の認証局が信頼されているため"],
  ["ssh2 shares no algorithm with {where} ({why})", "ssh2 と {where} に共通の暗号方式がないため({why})"],
  [
    "The host key {key} of {where} was not in known_hosts; it was accepted by --accept-new-host-key.",
    "{where} のホスト鍵 {key} は known_hosts になく、--accept-new-host-key の指定により受け入れました。",
  ],
  [
    "{count} more keys were not tried, so that the server does not take it for guessing: name one with --identity.",
    "総当たりとみなされるのを避けるため、ほかの {count} 個の鍵は試していません。--identity で鍵を指定してください。",
  ],
  [
    "The login went through {bastion}, whose host key is {key}.",
    "{bastion} を経由してログインしました。そのホスト鍵は {key} です。",
  ],
];
