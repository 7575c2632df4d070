import { everyAddress, type Family } from "./address-range.ts";
import { contains, type IntervalSet, intersect, subtract } from "./intervals.ts";
import { type Chain, everyPort, type FilterRule, type Table, type Test } from "./ruleset.ts";

/** The first packet of a new connection, as far as it is the same for all packets asked about. */
export interface Packet {
  readonly family: Family;
  readonly protocol: "tcp" | "udp";
  /** null: some interface of the network, not known which. */
  readonly inInterface: string | null;
  /** null: none, the packet is for the host itself; undefined: not known. */
  readonly outInterface: string | null | undefined;
  /** Addresses it is sent to; undefined: those of the host, not known. */
  readonly destination: IntervalSet | undefined;
  readonly local: boolean;
  /** Ports it was sent to before its destination was translated. */
  readonly originalPorts?: IntervalSet;
}

/** A set of packets: every port of one set from every address of another. */
export interface Region {
  readonly ports: IntervalSet;
  readonly sources: IntervalSet;
  /** False where it rests on a rule that was not understood. */
  readonly sure: boolean;
  /** The last rule that named it. */
  readonly rule: string;
}

/** A region whose destination a rule translates. */
export interface Translation {
  readonly region: Region;
  readonly address: string | null;
  readonly ports: IntervalSet | null;
}

/** What became of the packets. */
export interface Walk {
  readonly accepted: Region[];
  readonly translated: Translation[];
  /** Rules that were not understood and may let packets in. */
  readonly doubts: Set<string>;
  dropped: boolean;
  /** Rules looked at; a limit ends the walk. */
  steps: number;
}

const stepLimit = 50_000;
const depthLimit = 20;

/** All packets of a family, to any port from anywhere. */
export function everything(family: Family): Region {
  return { ports: everyPort, sources: everyAddress(family), sure: true, rule: "" };
}

/** A walk that has not begun. */
export function newWalk(): Walk {
  return { accepted: [], translated: [], doubts: new Set(), dropped: false, steps: 0 };
}

/** Sends a region through a base chain and its policy; what comes through is in `walk.accepted`. */
export function walkBase(table: Table, chain: Chain, input: { packet: Packet; region: Region; walk: Walk }): void {
  const { packet, region, walk } = input;
  const rest = walkChain(chain, region, { table, packet, walk, depth: 0 });
  for (const left of rest) {
    if (chain.policy === "drop") walk.dropped = true;
    else
      walk.accepted.push({
        ...left,
        rule: left.rule === "" ? `policy accept of ${table.name} ${chain.name}` : left.rule,
      });
  }
}

interface Place {
  readonly table: Table;
  readonly packet: Packet;
  readonly walk: Walk;
  readonly depth: number;
}

/** Regions that leave the chain at its end or by return. */
function walkChain(chain: Chain, region: Region, place: Place): Region[] {
  const { walk } = place;
  const returned: Region[] = [];
  let current: Region[] = [region];
  for (const rule of chain.rules) {
    const next: Region[] = [];
    for (const part of current) {
      walk.steps += 1;
      if (walk.steps > stepLimit || place.depth > depthLimit) {
        walk.doubts.add("the rules are too many to follow");
        return [];
      }
      const { matched, whole, rest } = split(rule, part, place.packet);
      next.push(...rest);
      if (matched === undefined) continue;
      const after = apply(rule, matched, { ...place, returned });
      if (whole) next.push(...after); // else the rest holds it already
    }
    current = next;
    if (current.length === 0) break;
  }
  return [...returned, ...current];
}

/** What of the matched region goes on to the next rule. */
function apply(rule: FilterRule, matched: Region, place: Place & { returned: Region[] }): Region[] {
  const { walk, table } = place;
  switch (rule.verdict.kind) {
    case "accept":
      walk.accepted.push({ ...matched, rule: rule.text });
      return [];
    case "drop":
    case "reject":
      walk.dropped ||= matched.sure;
      return [];
    case "return":
      place.returned.push(matched);
      return [];
    case "next":
      return [matched];
    case "opaque":
      walk.doubts.add(rule.text);
      return [matched];
    case "translate":
      walk.translated.push({
        region: { ...matched, rule: rule.text },
        address: rule.verdict.address,
        ports: rule.verdict.ports,
      });
      return [];
    case "jump":
    case "goto": {
      const chain = table.chains.get(rule.verdict.chain);
      if (chain === undefined) {
        walk.doubts.add(rule.text);
        return [matched];
      }
      const rest = walkChain(chain, matched, { ...place, depth: place.depth + 1 });
      if (rule.verdict.kind === "jump") return rest;
      place.returned.push(...rest);
      return [];
    }
  }
}

/** The part of a region that a rule matches, and the parts it does not. */
function split(rule: FilterRule, region: Region, packet: Packet): Split {
  const answers = rule.tests.map((test) => decide(test, packet));
  const whole = answers.every((answer) => answer === "yes");
  const narrowed = answers.includes("no") ? undefined : narrow(rule.tests, region, packet.family);
  if (narrowed === undefined) return { matched: undefined, whole, rest: [region] };
  const { ports, sources } = narrowed;
  const matched = { ports, sources, sure: region.sure && !answers.includes("unclear"), rule: region.rule };
  if (!whole) return { matched, whole, rest: [region] };
  const rest = [
    { ...region, ports: subtract(region.ports, ports) },
    { ...region, ports, sources: subtract(region.sources, sources) },
  ];
  return { matched, whole, rest: rest.filter((part) => part.ports.length > 0 && part.sources.length > 0) };
}

