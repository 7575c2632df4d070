import { isIP } from "node:net";
import ipaddr from "ipaddr.js";

/** Family of an address. */
export type Family = "ipv4" | "ipv6";

type Parsed = ipaddr.IPv4 | ipaddr.IPv6;

/** A range of addresses; one address is a range with the full prefix length. */
export interface Range {
  readonly address: string;
  readonly family: Family;
  readonly prefixLength: number;
}

/** IPv4 blocks that are not globally reachable (IANA IPv4 Special-Purpose Address Registry), multicast and class E. */
const specialIpv4 = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/4",
  "240.0.0.0/4",
].map((cidr) => ipaddr.parseCIDR(cidr));

/** Blocks inside 2000::/3 that are not globally reachable (IANA IPv6 Special-Purpose Address Registry). */
const specialIpv6 = ["2001::/23", "2001:db8::/32", "3fff::/20"].map((cidr) => ipaddr.parseCIDR(cidr));

/** Blocks inside 2001::/23 that the registry calls globally reachable. */
const reachableIpv6 = [
  "2001:1::1/128",
  "2001:1::2/128",
  "2001:1::3/128",
  "2001:3::/32",
  "2001:4:112::/48",
  "2001:20::/28",
  "2001:30::/28",
].map((cidr) => ipaddr.parseCIDR(cidr));

const globalUnicast = ipaddr.parseCIDR("2000::/3");
const sixToFour = ipaddr.parseCIDR("2002::/16");

/**
 * Reads an address without zone and prefix and writes it in its one normal form (RFC 5952). An IPv4-mapped IPv6 address becomes
 * the IPv4 address. Shortened and octal IPv4 forms are not addresses here.
 */
export function parseAddress(text: string): { address: string; family: Family } | undefined {
  const parsed = parse(text);
  return parsed === undefined ? undefined : { address: format(parsed), family: parsed.kind() };
}

/** The address is loopback: 127.0.0.0/8 or ::1. False for what is no address. */
export function isLoopback(address: string): boolean {
  return parse(address)?.range() === "loopback";
}

/** The address is globally routable unicast by IANA's special-purpose registries; documentation ranges are not. False for what is no address. */
export function isPublic(address: string): boolean {
  const parsed = parse(address);
  if (parsed === undefined) return false;
  if (parsed instanceof ipaddr.IPv4) return !specialIpv4.some((range) => parsed.match(range));
  if (!parsed.match(globalUnicast)) return false;
  if (parsed.match(sixToFour)) return isPublic(parsed.toByteArray().slice(2, 6).join("."));
  return reachableIpv6.some((range) => parsed.match(range)) || !specialIpv6.some((range) => parsed.match(range));
}

/** Reads an address or a CIDR range. Bits right of the prefix are ignored, as firewalls do. */
export function parseRange(text: string): Range | undefined {
  const [head = "", prefix, ...rest] = text.split("/");
  const parsed = parse(head);
  if (parsed === undefined || rest.length > 0) return undefined;
  const mapped = parsed.kind() === "ipv4" && head.includes(":");
  const bits = parsed.kind() === "ipv4" ? 32 : 128;
  if (prefix === undefined) return { address: format(parsed), family: parsed.kind(), prefixLength: bits };
  if (!/^(?:0|[1-9]\d{0,2})$/.test(prefix)) return undefined;
  const prefixLength = Number(prefix) - (mapped ? 96 : 0);
  if (prefixLength < 0 || prefixLength > bits) return undefined;
  return { address: format(parsed), family: parsed.kind(), prefixLength };
}

/** The address lies in the range. An address of the other family never does. */
export function inRange(address: string, range: Range): boolean {
  const parsed = parse(address);
  const base = parse(range.address);
  if (parsed === undefined || base === undefined || parsed.kind() !== base.kind()) return false;
  return parsed.match(base, range.prefixLength);
}

function parse(text: string): Parsed | undefined {
  if (isIP(text) === 0 || text.includes("%")) return undefined;
  const parsed = ipaddr.parse(text);
  return parsed instanceof ipaddr.IPv6 && parsed.isIPv4MappedAddress() ? parsed.toIPv4Address() : parsed;
}

function format(parsed: Parsed): string {
  return parsed instanceof ipaddr.IPv6 ? parsed.toRFC5952String() : parsed.toString();
}
