import type { Openclaw } from "#evidence/host.ts";
import { visible } from "#model/sanitise.ts";
import { isUnknown, type Maybe, unknown } from "#model/unknown.ts";

/** What was seen of the package that a process was started from. */
export interface VersionFound {
  /** Versions of the packages that its command line and its unit lead to, each once. */
  readonly versions: readonly string[];
  /** A package, or what leads to it, is newer than the process or may be. */
  readonly replaced: boolean;
}

/** Reads what the script printed of one process: when it began, and of each package its version and since when it lies there. */
export function readVersion(block: string): VersionFound {
  const started = /^started (\d{1,12})$/m.exec(block)?.[1];
  const packages = [...block.matchAll(/^package (\d[0-9A-Za-z.-]{0,40}) (\d{1,12}|\?)$/gm)];
  // Times are of whole seconds: what came in the second in which the process began may be newer.
  const isOlder = (since: string | undefined) => started !== undefined && Number(since) < Number(started);
  return {
    versions: [...new Set(packages.map((match) => match[1] ?? ""))],
    replaced: packages.some((match) => !isOlder(match[2])),
  };
}

/**
 * The version that runs.
 *
 * @param image What its container's image says of itself, or why that is not known.
 */
export function runningVersion(
  install: Openclaw["install"],
  found: VersionFound | undefined,
  image: string | { readonly $unknown: string } | undefined,
): Maybe<string> {
  if (install === "files") return unknown("no process runs");
  if (isUnknown(image)) return image;
  const [version, ...others] = found?.versions ?? [];
  if (version === undefined)
    return typeof image === "string" && image !== ""
      ? visible(image, 60)
      : unknown("the package it runs from was not found");
  if (others.length > 0) return unknown("packages of more than one version were found");
  return found?.replaced === true ? unknown("its package was replaced after it started") : version;
}
