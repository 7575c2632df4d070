import type { Entry } from "./entry.ts";

/** Reasons about HTTP and OpenClaw's answers to it. */
export const httpTexts: readonly Entry[] = [
  ["OpenClaw does not answer here", "ここでは OpenClaw が応答していません"],
  ["OpenClaw was not recognised here", "ここでは OpenClaw を識別できませんでした"],
  [
    "asked from the host itself, which is rightly taken for local",
    "ホスト自身からの問い合わせのため、ローカルとして扱われるのが正しい動作です",
  ],
  ["{path} is refused, / answers {status}", "{path} は拒否されますが、/ の応答は {status} です"],
  [
    "only / was asked; declare adminUrl to have its path asked too",
    "/ だけを確認しました。adminUrl を宣言すると、そのパスも確認します",
  ],
  ["the admin URL's path was not answered: {why}", "管理画面のURLのパスに応答がありませんでした: {why}"],
  ["the server switched protocols unasked", "要求していないのに、サーバーがプロトコルを切り替えました"],
  ["no answer to the request: {code}", "リクエストへの応答がありませんでした: {code}"],
  ["an answer that is not well-formed HTTP: {code}", "応答が HTTP の形式に沿っていません: {code}"],
  ["no whole answer in {ms} ms", "{ms} ミリ秒以内に応答の全体を受け取れませんでした"],
  ["stopped before the answer was whole", "応答の全体を受け取る前に中止されました"],
  ["the redirect was not followed", "リダイレクト先は確認していません"],
  ["the server answered {status}", "サーバーの応答が {status} でした"],
  ["the page was cut at the limit", "ページが大きさの上限で切れています"],
  ["the liveness probe was not answered: {why}", "OpenClaw の liveness probe に応答がありませんでした: {why}"],
  ["the liveness probe did not tell: {why}", "OpenClaw の liveness probe の応答からは判別できませんでした: {why}"],
  [
    "the oracles did not agree: settings {settings}, channels {channels}",
    "判別に使う応答が一致しませんでした: settings は {settings}、channels は {channels}",
  ],
  [
    "the probes did not tell: startup {startup}, readiness {readiness}",
    "probe の応答からは判別できませんでした: startup は {startup}、readiness は {readiness}",
  ],
  ["nothing that was answered names the version", "得られた応答に版の記載がありません"],
  ["it refuses every request", "すべてのリクエストが拒否されます"],
  ["a login stands before whatever is behind it", "手前にログインの要求があり、その先を確認できません"],
  ["only the UI's page names the build", "ビルドが記載されているのは UI のページだけです"],
];
