import { lookup } from "node:dns/promises";
import type { Maybe } from "#model/unknown.ts";
import { unknown } from "#model/unknown.ts";
import { parseAddress } from "./address.ts";
import { errorCode } from "./failure.ts";
import { pause, within } from "./within.ts";

const againAfterMs = 1000;

/** Limits of a resolution. */
export interface ResolveOptions {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/**
 * Asks the system's resolver, as programs on this machine do (the hosts file counts), for the A and the AAAA records of a name, each
 * by itself. No such record is an empty list; a resolver that fails or does not answer in time is unknown.
 */
export async function resolveName(
  name: string,
  options: ResolveOptions,
): Promise<{ ipv4: Maybe<string[]>; ipv6: Maybe<string[]> }> {
  const literal = parseAddress(name);
  if (literal !== undefined) {
    const own = [literal.address];
    return literal.family === "ipv4" ? { ipv4: own, ipv6: [] } : { ipv4: [], ipv6: own };
  }
  const [ipv4, ipv6] = await Promise.all([ask(name, 4, options), ask(name, 6, options)]);
  return { ipv4, ipv6 };
}

async function ask(name: string, family: 4 | 6, options: ResolveOptions, tries = 2): Promise<Maybe<string[]>> {
  const records = family === 4 ? "A" : "AAAA";
  try {
    const found = await within(lookup(name, { family, all: true, order: "verbatim" }), options);
    if (found === undefined) return unknown(`the resolver did not answer for ${records} in ${options.timeoutMs} ms`);
    return [...new Set(found.flatMap((entry) => parseAddress(entry.address)?.address ?? []))];
  } catch (error) {
    const code = errorCode(error);
    // The resolver says so itself: for now it could not tell (getaddrinfo(3)).
    if (code === "EAI_AGAIN" && tries > 1 && !options.signal.aborted) {
      await pause(againAfterMs, options.signal);
      return await ask(name, family, options, tries - 1);
    }
    return code === "ENOTFOUND" ? [] : unknown(`the resolver failed for ${records}: ${code}`);
  }
}
