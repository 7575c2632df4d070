import { parseAddress } from "./address-range.ts";
import { type Frame, lines } from "./frames.ts";

/** The way that packets to an address take, by ip-route(8). */
export interface Way {
  readonly source: bigint | undefined;
  /** null: none, the host itself sends them. */
  readonly inInterface: string | null;
  readonly outInterface: string;
  /** To the host itself. */
  readonly local: boolean;
}

/** Ways by the address they lead to. */
export type Ways = ReadonlyMap<string, Way>;

/** Reads lines of `ip -o route get ADDRESS`, and of `... from SOURCE iif INTERFACE` for packets that are passed on. */
export function readWays(frame: Frame | undefined): Ways {
  return new Map(lines(frame?.text ?? "").flatMap((row) => readWay(row)));
}

/** The way to an address, however that is written. */
export function wayTo(ways: Ways, address: string): Way | undefined {
  return ways.get(keyOf(address) ?? "");
}

function readWay(row: string): [string, Way][] {
  const match = /^way (local |unicast )?([0-9A-Fa-f.:]+) (.*)$/.exec(row);
  const key = keyOf(match?.[2] ?? "");
  const rest = ` ${match?.[3] ?? ""} `;
  const word = (name: string) => new RegExp(` ${name} (\\S+) `).exec(rest)?.[1];
  const outInterface = word("dev");
  if (key === undefined || outInterface === undefined) return [];
  const inInterface = word("iif") ?? null;
  const source = parseAddress((inInterface === null ? word("src") : word("from")) ?? "")?.value;
  return [[key, { source, inInterface, outInterface, local: match?.[1] === "local " }]];
}

function keyOf(address: string): string | undefined {
  const parsed = parseAddress(address);
  return parsed === undefined ? undefined : `${parsed.family} ${parsed.value}`;
}
