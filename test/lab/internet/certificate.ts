import { readFile } from "node:fs/promises";
import { issue } from "../hosts/authority.ts";
import type { Known } from "./names.ts";

/** A certificate and its key, PEM. */
export interface Credentials {
  readonly cert: string;
  readonly key: string;
}

/**
 * Issues one certificate of the lab's authority for every name of the list, and leaves it in a folder. Addresses are not
 * in it: who asks an address for TLS gets a certificate that does not fit, as on the internet.
 */
export async function credentialsFor(places: readonly Known[], folder: string): Promise<Credentials> {
  const names = places.flatMap((place) => place.name ?? []);
  const { fullchain, key } = await issue(names, folder);
  return { cert: await readFile(fullchain, "utf8"), key: await readFile(key, "utf8") };
}
