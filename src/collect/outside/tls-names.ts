import type { TlsServer } from "#evidence/tls.ts";
import { unknown } from "#model/unknown.ts";
import type { Dial, Endpoint, Limits } from "#net/dial.ts";
import type { TlsFound } from "./tls.ts";
import { depthUnknown, lookDeeper, type TlsDepth } from "./tls-depth.ts";

/** Names of one TLS server that are looked at in full; further ones take over what those said of versions. */
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
        : takenOver(servers.slice(0, namesInFull), one);
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
const notAsked = "this name was not asked, to keep connections few";

/**
 * Versions as they were told under other names: servers mostly settle the version before they look at the name. Unknown where those names
 * were told otherwise from one another, or from this one of the newer versions. Cipher suites and the rest may differ by name.
 */
function takenOver(earlier: readonly TlsServer[], found: TlsFound): TlsDepth {
  const [first, ...others] = earlier;
  const versions = (server: TlsServer) => JSON.stringify(server.versions);
  const agrees = (server: TlsServer) =>
    found.versions.every(({ version, accepted }) =>
      server.versions.some((one) => "version" in one && one.version === version && one.accepted === accepted),
    );
  const alike = first !== undefined && others.every((one) => versions(one) === versions(first)) && agrees(first);
  return depthUnknown(notAsked, alike ? first.versions : versionsOf(found, differ));
}

/** Versions in the order in which they stand in evidence, of which only the newer ones are known. */
function versionsOf(found: TlsFound, why: string): TlsServer["versions"] {
  const older = ["SSLv2", "SSLv3", "TLSv1", "TLSv1.1"].map((version) => ({ version, accepted: unknown(why) }));
  return [...older, ...found.versions];
}
