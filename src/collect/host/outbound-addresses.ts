import ipaddr from "ipaddr.js";

/** Ranges that lead to nobody on the internet: its own network, or nothing at all. */
const elsewhere: ReadonlySet<string> = new Set([
  "broadcast",
  "multicast",
  "linkLocal",
  "carrierGradeNat",
  "private",
  "uniqueLocal",
  "discard",
]);

/** The first network for documentation, which is also taken for a place where nothing answers. The others are left out: an internet of one's own may stand there. */
const nowhere = ipaddr.IPv4.parseCIDR("192.0.2.0/24");

/** Where an address lies. One that a name leads to in its server's place, as blocklists of names do, is none of the internet's. */
export function towards(address: string): "internet" | "network" | "host" {
  if (!ipaddr.isValid(address)) return "network";
  const parsed = ipaddr.process(address);
  const range = parsed.range();
  if (range === "loopback" || range === "unspecified") return "host";
  if (parsed instanceof ipaddr.IPv4 && parsed.match(nowhere)) return "network";
  return elsewhere.has(range) ? "network" : "internet";
}
