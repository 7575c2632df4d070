import { networkInterfaces } from "node:os";
import { parseAddress } from "#net/address.ts";

/** An address of one of this machine's interfaces. */
export interface OwnAddress {
  readonly address: string;
  readonly family: "ipv4" | "ipv6";
}

/** Addresses of this machine's interfaces, loopback among them, without link-local ones: those need a zone to be reached. */
export function ownAddresses(): readonly OwnAddress[] {
  const found = new Map<string, OwnAddress>();
  for (const entries of Object.values(networkInterfaces())) {
    for (const entry of entries ?? []) {
      const parsed = parseAddress(entry.address);
      if (parsed !== undefined && !isLinkLocal(parsed.address)) found.set(parsed.address, parsed);
    }
  }
  return [...found.values()];
}

function isLinkLocal(address: string): boolean {
  return /^fe[89ab]/i.test(address) || address.startsWith("169.254.");
}
