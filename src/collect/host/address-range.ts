import ipaddr from "ipaddr.js";
import type { Interval, IntervalSet } from "./intervals.ts";

/** Address family, in the words of the evidence. */
export type Family = "ipv4" | "ipv6";

/** Bits of an address of the family. */
function widthOf(family: Family): number {
  return family === "ipv4" ? 32 : 128;
}

/** Every address of the family. */
export function everyAddress(family: Family): IntervalSet {
  return [{ first: 0n, last: (1n << BigInt(widthOf(family))) - 1n }];
}

/** Addresses that `address`, `address/length`, `address/mask` or `first-last` stands for, or undefined when it is none of them. */
export function parseRange(text: string): { family: Family; interval: Interval } | undefined {
  const dash = text.split("-");
  if (dash.length === 2) return parseSpan(dash[0] ?? "", dash[1] ?? "");
  const [base = "", suffix, more] = text.split("/");
  const address = parseAddress(base);
  if (address === undefined || more !== undefined) return undefined;
  const width = widthOf(address.family);
  const length = suffix === undefined ? width : prefixLength(suffix, address.family);
  if (length === undefined) return undefined;
  const size = 1n << BigInt(width - length);
  const first = (address.value / size) * size;
  return { family: address.family, interval: { first, last: first + size - 1n } };
}

/** The least CIDR ranges that together hold exactly the set, without a length where it is one address; undefined beyond `limit`. */
export function formatRanges(set: IntervalSet, family: Family, limit: number): string[] | undefined {
  const width = widthOf(family);
  const ranges: string[] = [];
  for (const interval of set) {
    let first = interval.first;
    while (first <= interval.last) {
      let bits = 0;
      while (
        bits < width &&
        first % (1n << BigInt(bits + 1)) === 0n &&
        first + (1n << BigInt(bits + 1)) - 1n <= interval.last
      )
        bits += 1;
      ranges.push(`${formatAddress(first, family)}${bits === 0 ? "" : `/${width - bits}`}`);
      if (ranges.length > limit) return undefined;
      first += 1n << BigInt(bits);
    }
  }
  return ranges;
}

/** An address as a number with its family; a zone (%eth0) is left out of account. */
export function parseAddress(text: string): { family: Family; value: bigint } | undefined {
  const bare = text.replace(/%.*$/, "");
  if (ipaddr.IPv4.isValidFourPartDecimal(bare))
    return { family: "ipv4", value: toNumber(ipaddr.parse(bare).toByteArray()) };
  if (!bare.includes(":") || !ipaddr.IPv6.isValid(bare)) return undefined;
  return { family: "ipv6", value: toNumber(ipaddr.parse(bare).toByteArray()) };
}

/** Whether an address can be reached from anywhere on the internet, by its range (IANA's special-purpose registries). */
export function isPublic(text: string): boolean {
  const bare = text.replace(/%.*$/, "");
  return ipaddr.isValid(bare) && ipaddr.parse(bare).range() === "unicast";
}

function parseSpan(from: string, to: string): { family: Family; interval: Interval } | undefined {
  const first = parseAddress(from);
  const last = parseAddress(to);
  if (first === undefined || last === undefined || first.family !== last.family) return undefined;
  return { family: first.family, interval: { first: first.value, last: last.value } };
}

function prefixLength(text: string, family: Family): number | undefined {
  if (/^\d{1,3}$/.test(text)) {
    const length = Number(text);
    return length <= widthOf(family) ? length : undefined;
  }
  if (family !== "ipv4" || !ipaddr.IPv4.isValidFourPartDecimal(text)) return undefined;
  return ipaddr.IPv4.parse(text).prefixLengthFromSubnetMask() ?? undefined;
}

function toNumber(bytes: readonly number[]): bigint {
  return bytes.reduce((value, byte) => value * 256n + BigInt(byte), 0n);
}

function formatAddress(value: bigint, family: Family): string {
  const bytes = Array.from({ length: widthOf(family) / 8 }, (_, index) =>
    Number((value >> BigInt(widthOf(family) - 8 * (index + 1))) & 255n),
  );
  return ipaddr.fromByteArray(bytes).toString();
}
