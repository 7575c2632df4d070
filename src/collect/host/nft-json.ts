import { type Family, parseRange } from "./address-range.ts";
import { type IntervalSet, union } from "./intervals.ts";
import { isRecord, type Json, parseJson } from "./json.ts";
import { changesBy, impliedBy, portSet, textOf, verdictOf } from "./nft-statements.ts";
import type { AddressSet, Chain, FilterRule, Table, Test } from "./ruleset.ts";

/** What was read of `nft -j list ruleset` (libnftables-json(5)). */
export interface NftRuleset {
  readonly tables: readonly Table[];
  /** Tables of other families that hold rules for packets of IP: netdev and bridge. */
  readonly apart: readonly string[];
}

type Sets = ReadonlyMap<string, readonly Json[] | undefined>;

/** Reads the output of `nft -j list ruleset`; undefined when it is not that. */
export function parseNftJson(text: string): NftRuleset | undefined {
  const start = text.indexOf('{"nftables"');
  const document = start < 0 ? undefined : parseJson(text.slice(start));
  if (!isRecord(document) || !Array.isArray(document["nftables"])) return undefined;
  const items = document["nftables"].filter(isRecord);
  const sets = collectSets(items);
  const chains = new Map<string, Map<string, Chain & { rules: FilterRule[] }>>();
  const families = new Map<string, string>();
  for (const item of items) {
    const chain = item["chain"];
    const rule = item["rule"];
    if (isRecord(chain)) {
      const table = tableKey(chain);
      families.set(table, textOf(chain["family"]));
      const known = chains.get(table) ?? new Map<string, Chain & { rules: FilterRule[] }>();
      chains.set(table, known.set(textOf(chain["name"]), chainOf(chain)));
    } else if (isRecord(rule)) {
      chains
        .get(tableKey(rule))
        ?.get(textOf(rule["chain"]))
        ?.rules.push(...rulesOf(rule, sets));
    }
  }
  const tables: Table[] = [];
  for (const [key, members] of chains) {
    const family = familyOf(families.get(key) ?? "");
    if (family !== undefined)
      tables.push({ family, name: key.slice(key.indexOf(" ") + 1), source: "nft", chains: members });
  }
  return { tables, apart: [...chains].filter(isApart).map(([key]) => key) };
}

function isApart([key, chains]: [string, ReadonlyMap<string, Chain>]): boolean {
  return /^(netdev|bridge) /.test(key) && [...chains.values()].some(({ rules }) => rules.length > 0);
}

function familyOf(text: string): Family | "inet" | undefined {
  if (text === "ip") return "ipv4";
  if (text === "ip6") return "ipv6";
  return text === "inet" ? "inet" : undefined;
}

function tableKey(item: Readonly<Record<string, Json>>): string {
  return `${textOf(item["family"])} ${textOf(item["table"])}`;
}

function chainOf(chain: Readonly<Record<string, Json>>): Chain & { rules: FilterRule[] } {
  const name = textOf(chain["name"]);
  const policy = chain["policy"] === "drop" ? "drop" : "accept";
  if (typeof chain["hook"] !== "string") return { name, policy, rules: [] };
  const type = chain["type"] === "nat" ? "nat" : "filter";
  return { name, policy, rules: [], hook: { type, at: chain["hook"], priority: Number(chain["prio"]) || 0 } };
}

/** Named sets by table and name; undefined where elements come and go or are not plain. */
function collectSets(items: readonly Readonly<Record<string, Json>>[]): Sets {
  const sets = new Map<string, readonly Json[] | undefined>();
  for (const item of items) {
    for (const kind of ["set", "map"]) {
      const set = item[kind];
      if (!isRecord(set)) continue;
      const dynamic = JSON.stringify(set["flags"] ?? "").includes("dynamic");
      const elements = Array.isArray(set["elem"]) ? set["elem"] : [];
      sets.set(`${tableKey(set)} ${textOf(set["name"])}`, dynamic ? undefined : elements);
    }
  }
  return sets;
}

