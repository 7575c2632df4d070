import { visible } from "#model/sanitise.ts";
import { everyAddress, type Family, formatRanges, parseAddress } from "./address-range.ts";
import { type Accept, isWide, tidy } from "./firewall-tidy.ts";
import { type Interfaces, isBridge, isVpn } from "./interfaces.ts";
import { contains, type IntervalSet, intersect, union } from "./intervals.ts";
import {
  everything,
  matchesUnnamed,
  newWalk,
  type Packet,
  type Region,
  type Translation,
  type Walk,
  walkBase,
} from "./packet-walk.ts";
import type { Chain, Table } from "./ruleset.ts";

/** What is known of the packet filter. */
export interface FilterView {
  readonly tables: readonly Table[];
  readonly interfaces: Interfaces | undefined;
}

/** What the packet filter lets in, of one family. */
export interface Accepted {
  readonly accepts: readonly Accept[];
  /** Rules that were not understood and may let in more. */
  readonly doubts: readonly string[];
  /** Some rule or policy drops or rejects. */
  readonly drops: boolean;
}

const sourceLimit = 32;

/**
 * New connections that are let in on a network interface, to the host itself or, where a rule translates the address, to a container of it. Base
 * chains of all tables must let a packet pass. Packets that come through a VPN are given the networks of its interface and the
 * routes into it as their source.
 */
export function acceptedBy(view: FilterView, family: Family): Accepted {
  const walk = newWalk();
  const found: Accept[] = [];
  for (const name of networkInterfaces(view.interfaces)) {
    const sources = sourcesOn(view.interfaces, name, family);
    if (sources.length === 0) continue;
    const regions = (["tcp", "udp"] as const).map((protocol) => {
      const start = { ...everything(family), sources };
      return { protocol, list: throughHost(view, { family, protocol, name, start, walk }) };
    });
    for (const { protocol, list } of regions) {
      for (const region of list) {
        if (region.sure) found.push(...toAccepts(region, family, protocol));
        else walk.doubts.add(region.rule);
      }
    }
  }
  return { accepts: tidy(found), doubts: [...walk.doubts], drops: walk.dropped };
}

type Fate = "accept" | "drop" | "reject";

/**
 * What becomes of a packet to or from the host that no rule names: only rules that ask for no port and no address count, then the policy. Of what
 * leaves the most that any network interface lets out, those of a VPN aside.
 */
export function fateOf(view: FilterView, family: Family, at: "input" | "output" = "input"): Fate {
  const names = networkInterfaces(view.interfaces);
  if (at === "input") {
    const destination = hostAddresses(view.interfaces, family);
    const inInterface = names[0] ?? null;
    return fateAt(view, at, { family, protocol: "tcp", inInterface, outInterface: null, destination, local: true });
  }
  const outer = names.filter((name) => name === null || !isVpn(name, view.interfaces?.links));
  const fates = (outer.length > 0 ? outer : names).map((outInterface) =>
    fateAt(view, at, {
      family,
      protocol: "tcp",
      inInterface: null,
      outInterface,
      destination: undefined,
      local: false,
    }),
  );
  return fates.find((fate) => fate === "accept") ?? fates[0] ?? "accept";
}

function fateAt(view: FilterView, at: "input" | "output", packet: Packet): Fate {
  const fates = baseChains(view.tables, packet.family, at, "filter").map(({ table, chain }) => {
    const fate = unnamed({ table, packet, known: new Map() }, chain);
    return fate === undefined || fate === "return" ? chain.policy : fate;
  });
  return fates.find((fate) => fate === "reject") ?? fates.find((fate) => fate === "drop") ?? "accept";
}

type ChainFate = Fate | "return" | undefined;

/** A chain does the same with a packet from wherever it is called, so each is walked once; one that calls itself does nothing by that. */
interface Place {
  readonly table: Table;
  readonly packet: Packet;
  readonly known: Map<Chain, ChainFate>;
}

function unnamed(place: Place, chain: Chain): ChainFate {
  if (place.known.has(chain)) return place.known.get(chain);
  place.known.set(chain, undefined);
  const fate = walkUnnamed(place, chain);
  place.known.set(chain, fate);
  return fate;
}

function walkUnnamed(place: Place, chain: Chain): ChainFate {
  for (const rule of chain.rules.filter((entry) => matchesUnnamed(entry, place.packet))) {
    const { verdict } = rule;
    if (verdict.kind === "accept" || verdict.kind === "drop" || verdict.kind === "reject" || verdict.kind === "return")
      return verdict.kind;
    const target = "chain" in verdict ? place.table.chains.get(verdict.chain) : undefined;
    const fate = target === undefined ? undefined : unnamed(place, target);
    if (fate !== undefined && fate !== "return") return fate;
    if (verdict.kind === "goto") return "return";
  }
  return undefined;
}

interface Journey {
  readonly family: Family;
  readonly protocol: "tcp" | "udp";
  readonly name: string | null;
  readonly start: Region;
  readonly walk: Walk;
}

function throughHost(view: FilterView, journey: Journey): Region[] {
  const { family, protocol, name, start, walk } = journey;
  const own = hostAddresses(view.interfaces, family);
  const packet: Packet = { family, protocol, inInterface: name, outInterface: null, destination: own, local: true };
  const direct = throughChains(view.tables, "input", { packet, regions: [start], walk });
  const translated = translations(view.tables, packet, start, walk);
  return [...direct, ...translated.flatMap((translation) => throughTranslation(view, journey, translation))];
}

