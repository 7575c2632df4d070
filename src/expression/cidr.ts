import ipaddr from "ipaddr.js";

/** A contiguous set of addresses of one family, both ends included. */
interface Range {
  readonly bits: 32 | 128;
  readonly first: bigint;
  readonly last: bigint;
}

/**
 * Whether an address or a range lies wholly in a range (RFC 4632, RFC 4291). IPv4-mapped IPv6 counts as IPv4. Undefined when either
 * is malformed; addresses with a zone are.
 */
export function inCidr(inner: string, outer: string): boolean | undefined {
  const innerRange = parseRange(inner);
  const outerRange = parseRange(outer);
  if (innerRange === undefined || outerRange === undefined) return undefined;
  return covers([outerRange], innerRange);
}

/**
 * Whether an address or a range lies wholly in what the ranges cover together. Undefined when it can't be told: the address is malformed,
 * or it is not covered and one of the ranges is malformed.
 */
export function inAnyCidr(inner: string, outers: readonly string[]): boolean | undefined {
  const innerRange = parseRange(inner);
  if (innerRange === undefined) return undefined;
  const ranges = outers.map(parseRange);
  const known = ranges.filter((range) => range !== undefined);
  if (covers(known, innerRange)) return true;
  return known.length === ranges.length ? false : undefined;
}

/** Whether a text is an address or a CIDR range. */
export function isRange(text: string): boolean {
  return parseRange(text) !== undefined;
}

/** One spelling for each address, IPv4-mapped IPv6 as IPv4; the text itself when it is no address. */
export function normalizeAddress(text: string): string {
  const bytes = parseAddress(text);
  return bytes === undefined ? text : ipaddr.fromByteArray([...bytes]).toString();
}

const localRanges = new Set(["private", "uniqueLocal", "linkLocal", "loopback", "carrierGradeNat"]);

/** Whether an address means something only within a network (RFC 1918, RFC 4193, RFC 6598, link-local, loopback). */
export function isLocalAddress(text: string): boolean {
  const bytes = parseAddress(text);
  return bytes !== undefined && localRanges.has(ipaddr.fromByteArray([...bytes]).range());
}

function covers(ranges: readonly Range[], inner: Range): boolean {
  const sorted = ranges
    .filter((range) => range.bits === inner.bits)
    .toSorted((a, b) => (a.first < b.first ? -1 : Number(a.first > b.first)));
  let next = inner.first;
  for (const range of sorted) {
    if (range.first > next) return false;
    if (range.last >= inner.last) return true;
    if (range.last >= next) next = range.last + 1n;
  }
  return false;
}

function parseRange(text: string): Range | undefined {
  const slash = text.indexOf("/");
  const bytes = parseAddress(slash < 0 ? text : text.slice(0, slash));
  if (bytes === undefined) return undefined;
  const bits = bytes.length === 4 ? 32 : 128;
  const prefix = slash < 0 ? bits : parsePrefix(text.slice(slash + 1), text.includes(":") ? 128 : 32, bits);
  if (prefix === undefined) return undefined;
  const value = bytes.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
  const hostBits = BigInt(bits - prefix);
  const first = (value >> hostBits) << hostBits;
  return { bits, first, last: first + (1n << hostBits) - 1n };
}

/** Prefix length in the family the address was folded to; a mapped address's own counts 96 bits more. */
function parsePrefix(text: string, writtenBits: 32 | 128, bits: 32 | 128): number | undefined {
  if (!/^\d{1,3}$/.test(text)) return undefined;
  const length = Number(text) - (writtenBits - bits);
  return length >= 0 && length <= bits ? length : undefined;
}

function parseAddress(text: string): readonly number[] | undefined {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text).toByteArray();
  if (!text.includes(":") || text.includes("%") || !ipaddr.IPv6.isValid(text)) return undefined;
  const address = ipaddr.IPv6.parse(text);
  return address.isIPv4MappedAddress() ? address.toIPv4Address().toByteArray() : address.toByteArray();
}
