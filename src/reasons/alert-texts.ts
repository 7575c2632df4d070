import type { Entry } from "./entry.ts";

/** Reasons about monitoring and notices. */
export const alertTexts: readonly Entry[] = [
  ["{section} was not read", "{section} が読み取られていません"],
  ["not readable: {path}", "読み取れません: {path}"],
  ["timers were not read", "タイマーが読み取られていません"],
  ["a script of {job} could not be read", "{job} のスクリプトを読み取れませんでした"],
  ["what it looks for errors in is not known", "どのログのエラーを監視しているかが不明です"],
  ["whether its request tells anybody is not known", "送信されるリクエストが誰かへの通知になるかどうかが不明です"],
  [
    "its message stays on the host; whether that tells anybody is not known",
    "通知がホスト内にとどまり、誰かに伝わるかどうかが不明です",
  ],
  ["where its message goes could not be read", "通知の送り先を読み取れませんでした"],
  ["how mail leaves the host was not read", "ホストからのメールの送出方法が読み取られていません"],
  ["what mail(1) hands its mail to is not known", "mail コマンドがメールを渡す先が不明です"],
  ["how the program that sends mail is set up was not read", "メールを送るプログラムの設定が読み取られていません"],
  [
    "what msmtp hands its mail to on the host or near it is not read",
    "msmtp からホスト内または近くの中継先に渡された後の経路は、読み取りの対象外です",
  ],
  ["msmtp's settings may not be read", "msmtp の設定を読み取る権限がありません"],
  ["exim's settings were not read", "exim の設定が読み取られていません"],
  [
    "its mail stays on the host; whether anybody reads it is not known",
    "メールがホスト内にとどまり、読む人がいるかどうかが不明です",
  ],
  ["where its mail goes could not be read", "メールの宛先を読み取れませんでした"],
  ["whether its last run succeeded is not known", "直近の実行が成功したかどうかが不明です"],
  [
    "to whom it reports, and whether that tells anybody, is not read",
    "報告先と、それが誰かへの通知になるかどうかは、読み取りの対象外です",
  ],
  ["access logs were not read", "アクセスログが読み取られていません"],
  ["access logs: {why}", "アクセスログ: {why}"],
  ["access logs were not read to their end", "アクセスログを最後まで読み取れていません"],
  ["an access log may not be read", "読み取る権限のないアクセスログがあります"],
  ["too large to be looked through: {log}", "大きすぎて内容を確認できません: {log}"],
  ["no access log of the last two days was found", "直近 2 日間のアクセスログが見つかりませんでした"],
  ["how often it reported is not kept", "報告の回数は記録されていません"],
  ["{program} runs; whom it tells is not read", "{program} が動作していますが、通知先は読み取りの対象外です"],
  ["systemd told nothing of the unit it starts", "起動されるユニットの情報を systemd から得られませんでした"],
  [
    "whether {job} tells of errors in OpenClaw's log is not known",
    "{job} が OpenClaw のログのエラーを通知するかどうかが不明です",
  ],
  ["what it runs could not be read", "実行される内容を読み取れませんでした"],
  ["a script of it, or its settings, could not be read", "使われるスクリプトまたは設定を読み取れませんでした"],
  ["the list of units was not read to its end", "ユニットの一覧を最後まで読み取れていません"],
  ["what an action of the jail does could not be read", "jail の action の動作を読み取れませんでした"],
  [
    "{program} is installed; whom it tells is not read",
    "{program} がインストールされていますが、通知先は読み取りの対象外です",
  ],
  ["whom {jail} tells could not be read", "{jail} の通知先を読み取れませんでした"],
  [
    "whether sshd writes the log that jail {jail} reads is not known",
    "jail {jail} の読むログに sshd が書き込んでいるかどうかが不明です",
  ],
  [
    "{program} runs; what it looks at and whom it tells is not read",
    "{program} が動作していますが、監視の対象と通知先は読み取りの対象外です",
  ],
  [
    "{program} runs in a container; what it looks at and whom it tells is not read",
    "{program} がコンテナ内で動作していますが、監視の対象と通知先は読み取りの対象外です",
  ],
  [
    "the host hands its logs to another machine; whom that tells is not read",
    "ホストのログは別のサーバーへ転送されており、そこからの通知先は読み取りの対象外です",
  ],
  ["where requests for OpenClaw are logged is not known", "OpenClaw へのリクエストが記録される場所が不明です"],
  [
    "jail {jail} reads nginx's journal, and nginx's settings do not say that it writes one",
    "jail {jail} は nginx のジャーナルを読みますが、nginx の設定にはジャーナルへの出力がありません",
  ],
  [
    "systemd starts it again each time, and may never count it as failed",
    "systemd がその都度再起動するため、失敗として扱われない可能性があります",
  ],
];
