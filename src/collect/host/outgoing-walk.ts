import { everyAddress, type Family } from "./address-range.ts";
import { contains, type IntervalSet } from "./intervals.ts";
import { type Answer, named, negate, protocolIs } from "./packet-walk.ts";
import type { Chain, FilterRule, Table, Test } from "./ruleset.ts";

/** The first packet of a new connection that leaves the host, or that the host passes on. */
export interface OutgoingPacket {
  readonly family: Family;
  readonly protocol: "tcp" | "udp";
  /** undefined: not known. */
  readonly source: bigint | undefined;
  readonly destination: bigint;
  readonly port: number;
  /** null: none, the host itself sends it. */
  readonly inInterface: string | null;
  /** null: none, it has arrived; undefined: not known. */
  readonly outInterface: string | null | undefined;
  /** Whether it is sent to the host itself. */
  readonly local: boolean;
}

/** What becomes of a packet, with the rule that decides. */
export type Fate =
  | { readonly kind: "accept" | "drop" | "reject"; readonly rule: string }
  | { readonly kind: "unknown"; readonly why: string };

type End = "accept" | "drop" | "reject" | "translate";

/** What may become of a packet in a chain. */
interface Outcome {
  /** The first rule that may end it so. */
  readonly ends: ReadonlyMap<End, string>;
  /** It may leave by the end of the chain. */
  readonly through: boolean;
}

interface Walk {
  /** Outcomes of chains for the packet as it is now. */
  readonly known: Map<Chain, Outcome>;
  /** The first rule of which it cannot be told whether it applies. */
  doubt: string | undefined;
  /** Rules that may change a packet and may have applied. */
  readonly changed: Set<"state" | "mark">;
  steps: number;
}

interface Place {
  readonly packet: OutgoingPacket;
  readonly table: Table;
  readonly walk: Walk;
  readonly depth: number;
}

const stepLimit = 100_000;
const depthLimit = 20;
const nowhere = "no rule";

/**
 * What the tables make of a packet. The base chains on its way are walked in the order of their hooks and priorities; each must let it
 * pass. Where a rule may or may not apply, both are followed, and the fate is known where both lead to the same.
 */
export function fateOfOutgoing(tables: readonly Table[], packet: OutgoingPacket): Fate {
  const walk: Walk = { known: new Map(), doubt: undefined, changed: new Set(), steps: 0 };
  const ends = new Map<End, string>();
  let last = nowhere;
  const stages = stagesOf(packet).flatMap((stage) =>
    chainsAt(tables, packet.family, stage.at).map((found) => ({ ...found, packet: stage.packet })),
  );
  for (const { chain, ...stage } of stages) {
    walk.known.clear();
    const outcome = walkBase(chain, { ...stage, walk, depth: 0 });
    const elsewhere = outcome.ends.get("translate");
    if (elsewhere !== undefined) return { kind: "unknown", why: `it may be sent elsewhere by a rule: ${elsewhere}` };
    for (const [end, rule] of outcome.ends) if (end !== "accept") keepFirst(ends, end, rule);
    const accepted = outcome.ends.get("accept");
    if (accepted === undefined) return settle(ends, walk);
    // A rule that names the packet says more than the policy of another chain.
    if (last === nowhere || !isPolicy(accepted)) last = accepted;
  }
  return settle(keepFirst(ends, "accept", last), walk);
}

function settle(ends: ReadonlyMap<End, string>, walk: Walk): Fate {
  const [first] = [...ends];
  if (first === undefined || first[0] === "translate" || (ends.size > 1 && ends.has("accept")))
    return { kind: "unknown", why: `whether a rule applies cannot be told: ${walk.doubt ?? tooMany}` };
  return { kind: first[0], rule: first[1] };
}

const tooMany = "the rules are too many to follow";

function isPolicy(rule: string): boolean {
  return /^policy (?:accept|drop) of /.test(rule);
}

/** The hooks of netfilter on its way; what the host sends to itself goes out and comes in by lo. */
function stagesOf(packet: OutgoingPacket): { at: string; packet: OutgoingPacket }[] {
  const on = (at: string, changes: Partial<OutgoingPacket> = {}) => ({ at, packet: { ...packet, ...changes } });
  const { inInterface, local } = packet;
  const arriving = { outInterface: null };
  if (inInterface !== null)
    return local
      ? [on("prerouting", arriving), on("input", arriving)]
      : [on("prerouting", arriving), on("forward"), on("postrouting")];
  const leaving = [on("output"), on("postrouting")];
  const looped = { inInterface: "lo", outInterface: null };
  return local ? [...leaving, on("prerouting", looped), on("input", looped)] : leaving;
}

function chainsAt(tables: readonly Table[], family: Family, at: string): { table: Table; chain: Chain }[] {
  return tables
    .filter((table) => table.family === family || table.family === "inet")
    .flatMap((table) => [...table.chains.values()].map((chain) => ({ table, chain })))
    .filter(({ chain }) => chain.hook?.at === at)
    .toSorted((a, b) => (a.chain.hook?.priority ?? 0) - (b.chain.hook?.priority ?? 0));
}

function walkBase(chain: Chain, place: Place): Outcome {
  const { ends, through } = walkChain(chain, place);
  if (!through) return { ends, through };
  const policy = `policy ${chain.policy} of ${place.table.name} ${chain.name}`;
  return { ends: keepFirst(new Map(ends), chain.policy, policy), through: false };
}

