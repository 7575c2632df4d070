import type { Entry } from "./entry.ts";

/** Reasons about what TLS servers accept, as many hellos tell it. */
export const tlsTexts: readonly Entry[] = [
  [
    "the server agreed to no hello under this name, so its refusals say nothing of a version",
    "この名前ではどの ClientHello にも合意しなかったため、拒否をもって版の非対応とは判断できません",
  ],
  [
    "no handshake stood under this name, so a refusal says nothing of a version",
    "この名前ではハンドシェイクが成立しなかったため、拒否をもって版の非対応とは判断できません",
  ],
  ["the server's key exchange did not come to its end", "サーバーの鍵交換メッセージを最後まで受信できませんでした"],
  ["the server named no group", "サーバーが鍵交換のグループを示しませんでした"],
  [
    "every curve has to be offered beside that of the certificate, which the server then takes, so others could not be asked",
    "証明書の曲線を併せて提示する必要があり、サーバーがそれを選ぶため、他の曲線を確認できませんでした",
  ],
  [
    "the server chose among the same cipher suites in different ways",
    "同じ暗号スイートの中からのサーバーの選択が、その都度異なりました",
  ],
  ["the server's answer did not come to its end", "サーバーの応答を最後まで受信できませんでした"],
  ["the server's certificates did not come to their end", "サーバーの証明書を最後まで受信できませんでした"],
  ["the ServerHello did not come to its end ({end})", "ServerHello を最後まで受信できませんでした({end})"],
  ["a broken ServerHello", "ServerHello が壊れています"],
  ["a ServerHello of a version that was not offered", "提示していない版の ServerHello を受信しました"],
  [
    "a ServerHello with a cipher suite that was not offered",
    "提示していない暗号スイートを選んだ ServerHello を受信しました",
  ],
  ["no version was accepted", "どの版も受け入れられませんでした"],
  ["the server no longer answered", "サーバーから応答が得られなくなりました"],
  ["the server's answers to hellos made no sense", "ClientHello に対するサーバーの応答が意味をなしていません"],
  ["no connection was left for this server", "このサーバーに使える接続が残っていませんでした"],
  [
    "the connections for this server were used up before everything was asked",
    "すべてを確認する前に、このサーバーに使える接続数の上限に達しました",
  ],
  [
    "the time for this server was up before everything was asked",
    "すべてを確認する前に、このサーバーに使える時間の上限に達しました",
  ],
  [
    "the server hung up, and there is no hello of which it is known that it answers",
    "サーバーが切断し、応答があると確かめられた ClientHello もありません",
  ],
  [
    "the server hung up on hellos that it had answered before, so a hang-up says nothing",
    "以前は応答のあった ClientHello に対してもサーバーが切断したため、切断からは何も判断できません",
  ],
  ["no answer to a {version} hello (timeout)", "{version} の ClientHello に応答がありませんでした(時間切れ)"],
  ["the answer to a hello was not TLS", "ClientHello に対する応答が TLS ではありませんでした"],
  [
    "alert {code} to a {version} hello says nothing of what was offered",
    "{version} の ClientHello に対するアラート {code} からは、提示した内容への対応の有無が分かりません",
  ],
  [
    "the server no longer agreed to what it had agreed to before",
    "サーバーが、以前は受け入れた内容を受け入れませんでした",
  ],
  [
    "TLS 1.3 alone is spoken, in which it is said encrypted",
    "TLS 1.3 だけに対応しており、この内容は暗号化されて送られます",
  ],
  ["cipher suites of SSLv2 are not listed", "SSLv2 の暗号スイートは一覧にしていません"],
  [
    "a handshake agreed to what was not found by asking for each cipher suite",
    "実際のハンドシェイクで成立した内容が、暗号スイートごとの確認では見つかりませんでした",
  ],
  ["this name was not asked, to keep connections few", "接続数を抑えるため、この名前は確認していません"],
  ["a cipher suite that is in no table", "一覧にない暗号スイートです"],
];
