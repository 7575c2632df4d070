import { visible } from "#model/sanitise.ts";
import { type Maybe, unknown } from "#model/unknown.ts";
import { parseAddress } from "./address-range.ts";
import { readFilterTables } from "./filter-tables.ts";
import type { HostOutput } from "./frames.ts";
import { towards } from "./outbound-addresses.ts";
import type { Place } from "./outbound-places.ts";
import { type Way, wayTo } from "./outbound-ways.ts";
import { fateOfOutgoing, type OutgoingPacket } from "./outgoing-walk.ts";

/** What the host's packet filter says of a new connection, and the rule by which it does. */
export interface Said {
  readonly filter: Maybe<"accept" | "drop" | "reject">;
  readonly filterRule: Maybe<string>;
}

/** Asks the packet filter about a connection from a place. */
export type Filter = (place: Place, to: { address: string; port: number; protocol: "tcp" | "udp" }) => Said;

/** The packet filter that the kernel holds, for connections outward. */
export function readFilter(output: HostOutput): Filter {
  const read = readFilterTables(output);
  if ("status" in read) return () => untold("the packet filter could not be read");
  const { tables, doubts, unseen } = read;
  const [doubt] = doubts;
  if (doubt !== undefined) return () => untold(doubt);
  return (place, { address, port, protocol }) => {
    const target = parseAddress(address);
    const way = wayTo(place.ways, address);
    if (target === undefined || (way === undefined && place.from === "container"))
      return untold("which way its packets take could not be seen");
    const packet = { family: target.family, protocol, destination: target.value, port, ...alongside(way, address) };
    const fate = fateOfOutgoing(tables, packet);
    if (fate.kind === "unknown") return untold(fate.why);
    // What is not seen could only drop more.
    if (fate.kind === "accept" && unseen[0] !== undefined) return untold(unseen[0]);
    return { filter: fate.kind, filterRule: visible(fate.rule, 300) };
  };
}

function alongside(
  way: Way | undefined,
  address: string,
): Omit<OutgoingPacket, "family" | "protocol" | "destination" | "port"> {
  if (way !== undefined) return way;
  return { source: undefined, inInterface: null, outInterface: undefined, local: towards(address) === "host" };
}

/** Nothing is said, and why. */
export function untold(why: string): Said {
  const reason = unknown(visible(why, 300));
  return { filter: reason, filterRule: reason };
}
