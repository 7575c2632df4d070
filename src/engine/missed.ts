import { isLocalAddress, normalizeAddress } from "#expression/cidr.ts";
import { isDecided } from "./looks.ts";
import type { NetworkRoot } from "./scans.ts";
import { isOpen, records } from "./strip.ts";
import type { Why } from "./why.ts";

/** Why the scans of a root may not be of every address of the target; empty when they are, as far as can be told. */
export function missedAddresses(root: NetworkRoot, scans: readonly unknown[]): readonly Why[] {
  const probed = new Set(addressesIn(records(scans), "address"));
  const whys: Why[] = [];
  if (probed.size === 0) {
    whys.push({ text: { en: "no address was scanned", ja: "走査したアドレスがありません" } });
  }
  for (const address of expectedAddresses(root, probed)) {
    if (!probed.has(address)) {
      whys.push({ text: { en: `${address} was not scanned`, ja: `${address} は走査していません` } });
    }
  }
  return [...whys, ...unresolved(root), ...unseenInterfaces(root)];
}

/**
 * Addresses known to be the target's: declared, resolved from here, or public on one of the host's interfaces. From outside a network its
 * local addresses lead nowhere: they are left out there unless one of them was scanned.
 */
function expectedAddresses({ bundle, root, own, host }: NetworkRoot, probed: ReadonlySet<string>): readonly string[] {
  const publicOnes = records(host["addresses"]).filter((element) => element["public"] !== false);
  const all = new Set([
    ...bundle.target.addresses.map(normalizeAddress),
    ...resolutions(own).flatMap((element) => [...strings(element["ipv4"]), ...strings(element["ipv6"])]),
    ...addressesIn(publicOnes, "address"),
  ]);
  const fromAfar = root === "outside" && ![...probed].some(isLocalAddress);
  return [...all].filter((address) => !fromAfar || !isLocalAddress(address));
}

/** Names that were not resolved fully from here may stand for addresses nobody knows. A machine knows its own. */
function unresolved({ bundle, own }: NetworkRoot): Why[] {
  if (bundle.target.local) return [];
  const found = resolutions(own);
  return bundle.target.names
    .filter(
      (name) =>
        !found.some((element) => element["name"] === name && isKnown(element["ipv4"]) && isKnown(element["ipv6"])),
    )
    .map((name) => ({
      text: {
        en: `${name} was not resolved over both IPv4 and IPv6, so it may have further addresses`,
        ja: `${name} の名前解決が IPv4 と IPv6 の両方では済んでいないため、ほかのアドレスがありえます`,
      },
    }));
}

/**
 * The host's own list of addresses, where somebody looked inside and did not read it to its end. A run that was stopped may have been
 * about to. Where nobody meant to look inside, the addresses declared and resolved have to do, and the report's limits say so.
 */
function unseenInterfaces({ bundle, looks, host }: NetworkRoot): Why[] {
  const looked = looks.some(
    ({ evidence, vantage }) => vantage.role === "inside" && evidence.attempt.status !== "not_attempted",
  );
  const legible = records(host["addresses"]).every(
    (element) => typeof element["address"] === "string" && typeof element["public"] === "boolean",
  );
  const readToItsEnd = "addresses" in host ? !isOpen(host["addresses"]) && legible : !looked && !bundle.interrupted;
  if (readToItsEnd) return [];
  const text = {
    en: "the addresses of the host's interfaces could not all be read, so some may not have been scanned",
    ja: "ホストのインターフェースのアドレスをすべては読み取れなかったため、走査していないものがありえます",
  };
  return [{ text }];
}

function resolutions(own: NetworkRoot["own"]): readonly Readonly<Record<string, unknown>>[] {
  return own
    .filter((look) => look.evidence.kind === "resolution" && isDecided(look))
    .flatMap(({ evidence }) => (evidence.attempt.status === "observed" ? records(evidence.attempt.value) : []));
}

function isKnown(list: unknown): boolean {
  return Array.isArray(list) && list.every((item) => typeof item === "string");
}

function strings(list: unknown): readonly string[] {
  return Array.isArray(list) ? list.filter((item) => typeof item === "string").map(normalizeAddress) : [];
}

function addressesIn(elements: readonly Readonly<Record<string, unknown>>[], field: string): readonly string[] {
  return strings(elements.map((element) => element[field]));
}
