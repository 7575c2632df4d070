import { type Family, parseRange } from "./address-range.ts";
import { type Interval, union } from "./intervals.ts";
import { type Chain, type FilterRule, parsePorts, type Table, type Test, type Verdict } from "./ruleset.ts";

/** Targets that look or mark and let the packet go on (iptables-extensions(8)). */
const passing = new Set(
  "LOG NFLOG ULOG AUDIT TRACE MARK CONNMARK SECMARK CONNSECMARK SET TCPMSS CT NOTRACK CHECKSUM TTL HL DSCP TOS CLASSIFY SNAT MASQUERADE".split(
    " ",
  ),
);
const hooks: Readonly<Record<string, string>> = {
  INPUT: "input",
  FORWARD: "forward",
  PREROUTING: "prerouting",
  OUTPUT: "output",
  POSTROUTING: "postrouting",
};

const priorities: Readonly<Record<string, number>> = { raw: -300, mangle: -150, nat: -100, filter: 0, security: 50 };

/** What was read of an iptables-save(8) dump, and lines that were not understood. */
export interface SavedTables {
  readonly tables: readonly Table[];
  readonly unread: readonly string[];
}

/** Reads the output of iptables-save or ip6tables-save. */
export function parseIptablesSave(text: string, family: Family): SavedTables {
  const reading: Reading = { tables: new Map(), unread: [], current: undefined };
  for (const line of text.split("\n")) readLine(line, reading);
  const tables = [...reading.tables].map(([name, chains]): Table => {
    const entries = [...chains].map(([id, chain]): [string, Chain] => [
      id,
      { name: id, ...hookOf(name, id), ...chain },
    ]);
    return { family, name, source: "iptables", chains: new Map(entries) };
  });
  return { tables, unread: reading.unread };
}

type Chains = Map<string, { readonly policy: "accept" | "drop"; readonly rules: FilterRule[] }>;

interface Reading {
  readonly tables: Map<string, Chains>;
  readonly unread: string[];
  current: Chains | undefined;
}

function readLine(line: string, reading: Reading): void {
  if (line === "" || line === "COMMIT" || line.startsWith("#")) return;
  if (line.startsWith("*")) {
    reading.current = new Map();
    reading.tables.set(line.slice(1).trim(), reading.current);
    return;
  }
  if (line.startsWith(":")) {
    const [name = "", policy = ""] = line.slice(1).split(" ");
    reading.current?.set(name, { policy: policy === "DROP" ? "drop" : "accept", rules: [] });
    return;
  }
  const words = split(line.replace(/^\[\d+:\d+\] /, ""));
  const chain = words[0] === "-A" ? reading.current?.get(words[1] ?? "") : undefined;
  if (chain === undefined) reading.unread.push(line);
  else chain.rules.push(parseRule(words.slice(2), line));
}

function hookOf(table: string, chain: string): Pick<Chain, "hook"> {
  const at = hooks[chain];
  if (at === undefined) return {};
  return { hook: { type: table === "nat" ? "nat" : "filter", at, priority: priorities[table] ?? 0 } };
}

/** Words of a rule; quotes and backslashes as iptables-save writes them. */
function split(line: string): string[] {
  const words: string[] = [];
  for (const match of line.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g)) words.push(match[1] ?? match[2] ?? "");
  return words;
}

function parseRule(words: readonly string[], text: string): FilterRule {
  const tests: Test[] = [];
  let index = 0;
  while (index < words.length) {
    const negated = words[index] === "!";
    const option = words[index + (negated ? 1 : 0)] ?? "";
    const start = index + (negated ? 2 : 1);
    let end = start;
    while (end < words.length && !/^(-.|!$)/.test(words[end] ?? "")) end += 1;
    const args = words.slice(start, end);
    if (option === "-j" || option === "-g") {
      const target = words.slice(start);
      return { tests, verdict: verdictOf(option, target), text, ...changeBy(target) };
    }
    tests.push(...testsOf(option, args, negated));
    index = Math.max(end, index + 1);
  }
  return { tests, verdict: { kind: "next" }, text };
}