function rulesOf(rule: Readonly<Record<string, Json>>, sets: Sets): FilterRule[] {
  const table = tableKey(rule);
  const statements = Array.isArray(rule["expr"]) ? rule["expr"].filter(isRecord) : [];
  const text = `nft ${table} ${textOf(rule["chain"])} handle ${String(rule["handle"])}: ${JSON.stringify(statements)}`;
  const tests: Test[] = [];
  const changes = changesBy(statements);
  for (const statement of statements) {
    const [name = "", body] = Object.entries(statement)[0] ?? [];
    if (name === "vmap" && isRecord(body)) return expandMap(body, { tests, text, table, sets });
    const verdict = verdictOf(name, body);
    if (verdict !== undefined) return [{ tests: [...tests, ...impliedBy(name, body)], verdict, text, ...changes }];
    if (name === "match" && isRecord(body)) tests.push(...matchTests(body, table, sets));
    else if (name === "xt") tests.push({ on: "opaque", text: JSON.stringify(body) });
    else if (/^(limit|quota|ct count|meter)$/.test(name)) tests.push({ on: "some" });
  }
  return [{ tests, verdict: { kind: "next" }, text, ...changes }];
}

/** A verdict map is one rule per element. */
function expandMap(
  body: Readonly<Record<string, Json>>,
  rule: { tests: readonly Test[]; text: string; table: string; sets: Sets },
): FilterRule[] {
  const key = body["key"];
  const data = body["data"];
  const elements = isRecord(data) ? data["set"] : rule.sets.get(`${rule.table} ${textOf(data).replace(/^@/, "")}`);
  const opaque: FilterRule = {
    tests: [...rule.tests, { on: "opaque", text: "map" }],
    verdict: { kind: "opaque" },
    text: rule.text,
  };
  if (!isRecord(key) || !Array.isArray(elements)) return [opaque];
  return elements.map((element) => {
    if (!Array.isArray(element)) return opaque;
    const [value, verdict] = element;
    const [name = "", target] = isRecord(verdict) ? (Object.entries(verdict)[0] ?? []) : [];
    const tests = value === "*" ? [] : matchTests({ op: "==", left: key, right: value ?? null }, rule.table, rule.sets);
    return { tests: [...rule.tests, ...tests], verdict: verdictOf(name, target) ?? { kind: "next" }, text: rule.text };
  });
}

function matchTests(match: Readonly<Record<string, Json>>, table: string, sets: Sets): Test[] {
  const opaque: Test = { on: "opaque", text: JSON.stringify(match) };
  const operator = textOf(match["op"]);
  const left = match["left"];
  if (!isRecord(left)) return [opaque];
  const right = valuesOf(match["right"] ?? null, operator, table, sets);
  if (right === undefined) return [opaque];
  const negated = operator === "!=";
  const [kind = "", body] = Object.entries(left)[0] ?? [];
  if (!isRecord(body)) return [opaque];
  if (kind === "meta") return metaTests(textOf(body["key"]), right, negated) ?? [opaque];
  if (kind === "payload")
    return payloadTests(textOf(body["protocol"]), textOf(body["field"]), { right, negated }) ?? [opaque];
  if (kind === "ct") return connectionTests(textOf(body["key"]), right, negated) ?? [opaque];
  if (kind === "fib" && textOf(body["result"]) === "type" && /daddr/.test(JSON.stringify(body["flags"] ?? "")))
    return [{ on: "destinationType", names: right.map((value) => textOf(value).toLowerCase()), negated }];
  return [opaque];
}

/** The right side as a list of plain values; undefined when it is anything else. */
function valuesOf(right: Json, operator: string, table: string, sets: Sets): readonly Json[] | undefined {
  if (!["==", "!=", "in"].includes(operator)) return undefined;
  if (typeof right === "string" && right.startsWith("@")) {
    const elements = sets.get(`${table} ${right.slice(1)}`);
    return elements?.map(unwrap);
  }
  if (isRecord(right) && Array.isArray(right["set"])) return right["set"].map(unwrap);
  return Array.isArray(right) ? right : [right];
}

