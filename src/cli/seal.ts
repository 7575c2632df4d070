import type { KeyObject } from "node:crypto";
import { basename, dirname, join } from "node:path";
import { writeOrRefuse } from "#audit/output.ts";
import { type SealedFiles, sealFiles } from "#audit/seal.ts";
import { readPrivateKey } from "#audit/seal-keys.ts";
import type { Locale } from "#model/text.ts";
import { sealTexts } from "./seal-texts.ts";
import { note } from "./terminal.ts";

/** The key that --sign or --key names; its passphrase is SEKISHO_KEY_PASSPHRASE. Throws InputError. */
export function signingKey(file: string): KeyObject {
  return readPrivateKey(file, passphraseOf(process.env));
}

/** The passphrase of the environment; undefined where there is none. */
export function passphraseOf(environment: NodeJS.ProcessEnv): string | undefined {
  const text = environment["SEKISHO_KEY_PASSPHRASE"];
  return text === "" ? undefined : text;
}

/** Signs files and writes the envelope beside the report. Throws InputError. */
export function writeSeal(files: SealedFiles, key: KeyObject, locale: Locale): void {
  const name = `${basename(files.report).replace(/\.json$/, "")}.intoto.json`;
  const file = join(dirname(files.report), name);
  writeOrRefuse(file, `${JSON.stringify(sealFiles(files, key), null, 2)}\n`);
  note(`${sealTexts.wrote[locale]}: ${file}`);
}
