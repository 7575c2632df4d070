import type { Objection } from "#attestation/standing.ts";
import type { Claim, Statement } from "#model/attestation.ts";
import type { EvidenceBundle } from "#model/bundle.ts";
import type { ReportedStatement } from "#model/report.ts";
import type { Text } from "#model/text.ts";
import { printable } from "./printable.ts";

/** Why a statement does not count, in a sentence without its full stop. */
export function objectionText(statement: Statement, { code, detail }: Objection): Text {
  const name = printable(statement.by.name);
  const shown = printable(detail);
  const day = printable(statement.on);
  const says = (en: string, ja: string): Text => ({
    en: `the statement by ${name} of ${day} ${en}`,
    ja: `${name} による${day}の証明は、${ja}`,
  });
  switch (code) {
    case "other-target":
      return says(`is about another server, ${shown}`, `別のサーバー(${shown})についてのものです`);
    case "other-claim":
      return says("does not say what the catalogue asks, word for word", "カタログが求める文言と一致しません");
    case "unsigned":
      return says("is not signed", "署名がありません");
    case "broken-signature":
      return says(`has a signature that does not hold: ${shown}`, `署名を検証できません(${shown})`);
    case "unknown-key":
      return says(
        `is signed by a key that policy.attestors does not list (${shown})`,
        `policy.attestors にない鍵(${shown})で署名されています`,
      );
    case "other-signer":
      return says(`is signed by someone else: ${shown}`, `別の担当者(${shown})の鍵で署名されています`);
    case "dates":
      return says(`has dates that contradict each other: ${shown}`, `日付が矛盾しています(${shown})`);
    case "future":
      return says(`counts only from ${shown} on`, `${shown}から有効となるもので、まだ有効ではありません`);
    case "expired":
      return says(`expired on ${shown}`, `${shown}に有効期限が切れています`);
  }
}

/** Why a statement that has nothing against it still does not count; undefined where it does. */
export function supersededText(state: ReportedStatement["state"]): Text | undefined {
  if (state !== "superseded") return undefined;
  return { en: "a later statement takes its place", ja: "より新しい証明があります" };
}

/** Why nothing is known of a claim that nobody spoke of. */
export function unheardText({ requirement }: Claim): Text {
  return {
    en: `nobody has stated anything on ${requirement}`,
    ja: `${requirement} についての担当者の証明がありません`,
  };
}

/** The line with which someone would state a claim. */
export function remedyFor(claim: Claim, { target, policy }: EvidenceBundle): Text {
  const line = `sekisho attest ${claim.requirement} --target ${printable(target.id)} --on YYYY-MM-DD --evidence FILE --key KEYFILE`;
  const listed = (policy.attestors ?? []).length > 0;
  return {
    en: `Once it is so, let whoever did or saw it sign a statement: \`${line}\`.${listed ? "" : ` ${listFirst.en}`}`,
    ja: `実施または確認した担当者が、\`${line}\` で署名付きの証明を追加してください。${listed ? "" : listFirst.ja}`,
  };
}

const listFirst: Text = {
  en: "Nobody may state anything yet: list name, role and public key under `policy.attestors` in sekisho.yaml.",
  ja: "証明できる担当者がまだ登録されていません。sekisho.yaml の `policy.attestors` に氏名・役割・公開鍵を記載してください。",
};
