import ipaddr from "ipaddr.js";

/** Ranges that lead to nobody on the internet: this host, its own network, or nothing at all. */
const elsewhere: ReadonlySet<string> = new Set([
  "unspecified",
  "broadcast",
  "multicast",
  "linkLocal",
  "loopback",
  "carrierGradeNat",
  "private",
  "uniqueLocal",
  "discard",
]);

/** The first network for documentation, which is also taken for a place where nothing answers. The others are left out: an internet of one's own may stand there. */
const nowhere = ipaddr.IPv4.parseCIDR("192.0.2.0/24");

/** Whether an address may be a server's on the internet. One that a name leads to in its place, as blocklists of names do, is not. */
export function isOnInternet(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  if (parsed instanceof ipaddr.IPv4 && parsed.match(nowhere)) return false;
  return !elsewhere.has(parsed.range());
}