function throughChains(
  tables: readonly Table[],
  at: string,
  input: { packet: Packet; regions: Region[]; walk: Walk },
): Region[] {
  let regions = input.regions;
  for (const { table, chain } of baseChains(tables, input.packet.family, at, "filter")) {
    const next: Region[] = [];
    for (const region of regions) {
      const own = newWalk();
      own.steps = input.walk.steps;
      walkBase(table, chain, { packet: input.packet, region, walk: own });
      for (const doubt of own.doubts) input.walk.doubts.add(doubt);
      if (at === "input") input.walk.dropped ||= own.dropped;
      input.walk.steps = own.steps;
      // A rule that names the packet says more than the policy of a later chain.
      next.push(
        ...own.accepted.map((accepted) =>
          isPolicy(accepted.rule) && region.rule !== "" ? { ...accepted, rule: region.rule } : accepted,
        ),
      );
    }
    regions = next;
  }
  return regions.map((region) => (region.rule === "" ? { ...region, rule: "no rule" } : region));
}

function isPolicy(rule: string): boolean {
  return rule.startsWith("policy accept of ");
}

function translations(tables: readonly Table[], packet: Packet, region: Region, walk: Walk): Translation[] {
  return baseChains(tables, packet.family, "prerouting", "nat").flatMap(({ table, chain }) => {
    const own = newWalk();
    walkBase(table, chain, { packet, region, walk: own });
    for (const doubt of own.doubts) walk.doubts.add(doubt);
    return own.translated;
  });
}

/** What of a translated region gets in, under the ports it was sent to. */
function throughTranslation(view: FilterView, journey: Journey, translation: Translation): Region[] {
  const { family, protocol, name, walk } = journey;
  const { region } = translation;
  const own = hostAddresses(view.interfaces, family);
  const address = translation.address === null ? undefined : parseAddress(translation.address);
  if (translation.address !== null && address === undefined) {
    walk.doubts.add(region.rule);
    return [];
  }
  const target: IntervalSet | undefined = address === undefined ? own : [{ first: address.value, last: address.value }];
  const local = address === undefined || (own !== undefined && contains(own, target ?? []));
  const packet: Packet = {
    family,
    protocol,
    inInterface: name,
    outInterface: local ? null : interfaceTowards(view.interfaces, family, target ?? []),
    destination: target,
    local,
    originalPorts: region.ports,
  };
  const inside = { ...region, ports: translation.ports ?? region.ports };
  const passed = throughChains(view.tables, local ? "input" : "forward", { packet, regions: [inside], walk });
  return passed.map((part) => ({
    ...part,
    ports: translation.ports === null ? part.ports : region.ports,
    rule: region.rule,
  }));
}

function baseChains(
  tables: readonly Table[],
  family: Family,
  at: string,
  type: "filter" | "nat",
): { table: Table; chain: Chain }[] {
  return tables
    .filter((table) => table.family === family || table.family === "inet")
    .flatMap((table) => [...table.chains.values()].map((chain) => ({ table, chain })))
    .filter(({ chain }) => chain.hook?.at === at && chain.hook.type === type)
    .sort((a, b) => (a.chain.hook?.priority ?? 0) - (b.chain.hook?.priority ?? 0));
}

/** Interfaces that lead to a network; one unnamed when they are not known. */
function networkInterfaces(interfaces: Interfaces | undefined): (string | null)[] {
  const names = new Set(interfaces?.addresses.map((entry) => entry.interface));
  const outer = [...names].filter((name) => name !== "lo" && !isBridge(name));
  return outer.length === 0 ? [null] : outer;
}

function sourcesOn(interfaces: Interfaces | undefined, name: string | null, family: Family): IntervalSet {
  if (interfaces === undefined || name === null || !isVpn(name, interfaces.links)) return everyAddress(family);
  const own = interfaces.addresses.filter((entry) => entry.interface === name && entry.family === family);
  return union([...own.map((entry) => entry.network), ...interfaces.routes(name, family)]);
}

function hostAddresses(interfaces: Interfaces | undefined, family: Family): IntervalSet | undefined {
  const outer = interfaces?.addresses.filter((entry) => entry.family === family && entry.interface !== "lo");
  const own = outer?.map((entry) => parseAddress(entry.address)?.value).filter((value) => value !== undefined);
  return own === undefined || own.length === 0 ? undefined : union(own.map((value) => ({ first: value, last: value })));
}

function interfaceTowards(interfaces: Interfaces | undefined, family: Family, target: IntervalSet): string | undefined {
  const local = interfaces?.addresses.filter(
    (entry) => entry.family === family && intersect([entry.network], target).length > 0,
  );
  return local?.length === 1 ? local[0]?.interface : undefined;
}

function toAccepts(region: Region, family: Family, protocol: "tcp" | "udp"): Accept[] {
  const rule = visible(region.rule, 400);
  return region.ports.flatMap((range) =>
    sourcesOf(region.sources, family).map((source) => ({
      family,
      protocol,
      firstPort: Number(range.first),
      lastPort: Number(range.last),
      source,
      rule,
    })),
  );
}

/** CIDR ranges, or any where the set holds most addresses there are, or is too scattered to list. */
function sourcesOf(set: IntervalSet, family: Family): string[] {
  return isWide(set, family) ? ["any"] : (formatRanges(set, family, sourceLimit) ?? ["any"]);
}
