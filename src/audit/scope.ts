import { isIP } from "node:net";
import { InputError } from "#model/input-error.ts";
import type { Authorisation } from "#model/policy.ts";
import { inRange, isLoopback, parseAddress, parseRange, type Range } from "#net/address.ts";

/** Which addresses may be contacted today. Made once, asked before every contact. */
export interface Scope {
  readonly ranges: readonly Range[];
  /** Addresses of this machine's interfaces; they and loopback need no permission. */
  readonly ownAddresses: ReadonlySet<string>;
  readonly by: string | undefined;
}

const field = "authorisation.addresses";
/** A permission for more than this is a slip: no one server's owner can give it. */
const shortestPrefix = { ipv4: 8, ipv6: 19 } as const;
/** Addresses that are no single machine: this network, multicast, reserved and broadcast. */
const noMachine = ["0.0.0.0/8", "224.0.0.0/4", "240.0.0.0/4", "::/128", "ff00::/8"].flatMap(
  (text) => parseRange(text) ?? [],
);

/** Reads a permission as of `today` (YYYY-MM-DD). Throws InputError for a bad range or date, and when it is not in force today. */
export function makeScope(input: {
  readonly authorisation: Authorisation | null;
  readonly today: string;
  readonly ownAddresses: readonly string[];
}): Scope {
  const { authorisation } = input;
  const ownAddresses = new Set(input.ownAddresses.map((text) => parseAddress(withoutZone(text))?.address ?? text));
  if (authorisation === null) return { ranges: [], ownAddresses, by: undefined };
  checkDates(authorisation, input.today);
  return { ranges: authorisation.addresses.map(readRange), ownAddresses, by: authorisation.by };
}

/**
 * Throws InputError unless the address is this machine's own or within the permission. `source` says where the address came from,
 * such as "DNS answer for example.jp".
 */
export function checkAddress(scope: Scope, address: string, source: string): void {
  const parsed = parseAddress(withoutZone(address));
  if (parsed === undefined) {
    throw new InputError(`${source}: "${address}" is not an IPv4 or IPv6 address.`, {
      hint: "Write the address without prefix length, zone or brackets.",
    });
  }
  if (noMachine.some((range) => inRange(parsed.address, range))) {
    throw new InputError(`${source}: ${parsed.address} is not the address of one machine.`, {
      hint: "Give the server's own unicast address.",
    });
  }
  if (isThisMachine(scope, parsed.address)) return;
  if (scope.ranges.some((range) => inRange(parsed.address, range))) return;
  throw outOfScope(scope, parsed.address, source);
}

/** The permission itself names the address, which no other machine means by it: neither loopback nor link-local. */
export function isNamed(scope: Scope, address: string): boolean {
  const normal = parseAddress(address)?.address;
  if (normal === undefined || isLoopback(normal) || /^(?:fe[89ab]|169\.254\.)/.test(normal)) return false;
  return scope.ranges.some((range) => inRange(normal, range));
}

/** The address is loopback or one of this machine's interfaces. */
export function isThisMachine(scope: Scope, address: string): boolean {
  const normal = parseAddress(withoutZone(address))?.address;
  return normal !== undefined && (isLoopback(normal) || scope.ownAddresses.has(normal));
}

function outOfScope(scope: Scope, address: string, source: string): InputError {
  if (scope.by === undefined) {
    return new InputError(`Nobody has authorised an audit of ${address} (${source}).`, {
      hint: `Put authorisation: with by, reference and addresses: [${address}] into sekisho.yaml, or add --authorised-by "NAME (ROLE), REFERENCE".`,
    });
  }
  return new InputError(`${address} (${source}) is outside what ${scope.by} authorised.`, {
    hint: `Ask for leave and add ${address} to ${field} in sekisho.yaml, or take what leads to it out of the target.`,
  });
}

function readRange(text: string): Range {
  const range = parseRange(text.trim());
  if (range === undefined) {
    throw new InputError(`${field}: "${text}" is neither an address nor a CIDR range.`, { hint: rangeHint(text) });
  }
  const shortest = shortestPrefix[range.family];
  if (range.prefixLength < shortest) {
    throw new InputError(`${field}: "${text}" is too wide to be meant.`, {
      hint: `Name the servers' addresses, or ranges of /${shortest} or longer.`,
    });
  }
  const stray = strayBits(text.trim(), range);
  if (stray !== undefined) {
    throw new InputError(`${field}: "${text}" has bits set right of its prefix, so it is not clear what was allowed.`, {
      hint: `Write ${range.address}/${range.family === "ipv4" ? 32 : 128} for the one address, or ${stray}/${range.prefixLength} for the whole range.`,
    });
  }
  return range;
}

function rangeHint(text: string): string {
  if (isIP(text.split("/")[0] ?? "") === 0)
    return "Write for instance 203.0.113.5 or 203.0.113.0/28; names are not accepted here.";
  return "The prefix length goes from 0 to 32 for IPv4 and to 128 for IPv6.";
}

/** The first address of the range, where the text does not name it; undefined where it does. */
function strayBits(text: string, range: Range): string | undefined {
  const bits = range.family === "ipv4" ? 32 : 128;
  if (!text.includes("/") || range.prefixLength === bits) return undefined;
  const first = firstAddress(range);
  return first === range.address ? undefined : first;
}

function firstAddress(range: Range): string | undefined {
  const [groups, width, base] = range.family === "ipv4" ? [4, 8, 10] : [8, 16, 16];
  const parts = expand(range).map((part, index) => {
    const kept = Math.max(0, Math.min(width, range.prefixLength - index * width));
    return part & (((1 << kept) - 1) << (width - kept));
  });
  const text = parts
    .slice(0, groups)
    .map((part) => part.toString(base))
    .join(range.family === "ipv4" ? "." : ":");
  return parseAddress(text)?.address;
}

function expand(range: Range): readonly number[] {
  if (range.family === "ipv4") return range.address.split(".").map(Number);
  const [head = "", tail] = range.address.split("::");
  const read = (text: string) => (text === "" ? [] : text.split(":").map((group) => Number.parseInt(group, 16)));
  const [left, right] = [read(head), read(tail ?? "")];
  return tail === undefined ? left : [...left, ...new Array<number>(8 - left.length - right.length).fill(0), ...right];
}

function withoutZone(address: string): string {
  return address.replace(/%.*$/, "");
}

function checkDates(authorisation: Authorisation, today: string): void {
  const { from, until } = authorisation;
  checkDate("authorisation.from", from);
  checkDate("authorisation.until", until);
  if (from !== undefined && until !== undefined && from > until) {
    throw new InputError(`authorisation.from ${from} is after authorisation.until ${until}.`, {
      hint: "Correct the dates in sekisho.yaml.",
    });
  }
  if (from !== undefined && today < from) {
    throw new InputError(`The authorisation is in force from ${from}; today is ${today}.`, {
      hint: "Wait until then, or ask who gave it for an earlier day.",
    });
  }
  if (until !== undefined && today > until) {
    throw new InputError(`The authorisation ended on ${until}; today is ${today}.`, {
      hint: `Ask ${authorisation.by} to renew it, and change authorisation.until in sekisho.yaml.`,
    });
  }
}

function checkDate(name: string, text: string | undefined): void {
  if (text === undefined) return;
  const parsed = /^\d{4}-\d{2}-\d{2}$/.test(text) ? new Date(`${text}T00:00:00Z`) : undefined;
  if (parsed !== undefined && !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(text)) return;
  throw new InputError(`${name}: "${text}" is not a date.`, { hint: "Write a day that exists as YYYY-MM-DD." });
}
