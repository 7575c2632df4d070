import type { Entry } from "./entry.ts";

/** Reasons about backups. */
export const backupTexts: readonly Entry[] = [
  ["the configuration of OpenClaw could not be looked at", "OpenClaw の設定ファイルを確認できませんでした"],
  [
    "git could not be asked as the user whose repository it is",
    "リポジトリの所有者の権限で git に問い合わせできませんでした",
  ],
  ["git says: {words}", "git の応答: {words}"],
  ["when it was changed last is not known", "最後に変更された日時が不明です"],
  ["the list was cut", "一覧が途中で切れています"],
  ["a folder was not read to its end: {folder}", "フォルダーを最後まで読み取れていません: {folder}"],
  ["the list does not come to its end", "一覧が最後まで出力されていません"],
  [
    "{count} files are there, the newest {read} were read",
    "{count} 個のファイルのうち、新しいもの {read} 個だけを読み取りました",
  ],
  ["packed copies of the same size were not unpacked", "同じ大きさの圧縮済みの複製は、展開して比較していません"],
  ["there is no copy", "複製がありません"],
  [
    "the newest copy was not checked: too large, too old, or without a program for it",
    "最新の複製は、大きすぎる、古すぎる、または確認用のプログラムがないため、検証していません",
  ],
  [
    "copies of the same size were not compared: too large, or older than nine days",
    "同じ大きさの複製は、大きすぎるか 9 日より古いため、比較していません",
  ],
  ["timers of users were not read, such as {user}", "{user} などのユーザーのタイマーが読み取られていません"],
  [
    "whether OpenClaw's own scheduler is on was not read",
    "OpenClaw 自身の定期実行が有効かどうかが読み取られていません",
  ],
  ["where OpenClaw pushes to was not read", "OpenClaw の送り先(push 先)が読み取られていません"],
  ["no success is noted", "成功の記録がありません"],
  ["whether OpenClaw tells of a failure was not read", "失敗時に OpenClaw が通知するかどうかが読み取られていません"],
  ["a script of it could not be read to its end", "使われるスクリプトを最後まで読み取れませんでした"],
  ["tables of cron were not read", "cron の設定が読み取られていません"],
  ["its timer was not read", "タイマーが読み取られていません"],
  ["systemd told no state of its timer", "systemd からタイマーの状態を得られませんでした"],
  ["cron keeps no result", "cron には実行結果が残りません"],
  ["neither systemd nor the journal tell of a run", "systemd にもジャーナルにも実行の記録がありません"],
  ["neither systemd nor the journal tell of a success", "systemd にもジャーナルにも成功の記録がありません"],
  ["a folder may not be read: {folder}", "フォルダーを読み取る権限がありません: {folder}"],
  ["the list of databases was cut", "データベースの一覧が途中で切れています"],
  ["copies in a repository are not read", "バックアップ用リポジトリ内の複製は読み取りの対象外です"],
  ["when the database was made is not known", "データベースの作成日時が不明です"],
  ["a server's database was not measured", "データベースサーバー上のデータの大きさは測定していません"],
  ["the disk of the database is not known", "データベースのあるディスクが不明です"],
  ["no job was found that makes the copies", "複製を作成するジョブが見つかりませんでした"],
  ["a script of a job could not be read", "ジョブのスクリプトを読み取れませんでした"],
  ["{program} runs; what it sends is not read", "{program} が動作していますが、送信する内容は読み取りの対象外です"],
  ["no job sends log files away", "ログファイルを別の場所へ送るジョブがありません"],
];
