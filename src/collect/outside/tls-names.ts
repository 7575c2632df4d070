import type { TlsServer } from "#evidence/tls.ts";
import { isUnknown, type Maybe, unknown } from "#model/unknown.ts";
import type { Dial, Endpoint, Limits } from "#net/dial.ts";
import { askVersion } from "#net/tls-client.ts";
import { accepted, type TlsFound } from "./tls.ts";
import { depthUnknown, lookDeeper, type TlsDepth } from "./tls-depth.ts";

/** Names of one TLS server that are looked at in full; under further ones only versions are asked. */
const namesInFull = 2;
/** Connections to a target that are open at once to see what it accepts; to one that has not yet answered in a way that makes sense. */
const atOnce = 16;
const atOnceToStrangers = 2;
/** Connections to a server for that under one name. */
const most = 500;
/** How many times the limit of one exchange all of it may take. */
const exchanges = 8;

/** How to look at the names of a server. */
export interface NamesOptions {
  readonly dial: Dial;
  readonly limits: Limits;
  /** Runs work on one daemon after other work on it. */
  readonly inTurn: <T>(daemon: string, work: () => Promise<T>) => Promise<T>;
}

/** Sees what a server accepts under each of its names, a name and a server after the other so that the target carries little at once. */
export async function lookAtNames(
  endpoint: Endpoint,
  found: readonly TlsFound[],
  options: NamesOptions,
): Promise<TlsServer[]> {
  const servers: TlsServer[] = [];
  for (const [index, one] of found.entries()) {
    const depth =
      index < namesInFull
        ? await options.inTurn("tls", () => lookAtName(endpoint, one, options))
        : await options.inTurn("tls", () =>
            takenOver(endpoint, one, { earlier: servers.slice(0, namesInFull), ...options }),
          );
    servers.push({ ...one.server, ...depth });
  }
  return servers;
}

async function lookAtName(endpoint: Endpoint, found: TlsFound, { dial, limits }: NamesOptions): Promise<TlsDepth> {
  if (limits.signal.aborted) return depthUnknown(stopped, versionsOf(found, stopped));
  const bounds = { atOnce: found.sensible ? atOnce : atOnceToStrangers, most, budgetMs: exchanges * limits.timeoutMs };
  return lookDeeper(endpoint, found, { dial, ...limits, ...bounds, serverName: found.server.serverName });
}

const stopped = "stopped before everything was asked";
const differ = "names of this server differ in versions; this name was not asked, to keep connections few";
const noHandshake = "no handshake stood under this name, so a refusal says nothing of a version";
const notAsked = "this name was not asked, to keep connections few";

/**
 * TLS 1.0 and 1.1 are asked with one hello each. Of SSL, whose hellos carry no name, what was told under the other names holds where those were told
 * alike. Cipher suites and the rest may differ by name.
 */
async function takenOver(
  endpoint: Endpoint,
  found: TlsFound,
  { earlier, dial, limits }: Pick<NamesOptions, "dial" | "limits"> & { readonly earlier: readonly TlsServer[] },
): Promise<TlsDepth> {
  const works = found.shaken !== undefined;
  const old = await Promise.all(
    (["TLSv1", "TLSv1.1"] as const).map(async (version) => {
      if (!works) return { version, accepted: unknown(noHandshake) };
      const answer = await askVersion(
        endpoint,
        { version, serverName: found.server.serverName, whole: false },
        { dial, limits },
      );
      return { version, accepted: accepted(answer, version, works) };
    }),
  );
  const ssl = ["SSLv2", "SSLv3"].map((version) => ({ version, accepted: alike(version, earlier) }));
  return depthUnknown(notAsked, [...ssl, ...old, ...found.versions]);
}

/** What all of some servers were told of a version. */
function alike(version: string, servers: readonly TlsServer[]): Maybe<boolean> {
  const told = servers.map(({ versions }) => versions.find((one) => !isUnknown(one) && one.version === version));
  const [first] = told.map((one) => (one === undefined || isUnknown(one) ? undefined : one.accepted));
  const same = told.every((one) => one !== undefined && !isUnknown(one) && one.accepted === first);
  return first !== undefined && same ? first : unknown(differ);
}

/** Versions in the order in which they stand in evidence, of which only the newer ones are known. */
function versionsOf(found: TlsFound, why: string): TlsServer["versions"] {
  const older = ["SSLv2", "SSLv3", "TLSv1", "TLSv1.1"].map((version) => ({ version, accepted: unknown(why) }));
  return [...older, ...found.versions];
}
