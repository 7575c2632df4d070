import type { Entry } from "./entry.ts";

/** Reasons about OpenClaw on the host: its process, its container and its configuration. */
export const openclawTexts: readonly Entry[] = [
  ["OpenClaw: {why}", "OpenClaw: {why}"],
  [
    "several containers look like OpenClaw's ({names}); name the gateway's as container of the target in sekisho.yaml",
    "OpenClaw のものとみられるコンテナが複数あります({names})。sekisho.yaml の対象に、ゲートウェイのコンテナ名を container として記載してください",
  ],
  [
    "no process of OpenClaw; {place} could not be looked for",
    "OpenClaw のプロセスはなく、{place} の有無も確認できませんでした",
  ],
  [
    "no process of OpenClaw; docker could not be asked: {why}",
    "OpenClaw のプロセスはなく、docker にも問い合わせできませんでした: {why}",
  ],
  [
    "no unit, container or process of OpenClaw, and no ~/.openclaw",
    "OpenClaw のユニット・コンテナ・プロセスも ~/.openclaw もありません",
  ],
  ["a container has a restart policy instead", "コンテナのため、再起動ポリシーで確認します"],
  [
    "no unit of systemd runs it; what starts it is not known",
    "systemd のユニットによる起動ではなく、何が起動しているか不明です",
  ],
  [
    "whether its user's units start by themselves could not be seen",
    "実行ユーザーのユニットが自動で起動するかどうかを確認できませんでした",
  ],
  ["systemctl was not asked about its unit", "そのユニットについて systemctl に問い合わせていません"],
  ["its unit is {state}: something else starts it", "ユニットの状態は {state} で、別のものから起動されています"],
  ["docker could not be asked", "docker に問い合わせできませんでした"],
  ["docker could not be asked: {why}", "docker に問い合わせできませんでした: {why}"],
  ["docker could not be asked for its name", "docker にその名前を問い合わせできませんでした"],
  ["no process runs", "動作中のプロセスがありません"],
  ["its process could not be seen", "プロセスを確認できませんでした"],
  [
    "its configuration lies where this user may not look",
    "設定ファイルが、このユーザーの権限では確認できない場所にあります",
  ],
  ["no configuration file was found", "設定ファイルが見つかりませんでした"],
  ["its mode could not be read", "アクセス権(モード)を読み取れませんでした"],
  [
    "the arguments it was started with, which come before its configuration, cannot be seen",
    "設定ファイルより優先される起動時の引数を確認できません",
  ],
  ["the value of {name} was not plain", "{name} の値が単純な形ではありません"],
  ["the port is not a plain number", "ポートが単純な数値ではありません"],
  ["{setting} is taken from the environment", "{setting} の値は環境変数から取られています"],
  ["{setting} is not a plain value", "{setting} が単純な値ではありません"],
  ["{setting} does not stand in a block", "{setting} の親がブロックではありません"],
  ["{setting} may stand in an included file", "{setting} が取り込み先のファイルに書かれている可能性があります"],
  [
    "gateway.trustedProxies is not a list of plain values",
    "gateway.trustedProxies に単純な値以外のものが含まれています",
  ],
  ["gateway.trustedProxies is not a plain list", "gateway.trustedProxies が単純なリストではありません"],
  ["it may stand in an included file", "取り込み先のファイルに書かれている可能性があります"],
  ["its configuration may not be read by this user", "設定ファイルを読み取る権限がこのユーザーにありません"],
  ["its configuration could not be read to its end", "設定ファイルを最後まで読み取れませんでした"],
  ["a model or a service is named without its provider", "提供元の分からないモデルまたはサービスが指定されています"],
  ["models may stand in an included file", "モデルが取り込み先のファイルで指定されている可能性があります"],
  [
    "its search of notes takes {provider} where a key of it is there, for memory.search.provider is not set",
    "memory.search.provider が未設定のため、{provider} のキーがあればメモの検索に使われます",
  ],
  [
    "OpenClaw is on this host, but no database of it was found",
    "このホストに OpenClaw はありますが、そのデータベースが見つかりませんでした",
  ],
  ["docker inspect was not asked about it", "docker inspect でこの項目を問い合わせていません"],
  ["docker inspect said something else", "docker inspect の応答を解釈できませんでした"],
  ["the list of mounts was not understood", "マウントの一覧を解釈できませんでした"],
  ["it has more mounts", "ほかにもマウントがあります"],
  ["not all of its mounts were understood", "マウントの一部を解釈できませんでした"],
  ["the package it runs from was not found", "動作中のパッケージの場所が分かりませんでした"],
  ["packages of more than one version were found", "バージョンの異なるパッケージが複数見つかりました"],
  ["its package was replaced after it started", "起動後にパッケージが置き換えられています"],
  ["who may read its files could not be asked", "ファイルを誰が読めるかを確認できませんでした"],
  ["it has more files", "ほかにもファイルがあります"],
  ["not all of its files could be looked at", "ファイルの一部を確認できませんでした"],
  [
    "where its configuration lies is not known, so its files were not all found",
    "設定ファイルの場所が不明のため、ファイルをすべては確認できていません",
  ],
  ["the folder of its configuration was not looked through", "設定ファイルのあるフォルダーを確認していません"],
];