function walkChain(chain: Chain, place: Place): Outcome {
  const { walk, depth } = place;
  const known = walk.known.get(chain);
  if (known !== undefined) return known;
  const changes = walk.changed.size;
  const ends = new Map<End, string>();
  let leaves = false;
  let goesOn = true;
  for (const rule of chain.rules) {
    walk.steps += 1;
    if (walk.steps > stepLimit || depth > depthLimit) return anything(tooMany);
    const after = meet(rule, place);
    for (const [end, text] of after.ends) keepFirst(ends, end, text);
    leaves ||= after.leaves;
    ({ goesOn } = after);
    if (!goesOn) break;
  }
  const outcome = { ends, through: goesOn || leaves };
  if (walk.changed.size === changes) walk.known.set(chain, outcome);
  return outcome;
}

interface After {
  readonly ends: ReadonlyMap<End, string>;
  /** To the next rule. */
  readonly goesOn: boolean;
  /** By the end of the chain. */
  readonly leaves: boolean;
}

/** What may become of a packet that comes to a rule. */
function meet(rule: FilterRule, place: Place): After {
  const answer = matches(rule, place);
  if (answer === "no") return { ends: new Map(), goesOn: true, leaves: false };
  if (answer === "yes") return apply(rule, place);
  place.walk.doubt ??= rule.text;
  return { ...apply(rule, place), goesOn: true };
}

/** What may become of a packet that meets all conditions of a rule. */
function apply(rule: FilterRule, place: Place): After {
  const { verdict, changes } = rule;
  const { walk } = place;
  if (changes !== undefined && !walk.changed.has(changes)) {
    walk.changed.add(changes);
    walk.known.clear();
  }
  switch (verdict.kind) {
    case "accept":
    case "drop":
    case "reject":
    case "translate":
      return { ends: new Map([[verdict.kind, rule.text]]), goesOn: false, leaves: false };
    case "return":
      return { ends: new Map(), goesOn: false, leaves: true };
    case "next":
      return { ends: new Map(), goesOn: true, leaves: false };
    case "opaque":
      return unclear(rule, walk);
    case "jump":
    case "goto": {
      const chain = place.table.chains.get(verdict.chain);
      if (chain === undefined) return unclear(rule, walk);
      const { ends, through } = walkChain(chain, { ...place, depth: place.depth + 1 });
      return verdict.kind === "jump"
        ? { ends, goesOn: through, leaves: false }
        : { ends, goesOn: false, leaves: through };
    }
  }
}

function unclear(rule: FilterRule, walk: Walk): After {
  walk.doubt ??= rule.text;
  return { ends: anything(rule.text).ends, goesOn: true, leaves: false };
}

function anything(text: string): Outcome {
  return { ends: new Map([["accept", text] as const, ["drop", text] as const]), through: true };
}

function keepFirst(ends: Map<End, string>, end: End, rule: string | undefined): Map<End, string> {
  return rule === undefined || ends.has(end) ? ends : ends.set(end, rule);
}

function matches({ tests }: FilterRule, { packet, walk }: Place): Answer {
  const answers = tests.map((test) => decide(test, packet, walk));
  if (answers.includes("no")) return "no";
  return answers.every((answer) => answer === "yes") ? "yes" : "unclear";
}

function decide(test: Test, packet: OutgoingPacket, walk: Walk): Answer {
  switch (test.on) {
    case "port":
      return negate(holds(test.ports, BigInt(packet.port)), test.negated);
    case "source":
    case "destination": {
      const set = test.ranges.find(({ family }) => family === packet.family)?.set ?? [];
      return negate(inside(set, packet[test.on], packet.family), test.negated);
    }
    case "inInterface":
      return negate(named(test.names, packet.inInterface), test.negated);
    case "outInterface":
      return negate(leavesBy(test.names, packet, walk), test.negated);
    case "protocol":
      return negate(protocolIs(test.names, packet.protocol), test.negated);
    case "state":
      return walk.changed.has("state") ? "some" : negate(yesWhen(test.names.includes("new")), test.negated);
    case "destinationType":
      return negate(yesWhen(test.names.includes(packet.local ? "local" : "unicast")), test.negated);
    case "family":
      return yesWhen(test.family === packet.family);
    case "originalPort":
    case "some":
      return "some";
    case "never":
      return "no";
    case "opaque":
      return isAboutHeaders(test.text) ? "no" : "unclear";
  }
}

function leavesBy(names: readonly string[], { outInterface, local }: OutgoingPacket, walk: Walk): Answer {
  // What marks a packet may have it sent another way.
  const sure = outInterface !== undefined && (outInterface === null || !walk.changed.has("mark"));
  if (sure) return named(names, outInterface);
  return !local && names.every((name) => name === "lo") ? "no" : "some";
}

/** A new connection's first packet has no header of IPv6 that only extends it, such as one for routing. */
function isAboutHeaders(text: string): boolean {
  return /^--rt-/.test(text) || text.includes('"exthdr"');
}

function inside(set: IntervalSet, value: bigint | undefined, family: Family): Answer {
  if (value !== undefined) return holds(set, value);
  if (set.length === 0) return "no";
  return contains(set, everyAddress(family)) ? "yes" : "some";
}

function holds(set: IntervalSet, value: bigint): Answer {
  return yesWhen(contains(set, [{ first: value, last: value }]));
}

function yesWhen(condition: boolean): Answer {
  return condition ? "yes" : "no";
}
