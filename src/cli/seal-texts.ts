import type { Text } from "#model/text.ts";

/** What signing and verifying say on the terminal. */
export const sealTexts = {
  madeKey: { en: "Private key", ja: "秘密鍵" },
  madePublic: { en: "Public key, to hand to who verifies", ja: "公開鍵(検証者に渡すもの)" },
  keyId: { en: "Key id", ja: "鍵ID" },
  plain: {
    en: "The private key is not encrypted. Set SEKISHO_KEY_PASSPHRASE while making it to encrypt it.",
    ja: "秘密鍵は暗号化されていません。暗号化するには、作成時に環境変数 SEKISHO_KEY_PASSPHRASE を設定してください。",
  },
  wrote: { en: "Signature", ja: "署名" },
  signed: { en: "signed by the key", ja: "次の鍵による署名を確認:" },
  notSigned: {
    en: "no signature by this key: changed since, or signed by another",
    ja: "この鍵による署名ではありません。署名後に変更されたか、別の鍵で署名されています",
  },
  same: { en: "as signed", ja: "署名時と同一" },
  changed: { en: "changed since it was signed", ja: "署名後に変更されています" },
  missing: { en: "not beside the signature", ja: "署名ファイルと同じフォルダーにありません" },
  inconsistent: {
    en: "the report does not say what was signed of it",
    ja: "報告書の内容が、署名された要約と一致しません",
  },
  bytes: {
    en: "judging the evidence again gives the same report",
    ja: "同じ証跡を判定し直し、同一の報告書が得られました",
  },
  verdict: {
    en: "judging the evidence again gives the same verdict and findings, in other words",
    ja: "同じ証跡を判定し直し、同じ判定と検査結果が得られました(文言の一部は異なります)",
  },
  differs: {
    en: "judging the evidence again gives another result",
    ja: "同じ証跡を判定し直すと、異なる結果になります",
  },
  "other-rules": {
    en: "not judged again: the report was made with other rules than those here (--rules, or another version)",
    ja: "再判定は行っていません。報告書の作成時と規則が異なります(--rules の指定、または版の違い)",
  },
  "no-evidence": {
    en: "not judged again: the evidence is not there as it was signed",
    ja: "再判定は行っていません。署名時の証跡がありません",
  },
  result: { en: "Verdict as signed", ja: "署名された判定" },
} as const satisfies Record<string, Text>;
