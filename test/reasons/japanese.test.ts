import { describe, expect, test } from "vitest";
import { inJapanese, reasonText } from "#reasons/japanese.ts";

describe("a reason in Japanese", () => {
  test.each([
    ["fail2ban's answer was not understood", "fail2ban の応答を解釈できませんでした"],
    [
      "its configuration lies where this user may not look",
      "設定ファイルが、このユーザーの権限では確認できない場所にあります",
    ],
    [
      "from OpenClaw's own network nothing could be tried: its network can be entered by root alone",
      "OpenClaw 専用のネットワークからは接続を試せませんでした: このネットワークに入れるのは root だけです",
    ],
    [
      "sshd -T: needs root, and sudo does not allow it without a password",
      "sshd -T: root 権限が必要ですが、パスワードなしの sudo では許可されていません",
    ],
    ["docker ps: did not finish in time", "docker ps: 時間内に終わりませんでした"],
    ["the kernel's packet filter is not on the host", "カーネルのパケットフィルターがホストにありません"],
    [
      "no process of OpenClaw; docker could not be asked: exit code 1: no such; or so: x",
      "OpenClaw のプロセスはなく、docker にも問い合わせできませんでした: 終了コード 1: no such; or so: x",
    ],
    [
      "the script gave no output in time; the host said: Last login: Sun",
      "スクリプトの出力が時間内に得られませんでした(ホストの出力: Last login: Sun)",
    ],
    [
      "no port answered, and no echo request; the control did not answer: 198.51.100.7 22/tcp",
      "どのポートからも、ICMP エコーにも応答がありませんでした。対照として指定したサーバーの応答がありませんでした: 198.51.100.7 22/tcp",
    ],
  ])("%s", (en, ja) => {
    expect(inJapanese(en)).toBe(ja);
  });

  test("is made of what happened and what to do", () => {
    const en =
      "The bastion could not connect to web:22: refused. or so. Check that the bastion resolves and may reach the server.";
    expect(inJapanese(en)).toBe(
      "踏み台から web:22 へ接続できませんでした: refused. or so。踏み台でサーバーの名前解決ができ、接続も許可されていることを確認してください。",
    );
  });

  test("keeps what a host or a server said as it said it", () => {
    const said = "[x] {path} $& \\u{202e} </bdi> 日本語 ; : . ";
    expect(inJapanese(`git says: ${said}`)).toBe(`git の応答: ${said}`);
  });

  test("is the English where it is none that is known", () => {
    for (const text of ["", " ", "constraints: unheard of; and more. So be it.", "…", "{path} could", "日本語"]) {
      expect(reasonText(text)).toEqual({ en: text, ja: text });
    }
  });
});

describe("a hostile text of 1 MB", () => {
  const long = (text: string) => text.repeat(Math.ceil(1_000_000 / text.length));

  test.each([
    ["of one letter", long("a")],
    ["of spaces", long(" ")],
    ["of joints", long(": ; . ")],
    ["of beginnings", long("the key {path} of port ")],
    ["of a piece between two slots", long(" accepted no key for ")],
    ["of all pieces of an entry but the last", `The connection to ${long(" broke : ")}`],
    ["of reasons in reasons", long("git says: ")],
    ["of reasons one after another", long("git says: x; ")],
    ["that ends as a reason does", `${long("x could not be read")} runs; whom it tells is not read`],
  ])("%s takes no time", (_, text) => {
    const started = performance.now();
    expect(inJapanese(text).length).toBeGreaterThan(500_000);
    expect(performance.now() - started).toBeLessThan(2000);
  });

  test("is not taken apart over and over where it is short enough to be", () => {
    const started = performance.now();
    for (const text of ["git says: x; ", "x: ", "OpenClaw: ", "The login is root's. ", "; ", ". "]) {
      inJapanese(text.repeat(200).slice(0, 1999));
    }
    expect(performance.now() - started).toBeLessThan(2000);
  });
});