interface Split {
  readonly matched: Region | undefined;
  /** False where it cannot be told of each packet whether it matches; the rest is then the whole region. */
  readonly whole: boolean;
  readonly rest: Region[];
}

/** Ports and sources of the region that the rule asks for; undefined when none is left. */
function narrow(tests: readonly Test[], region: Region, family: Family): Pick<Region, "ports" | "sources"> | undefined {
  let { ports, sources } = region;
  for (const test of tests) {
    if (test.on === "port") ports = keep(ports, test.ports, test.negated);
    else if (test.on === "source")
      sources = keep(sources, test.ranges.find((range) => range.family === family)?.set ?? [], test.negated);
  }
  return ports.length === 0 || sources.length === 0 ? undefined : { ports, sources };
}

function keep(have: IntervalSet, wanted: IntervalSet, negated: boolean): IntervalSet {
  return negated ? subtract(have, wanted) : intersect(have, wanted);
}

/** Whether a rule matches without asking for ports or sources: what becomes of a packet that no rule names follows such rules only. */
export function matchesUnnamed(rule: FilterRule, packet: Packet): boolean {
  return rule.tests.every((test) => test.on !== "port" && test.on !== "source" && decide(test, packet) === "yes");
}

/** some: of some packets; unclear: it was not understood. */
export type Answer = "yes" | "no" | "some" | "unclear";

/** Ports and sources are narrowed elsewhere, so any of them will do here. */
function decide(test: Test, packet: Packet): Answer {
  switch (test.on) {
    case "port":
    case "source":
      return "yes";
    case "inInterface":
      return onInterface(test, packet.inInterface);
    case "outInterface":
      return packet.outInterface === undefined ? "some" : negate(named(test.names, packet.outInterface), test.negated);
    case "protocol":
      return negate(protocolIs(test.names, packet.protocol), test.negated);
    case "originalPort":
      return originalPort(test, packet);
    case "destination":
      return destination(test, packet);
    case "state":
      return negate(
        yesWhen(test.names.includes("new") || (test.names.includes("dnat") && !packet.local)),
        test.negated,
      );
    case "destinationType":
      return negate(yesWhen(test.names.includes(packet.local ? "local" : "unicast")), test.negated);
    case "family":
      return yesWhen(test.family === packet.family);
    case "some":
      return "some";
    case "never":
      return "no";
    case "opaque":
      return "unclear";
  }
}

function onInterface(test: Extract<Test, { on: "inInterface" | "outInterface" }>, actual: string | null): Answer {
  return negate(actual === null ? someInterface(test.names) : named(test.names, actual), test.negated);
}

function yesWhen(condition: boolean): Answer {
  return condition ? "yes" : "no";
}

/** What a condition says the other way round. */
export function negate(answer: Answer, negated: boolean): Answer {
  if (!negated || answer === "some" || answer === "unclear") return answer;
  return answer === "yes" ? "no" : "yes";
}

/** Whether an interface is among those named, with a plus at the end for any that begin so. */
export function named(names: readonly string[], actual: string | null): Answer {
  if (actual === null) return "no";
  const matches = (name: string) => (name.endsWith("+") ? actual.startsWith(name.slice(0, -1)) : name === actual);
  return names.some(matches) ? "yes" : "no";
}

function someInterface(names: readonly string[]): Answer {
  return names.every((name) => name === "lo" || /^(docker\d|br-[0-9a-f]{12}|veth)/.test(name)) ? "no" : "some";
}

const numbers: Readonly<Record<string, string>> = { "6": "tcp", "17": "udp" };

/** Whether a protocol is among those named, by name or number. */
export function protocolIs(names: readonly string[], protocol: string): Answer {
  return names.some((name) => (numbers[name] ?? name) === protocol || name === "all" || name === "0") ? "yes" : "no";
}

function originalPort(test: Extract<Test, { on: "port" | "originalPort" }>, packet: Packet): Answer {
  const have = packet.originalPorts;
  if (have === undefined) return "some";
  const inside = intersect(have, test.ports);
  if (inside.length === 0) return negate("no", test.negated);
  return contains(test.ports, have) ? negate("yes", test.negated) : "some";
}

/** Multicast and loopback addresses are not the host's on a network. */
function destination(test: Extract<Test, { on: "source" | "destination" }>, packet: Packet): Answer {
  const wanted = test.ranges.find((range) => range.family === packet.family)?.set ?? [];
  const reachable = subtract(wanted, unreachable[packet.family]);
  if (reachable.length === 0) return negate("no", test.negated);
  if (packet.destination === undefined || packet.destination.length === 0)
    return contains(wanted, everyAddress(packet.family)) ? negate("yes", test.negated) : "some";
  if (intersect(reachable, packet.destination).length === 0) return negate("no", test.negated);
  return contains(wanted, packet.destination) ? negate("yes", test.negated) : "some";
}

const unreachable: Readonly<Record<Family, IntervalSet>> = {
  ipv4: [
    { first: 0x7f000000n, last: 0x7fffffffn },
    { first: 0xe0000000n, last: 0xffffffffn },
  ],
  ipv6: [
    { first: 1n, last: 1n },
    { first: 0xff00n << 112n, last: (1n << 128n) - 1n },
  ],
};