function verdictOf(option: string, words: readonly string[]): Verdict {
  const target = words[0] ?? "";
  switch (target) {
    case "ACCEPT":
      return { kind: "accept" };
    case "DROP":
      return { kind: "drop" };
    case "REJECT":
      return { kind: "reject" };
    case "RETURN":
      return { kind: "return" };
    case "DNAT":
      return translation(words[words.indexOf("--to-destination") + 1] ?? "");
    case "REDIRECT": {
      const at = words.indexOf("--to-ports");
      return { kind: "translate", address: null, ports: at < 0 ? null : (parsePorts(words[at + 1] ?? "") ?? null) };
    }
    case "NFQUEUE":
    case "QUEUE":
    case "TPROXY":
    case "NETMAP":
      return { kind: "opaque" };
    default:
      if (passing.has(target)) return { kind: "next" };
      return { kind: option === "-g" ? "goto" : "jump", chain: target };
  }
}

function changeBy(words: readonly string[]): Pick<FilterRule, "changes"> {
  const [target = ""] = words;
  if (target === "NOTRACK" || (target === "CT" && words.includes("--notrack"))) return { changes: "state" };
  return target === "MARK" || (target === "CONNMARK" && words.includes("--restore-mark")) ? { changes: "mark" } : {};
}

/** `address`, `address:port`, `[address]:port`, `:port`; ports may be a range. */
function translation(text: string): Verdict {
  const match = /^\[([^\]]+)\](?::(.*))?$/.exec(text) ?? /^([^:]*)(?::([^:]*))?$/.exec(text) ?? /^([^/]*)$/.exec(text);
  if (match === null || text === "") return { kind: "opaque" };
  const ports = match[2] === undefined ? null : parsePorts(match[2].replace(/\/.*/, ""));
  return ports === undefined ? { kind: "opaque" } : { kind: "translate", address: match[1] || null, ports };
}

function testsOf(option: string, args: readonly string[], negated: boolean): Test[] {
  const value = args[0] ?? "";
  const list = value.split(",");
  switch (option) {
    case "-m":
    case "--comment":
      return [];
    case "-i":
      return [{ on: "inInterface", names: [value], negated }];
    case "-o":
      return [{ on: "outInterface", names: [value], negated }];
    case "-p":
      return value === "all" ? [] : [{ on: "protocol", names: [value], negated }];
    case "-s":
    case "-d":
    case "--src-range":
    case "--dst-range":
      return [addresses(option === "-s" || option === "--src-range" ? "source" : "destination", list, negated)];
    case "--dport":
    case "--dports":
    case "--ctorigdstport":
      return [ports(option === "--ctorigdstport" ? "originalPort" : "port", list, negated)];
    case "--ctstate":
    case "--state":
      return [{ on: "state", names: list.map((name) => name.toLowerCase()), negated }];
    case "--dst-type":
      return [{ on: "destinationType", names: list.map((name) => name.toLowerCase()), negated }];
    case "--tcp-flags":
      // Only the first packet of a connection is asked about: SYN and no other flag.
      return (args[1] === "SYN") === negated ? [{ on: "never" }] : [];
    default:
      return otherTests(option, args, negated);
  }
}

function otherTests(option: string, args: readonly string[], negated: boolean): Test[] {
  if (/^--(limit|hashlimit|connlimit|sport|sports|ports|ctorigdst$|probability|mode)/.test(option))
    return [{ on: "some" }];
  if (/^--(log|limit-burst)/.test(option)) return [];
  if (option === "--ctdir") return (args[0] === "ORIGINAL") === negated ? [{ on: "never" }] : [];
  if (option === "--syn") return negated ? [{ on: "never" }] : [];
  if (/^--icmp(v6)?-type$/.test(option)) return [{ on: "never" }];
  return [{ on: "opaque", text: [option, ...args].join(" ") }];
}

function addresses(on: "source" | "destination", list: readonly string[], negated: boolean): Test {
  const ranges = list.map(parseRange);
  const byFamily = (family: Family) =>
    union(ranges.filter((range) => range?.family === family).map((range) => range?.interval ?? empty));
  if (ranges.includes(undefined)) return { on: "opaque", text: list.join(",") };
  const sets = (["ipv4", "ipv6"] as const).map((family) => ({ family, set: byFamily(family) }));
  return { on, ranges: sets.filter((entry) => entry.set.length > 0), negated };
}

const empty: Interval = { first: 1n, last: 0n };

function ports(on: "port" | "originalPort", list: readonly string[], negated: boolean): Test {
  const found = list.map(parsePorts);
  if (found.includes(undefined)) return { on: "opaque", text: list.join(",") };
  return { on, ports: union(found.flatMap((set) => set ?? [])), negated };
}
