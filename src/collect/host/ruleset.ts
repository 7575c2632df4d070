import type { Family } from "./address-range.ts";
import type { IntervalSet } from "./intervals.ts";

/**
 * One condition of a rule of the packet filter, in the terms common to iptables(8) and nft(8). some: true of some of the packets
 * asked about, such as a rate limit. opaque: not understood here.
 */
export type Test =
  | { readonly on: "inInterface" | "outInterface"; readonly names: readonly string[]; readonly negated: boolean }
  | { readonly on: "protocol"; readonly names: readonly string[]; readonly negated: boolean }
  | { readonly on: "port" | "originalPort"; readonly ports: IntervalSet; readonly negated: boolean }
  | { readonly on: "source" | "destination"; readonly ranges: readonly AddressSet[]; readonly negated: boolean }
  | { readonly on: "state" | "destinationType"; readonly names: readonly string[]; readonly negated: boolean }
  | { readonly on: "family"; readonly family: Family }
  | { readonly on: "some" }
  | { readonly on: "never" }
  | { readonly on: "opaque"; readonly text: string };

/** Addresses of one family. */
export interface AddressSet {
  readonly family: Family;
  readonly set: IntervalSet;
}

/** What a rule does with a packet that meets all its conditions. opaque: not understood, it may end here or go on. */
export type Verdict =
  | { readonly kind: "accept" | "drop" | "reject" | "return" | "next" | "opaque" }
  | { readonly kind: "jump" | "goto"; readonly chain: string }
  | { readonly kind: "translate"; readonly address: string | null; readonly ports: IntervalSet | null };

/** One rule, with the text by which a person finds it again. */
export interface FilterRule {
  readonly tests: readonly Test[];
  readonly verdict: Verdict;
  readonly text: string;
  /** What of a packet it changes, so that later conditions or its way out may be others: whether its connection is followed, or its mark. */
  readonly changes?: "state" | "mark";
}

/** A chain; hook and policy only where the kernel itself calls it. */
export interface Chain {
  readonly name: string;
  readonly hook?: { readonly type: "filter" | "nat"; readonly at: string; readonly priority: number };
  readonly policy: "accept" | "drop";
  readonly rules: readonly FilterRule[];
}

/** A table: chains that may call each other. */
export interface Table {
  readonly family: Family | "inet";
  readonly name: string;
  readonly source: "iptables" | "nft";
  readonly chains: ReadonlyMap<string, Chain>;
}

/** Every port. */
export const everyPort: IntervalSet = [{ first: 0n, last: 65535n }];

/** Ports from the text of both tools: `22`, `6000:6007`, `6000-6007`; undefined when it is neither. */
export function parsePorts(text: string): IntervalSet | undefined {
  const match = /^(\d{0,5})(?:([:-])(\d{0,5}))?$/.exec(text);
  if (match === null || text === "") return undefined;
  const first = match[1] === "" ? 0n : BigInt(match[1] ?? "");
  const end = match[3] === "" ? 65535n : BigInt(match[3] ?? first);
  const last = match[2] === undefined ? first : end;
  return first <= last && last <= 65535n ? [{ first, last }] : undefined;
}