function unwrap(element: Json): Json {
  const inner = isRecord(element) ? element["elem"] : undefined;
  return isRecord(inner) ? (inner["val"] ?? null) : element;
}

function metaTests(key: string, right: readonly Json[], negated: boolean): Test[] | undefined {
  const names = right.map(textOf);
  switch (key) {
    case "iif":
    case "iifname":
      return [{ on: "inInterface", names: names.map((name) => name.replace(/\*$/, "+")), negated }];
    case "oif":
    case "oifname":
      return [{ on: "outInterface", names: names.map((name) => name.replace(/\*$/, "+")), negated }];
    case "l4proto":
    case "protocol":
      return key === "protocol" ? undefined : [{ on: "protocol", names, negated }];
    case "nfproto": {
      const family = names.length === 1 && !negated ? names[0] : undefined;
      return family === "ipv4" || family === "ipv6" ? [{ on: "family", family }] : undefined;
    }
    case "pkttype":
      return names.every((name) => name === "multicast" || name === "broadcast") && !negated
        ? [{ on: "never" }]
        : undefined;
    default:
      return undefined;
  }
}

function payloadTests(protocol: string, field: string, side: Side): Test[] | undefined {
  if (protocol === "icmp" || protocol === "icmpv6") return [{ on: "never" }];
  if (protocol === "ip" || protocol === "ip6") return networkTests(protocol === "ip" ? "ipv4" : "ipv6", field, side);
  if (!["tcp", "udp", "th"].includes(protocol)) return undefined;
  const scope: Test[] = protocol === "th" ? [] : [{ on: "protocol", names: [protocol], negated: false }];
  if (field === "sport") return [...scope, { on: "some" }];
  const ports = field === "dport" ? portTest("port", side) : undefined;
  return ports === undefined ? undefined : [...scope, ports];
}

interface Side {
  readonly right: readonly Json[];
  readonly negated: boolean;
}

function networkTests(version: Family, field: string, { right, negated }: Side): Test[] | undefined {
  const family: Test = { on: "family", family: version };
  if (field === "protocol" || field === "nexthdr")
    return [family, { on: "protocol", names: right.map(textOf), negated }];
  const ranges = field === "saddr" || field === "daddr" ? addressSets(right) : undefined;
  return ranges === undefined
    ? undefined
    : [family, { on: field === "saddr" ? "source" : "destination", ranges, negated }];
}

function portTest(on: "port" | "originalPort", { right, negated }: Side): Test | undefined {
  const sets = right.map(portSet);
  return sets.includes(undefined) ? undefined : { on, ports: union(sets.flatMap((set) => set ?? [])), negated };
}

function connectionTests(key: string, right: readonly Json[], negated: boolean): Test[] | undefined {
  if (key === "state") return [{ on: "state", names: right.map(textOf), negated }];
  if (key === "status" && right.every((value) => value === "dnat")) return [{ on: "state", names: ["dnat"], negated }];
  const ports = key === "proto-dst" ? portTest("originalPort", { right, negated }) : undefined;
  return ports === undefined ? undefined : [ports];
}

function addressSets(values: readonly Json[]): AddressSet[] | undefined {
  const ranges = values.map((value) => {
    if (typeof value === "string") return parseRange(value);
    const prefix = isRecord(value) ? value["prefix"] : undefined;
    if (isRecord(prefix)) return parseRange(`${textOf(prefix["addr"])}/${String(prefix["len"])}`);
    const span = isRecord(value) ? value["range"] : undefined;
    return Array.isArray(span) ? parseRange(`${textOf(span[0] ?? "")}-${textOf(span[1] ?? "")}`) : undefined;
  });
  if (ranges.includes(undefined)) return undefined;
  const of = (family: Family): IntervalSet =>
    union(ranges.flatMap((range) => (range?.family === family ? [range.interval] : [])));
  return [
    { family: "ipv4", set: of("ipv4") },
    { family: "ipv6", set: of("ipv6") },
  ];
}
