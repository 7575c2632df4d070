import type { Entry } from "./entry.ts";

/** Reasons about SSH servers as seen over the network. */
export const sshTexts: readonly Entry[] = [
  ["the server did not send its algorithms", "サーバーから暗号方式の一覧が送られませんでした"],
  ["no identification string on these connections", "これらの接続で SSH の識別文字列を受け取れませんでした"],
  ["no identification string", "SSH の識別文字列がありません"],
  ["the offered types are not known", "提示される鍵の種類が不明です"],
  ["the offered algorithms are not known", "提示される暗号方式が不明です"],
  ["not read: {types}", "読み取れていません: {types}"],
  ["not asked, to keep connections few", "接続数を抑えるため確認していません"],
  ["more of them than are kept", "記録できる数を超えています"],
  ["longer than is kept", "記録できる長さを超えています"],
  ["no connection came to where extensions are told", "拡張情報(EXT_INFO)が送られる段階まで進んだ接続がありません"],
  ["no group was seen of {algorithm}", "{algorithm} で提示される群を確認できていません"],
  [
    "the server did not prove that it holds its {type} key",
    "サーバーは、{type} のホスト鍵を保持していることを証明しませんでした",
  ],
  ["a packet of impossible length", "パケットの長さが不正です"],
  ["packet type {type} before KEXINIT", "KEXINIT より前に種類 {type} のパケットが送られてきました"],
  ["a malformed KEXINIT", "KEXINIT の形式が不正です"],
  ["the server disconnected", "サーバーが切断を通知しました"],
  ["the server sent what is no SSH", "SSH ではない内容が送られてきました"],
  ["the connection broke", "接続が途切れました"],
  ["the server closed the connection", "サーバーが接続を切断しました"],
  ["the server sent a packet that can not be read", "サーバーから読み取れないパケットが送られてきました"],
  ["the server sent more than is read", "サーバーから、読み取る上限を超える量が送られてきました"],
  ["no answer to the login request in {ms} ms", "{ms} ミリ秒以内にログイン要求への応答がありませんでした"],
  ["stopped before the server answered", "サーバーの応答を得る前に中止されました"],
  ["sekisho knows none of the server's key exchanges", "サーバーの鍵交換方式に sekisho が対応していません"],
  ["sekisho knows none of the server's types of host key", "サーバーのホスト鍵の種類に sekisho が対応していません"],
  [
    "sekisho knows none of the server's ciphers, or of the MACs that they need",
    "サーバーの暗号、またはそれに必要な MAC に sekisho が対応していません",
  ],
  ["the key exchange failed", "鍵交換に失敗しました"],
  ["the server named a group that no key exchange can use", "サーバーが提示した群は、鍵交換に使えないものでした"],
  [
    "the server gave an answer to the login request that can not be read",
    "ログイン要求に対して、読み取れない応答が送られてきました",
  ],
  ["only the host key was looked at", "ホスト鍵だけを確認しました"],
];
