import type { IntervalSet } from "./intervals.ts";
import { isRecord, type Json } from "./json.ts";
import { everyPort, type FilterRule, parsePorts, type Test, type Verdict } from "./ruleset.ts";

/** What of a packet the statements of a rule change. */
export function changesBy(statements: readonly Readonly<Record<string, Json>>[]): Pick<FilterRule, "changes"> {
  if (statements.some((statement) => "notrack" in statement)) return { changes: "state" };
  const marks = statements.some((statement) => JSON.stringify(statement["mangle"] ?? "").includes('"meta"'));
  return marks ? { changes: "mark" } : {};
}

/** What nft(8) leaves out of a rule because the kind of rejection says it already. */
export function impliedBy(name: string, body: Json | undefined): readonly Test[] {
  const type = name === "reject" && isRecord(body) ? body["type"] : undefined;
  if (type === "icmp") return [{ on: "family", family: "ipv4" }];
  if (type === "icmpv6") return [{ on: "family", family: "ipv6" }];
  return type === "tcp reset" ? [{ on: "protocol", names: ["tcp"], negated: false }] : [];
}

/** What a statement does with a packet; undefined where it does nothing that ends or turns its way. */
export function verdictOf(name: string, body: Json | undefined): Verdict | undefined {
  switch (name) {
    case "accept":
    case "drop":
    case "reject":
    case "return":
      return { kind: name };
    case "jump":
    case "goto":
      return { kind: name, chain: isRecord(body) ? textOf(body["target"]) : "" };
    case "queue":
    case "tproxy":
    case "synproxy":
      return { kind: "opaque" };
    case "dnat":
    case "redirect":
      return translationOf(name, isRecord(body) ? body : {});
    default:
      return undefined;
  }
}

function translationOf(name: string, body: Readonly<Record<string, Json>>): Verdict {
  const address = body["addr"];
  const port = body["port"];
  const ports = port === undefined ? null : portSet(port);
  const plain = address === undefined ? name === "redirect" || port !== undefined : typeof address === "string";
  if (ports === undefined || !plain) return { kind: "opaque" };
  return { kind: "translate", address: typeof address === "string" ? address : null, ports };
}

/** A port, or a range of them. */
export function portSet(value: Json): IntervalSet | undefined {
  if (typeof value === "number") return parsePorts(String(value));
  const span = isRecord(value) ? value["range"] : undefined;
  if (Array.isArray(span)) return parsePorts(`${String(span[0])}-${String(span[1])}`);
  return value === "*" ? everyPort : undefined;
}

/** A value as text; empty where there is none. */
export function textOf(value: Json | undefined): string {
  return typeof value === "string" ? value : String(value ?? "");
}
