import type { Entry } from "./entry.ts";

/** Reasons about nginx on the host and the access logs it writes. */
export const webTexts: readonly Entry[] = [
  ["{file} could not be read", "{file} を読み取れませんでした"],
  ["{file} does not end as nginx would have it", "{file} の終わり方が nginx の書式に合いません"],
  [
    "{file} may be added to on nginx's command line",
    "{file} の内容が nginx の起動オプションで補われている可能性があります",
  ],
  [
    "{file} is not the last file, but no more are read",
    "{file} より後にもファイルがありますが、読み取る数の上限に達しました",
  ],
  ["{file} ends inside a block", "{file} がブロックの途中で終わっています"],
  ["{file} has a line that was not understood", "{file} に解釈できない行があります"],
  ["include {pattern} was not followed", "include {pattern} の先は読み取っていません"],
  [
    "the address of a client is taken from what it sends, which it may forge",
    "接続元アドレスとして、クライアントが偽れる値を採用する設定になっています",
  ],
  [
    "satisfy any lets a password stand for an address",
    "satisfy any により、アドレスの条件をパスワードで代えられる設定になっています",
  ],
  [
    "a condition, a subrequest or a script may refuse requests too",
    "条件分岐・サブリクエスト・スクリプトでもリクエストが拒否される可能性があります",
  ],
  ["nginx is installed and does not run", "nginx はインストールされていますが、動作していません"],
  ["several nginx run, each with a configuration of its own", "それぞれ別の設定を持つ複数の nginx が動作しています"],
  ["the script's output ends before the last nginx", "スクリプトの出力が最後の nginx の前に終わっています"],
  [
    "an nginx runs that is not root's, or not from the program that is installed",
    "root 以外の nginx、またはインストールされたものとは別のプログラムの nginx が動作しています",
  ],
  ["nginx runs and its configuration was not read", "nginx は動作していますが、その設定を読み取れていません"],
  ["no nginx process", "nginx のプロセスがありません"],
  ["nginx's configuration", "nginx の設定"],
  ["nginx's configuration could not be read", "nginx の設定を読み取れませんでした"],
  ["the configuration was cut at the size limit", "設定が大きさの上限で切れています"],
  ["where requests are passed to is not known", "リクエストの転送先が不明です"],
  ["OpenClaw is not proxied here", "OpenClaw への転送はここにはありません"],
  ["part of the configuration is not known", "設定の一部が不明です"],
  ["not every nginx that runs was read", "動作中の nginx のうち、読み取れていないものがあります"],
  ["nginx's configuration was not read to its end", "nginx の設定を最後まで読み取れていません"],
  ["where nginx passes requests to is partly not known", "nginx によるリクエストの転送先が一部不明です"],
  ["where nginx logs by default is not known", "nginx の既定のログ出力先が不明です"],
  ["the path of an access_log holds a variable", "access_log のパスに変数が使われています"],
  [
    "an access_log has a condition, so that it may not hold every request",
    "access_log に条件があり、すべてのリクエストが記録されるとは限りません",
  ],
];
