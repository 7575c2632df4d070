import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { type AttestedParts, readAttestations } from "#audit/attestations-file.ts";
import { loadStatable } from "#catalog/load.ts";
import type { Config } from "#model/config.ts";
import { product } from "./product.ts";

/** Where the file of attestations may be named. */
export interface AttestationsPlace {
  readonly flag: string | undefined;
  readonly configFile?: string | undefined;
  readonly config?: Config | undefined;
}

const usualName = "attestations.yaml";

/** The file that statements are added to: of the command line, else of the configuration, else the usual one beside it. */
export function attestationsFile({ flag, configFile, config }: AttestationsPlace): string {
  if (flag !== undefined) return flag;
  const folder = configFile === undefined ? "." : dirname(configFile);
  const name = config?.attestations ?? usualName;
  return folder === "." ? name : resolve(folder, name);
}

/**
 * Reads the statements that go along with evidence, for any target; undefined where no file was named and the usual one is not there.
 * @throws InputError for a file that cannot be read.
 */
export function attestedBy(place: AttestationsPlace): ((targetId: string) => Omit<AttestedParts, "at">) | undefined {
  const file = attestationsFile(place);
  const named = place.flag !== undefined || place.config?.attestations !== undefined;
  if (!named && (place.configFile === undefined || !existsSync(file))) return undefined;
  const read = readAttestations(file);
  const claims = loadStatable(product.rules);
  const ids = (place.config?.targets ?? []).map(({ id }) => id);
  return (targetId) => ({ read, claims, otherTargets: ids.filter((id) => id !== targetId) });
}
