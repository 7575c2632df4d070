import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { makeKeys, readPublicKey } from "#audit/seal-keys.ts";
import { type Verification, verifySealed } from "#audit/verify.ts";
import { pickLocale } from "#cli/locale.ts";
import { product, toolOf } from "#cli/product.ts";
import { passphraseOf, signingKey, writeSeal } from "#cli/seal.ts";
import { sealTexts } from "#cli/seal-texts.ts";
import { note, print } from "#cli/terminal.ts";
import { exitCodes } from "#model/exit-codes.ts";
import { visible } from "#model/sanitise.ts";
import type { Locale } from "#model/text.ts";

const longestShown = 200;

/** Makes a pair of keys. Gives the exit code. */
export function makeKeyFiles(flags: { readonly out: string; readonly lang?: string }): number {
  const locale = pickLocale(flags.lang, process.env);
  const made = makeKeys(flags.out, passphraseOf(process.env));
  print(`${sealTexts.madeKey[locale]}: ${made.privateFile}`);
  print(`${sealTexts.madePublic[locale]}: ${made.publicFile}`);
  print(`${sealTexts.keyId[locale]}: ${made.keyId}`);
  if (!made.encrypted) note(sealTexts.plain[locale]);
  return exitCodes.passed;
}

/** Signs a report that is there already. Gives the exit code. */
export function signReport(
  file: string,
  flags: { readonly key: string; readonly evidence?: string; readonly lang?: string },
): number {
  const locale = pickLocale(flags.lang, process.env);
  const page = join(dirname(file), "report.html");
  const evidence = flags.evidence ?? join(dirname(file), "evidence.json");
  writeSeal({ report: file, evidence, others: existsSync(page) ? [page] : [] }, signingKey(flags.key), locale);
  return exitCodes.passed;
}

/** Verifies a signed report. Gives 0 where all of it holds, 1 where something does not, 2 where it could not be judged again. */
export function verifyReport(
  file: string,
  flags: { readonly key: string; readonly rules?: readonly string[]; readonly lang?: string },
): number {
  const locale = pickLocale(flags.lang, process.env);
  const options = {
    key: readPublicKey(flags.key),
    rules: product.rules,
    added: flags.rules ?? [],
    version: toolOf().version,
  };
  const verification = verifySealed(file, options);
  const lines = linesOf(verification, locale);
  print(lines.map(({ sign, text }) => `${sign} ${text}`).join("\n"));
  if (lines.some(({ sign }) => sign === "✕")) return exitCodes.blocked;
  return lines.some(({ sign }) => sign === "?") ? exitCodes.undecided : exitCodes.passed;
}

interface Line {
  readonly sign: "✓" | "✕" | "?" | " ";
  readonly text: string;
}

const signs = { same: "✓", changed: "✕", missing: "?" } as const;
const reproductions = { bytes: "✓", verdict: "✓", differs: "✕", "other-rules": "?", "no-evidence": "?" } as const;

function linesOf(verification: Verification, locale: Locale): readonly Line[] {
  if (!verification.signed) return [{ sign: "✕", text: `${sealTexts.notSigned[locale]} (${verification.keyId})` }];
  const { keyId, audit, subjects, consistent, reproduction } = verification;
  const lines: Line[] = [{ sign: "✓", text: `${sealTexts.signed[locale]} ${keyId}` }];
  for (const { name, state } of subjects) {
    lines.push({ sign: signs[state], text: `${visible(name, longestShown)}: ${sealTexts[state][locale]}` });
  }
  if (reproduction !== undefined) {
    if (!consistent) lines.push({ sign: "✕", text: sealTexts.inconsistent[locale] });
    lines.push({ sign: reproductions[reproduction], text: sealTexts[reproduction][locale] });
  }
  const when = `${visible(audit.target, longestShown)} ${audit.evaluatedAt}`;
  lines.push({ sign: " ", text: `${sealTexts.result[locale]}: ${audit.verdict} (${when})` });
  return lines;
}
