import { type OutboundPlan, outboundPlan } from "#model/outbound.ts";
import type { Policy } from "#model/policy.ts";
import { isFields, opened, records } from "./strip.ts";
import { emptied, type GapsFound, note, type Why } from "./why.ts";

type Fields = Readonly<Record<string, unknown>>;

const lists = ["needed", "canaries", "ai", "resolvers"] as const;
type List = (typeof lists)[number];

/** What stands before the rest in a line of what was asked. */
const kindOf: Readonly<Record<List, string>> = {
  needed: "needed",
  canaries: "canary",
  ai: "ai",
  resolvers: "resolver",
};

/**
 * Connections that were tried outward, held against what the policy asks for today: what it asks and was not asked of the host is not known,
 * and what it no longer asks does not count. "Not reached" stands only beside a positive control: something that is needed took a connection
 * from the same network over the same family in the same run. A dead line reaches nothing either. A family that a place has no route for
 * at all needs none.
 */
export function controlled(outbound: unknown, policy: Policy, gaps: GapsFound): unknown {
  if (!isFields(outbound)) return outbound;
  const controls = records(outbound["needed"]).filter(isControl);
  const plan = outboundPlan(policy);
  const { needed: _n, canaries: _c, ai: _a, resolvers: _r, ...rest } = outbound;
  const found = lists.flatMap((name): readonly (readonly [string, unknown])[] => {
    const path = `host.outbound.${name}`;
    const list = plan === undefined ? outbound[name] : ofToday(name, outbound, { plan, gaps });
    if (!Array.isArray(list)) return [];
    if (list.length === 0) {
      note(gaps, path, emptied(path));
      return [];
    }
    if (name === "needed") return [[name, list]];
    return [[name, list.map((one) => held(one, controls, { path: `${path}[].reached`, gaps }))]];
  });
  return { ...rest, ...Object.fromEntries(found) };
}

/** Of a list what the policy asks for; open where it asks for more than the host was asked. */
function ofToday(name: List, outbound: Fields, { plan, gaps }: { plan: OutboundPlan; gaps: GapsFound }): unknown {
  const list = outbound[name];
  if (!Array.isArray(list)) return list;
  const planned = plan[name].map((one) => (typeof one === "string" ? one : `${one.host} ${one.port}`));
  const asked = Array.isArray(outbound["asked"]) ? outbound["asked"] : [];
  const missed = planned.filter((words) => !asked.includes(`${kindOf[name]} ${words}`));
  for (const words of missed) note(gaps, `host.outbound.${name}[]`, notAsked(words));
  const current = list.filter((one: unknown) => {
    const words = isFields(one) ? wordsOf(one) : undefined;
    return words === undefined || planned.includes(words);
  });
  return missed.length > 0 ? opened(current) : current;
}

/** Undefined for an open end, which may be anything. */
function wordsOf({ name, port, address }: Fields): string | undefined {
  if (typeof address === "string") return address;
  return typeof name === "string" ? `${name} ${String(port)}` : undefined;
}

function notAsked(words: string): Why {
  return {
    text: {
      en: `the policy asks for ${words}, which the host was not made to try`,
      ja: `方針にある${words}は、このホストで試していません`,
    },
  };
}

/** What was cut or answered by another shows no line that carries, and what stands in a network of one's own none that leads out. */
function isControl({ connected, cause, towards, reached, way }: Fields): boolean {
  if (way === "proxy") return connected === true && reached === true;
  return connected === true && towards === "internet" && cause !== "untrusted" && cause !== "tls";
}

/**
 * Through a proxy, whatever it took from there. Else what came over the same family: directly, or through a proxy on another machine, whose line
 * is the server's own where nothing goes out directly. What leaves a container leaves by its host.
 */
function speaksFor(control: Fields, one: Fields): boolean {
  const near = control["network"] === one["network"] || (one["from"] === "host" && control["from"] === "container");
  if (typeof one["network"] !== "number" || !near) return false;
  if (one["way"] === "proxy") return control["way"] === "proxy";
  if (typeof one["family"] !== "string" || control["family"] !== one["family"]) return false;
  return control["way"] === "direct" || control["towards"] === "internet" || control["towards"] === "network";
}

function held(one: unknown, controls: readonly Fields[], { path, gaps }: { path: string; gaps: GapsFound }): unknown {
  if (!isFields(one) || one["reached"] !== false || one["cause"] === "no-family") return one;
  if (controls.some((control) => speaksFor(control, one))) return one;
  note(gaps, path, uncontrolled(one));
  const { reached: _silent, ...rest } = one;
  return rest;
}

function uncontrolled({ from, family }: Fields): Why {
  const way = typeof family === "string" ? family.replace("ip", "IP") : "";
  const inside = from === "container";
  return {
    text: {
      en: `nothing that is needed was reached from the ${inside ? "container" : "host"} either${way === "" ? "" : ` over ${way}`}, so silence shows no block`,
      ja: `${inside ? "コンテナ" : "ホスト"}から必要な通信先にも${way === "" ? "" : `${way}で`}接続できなかったため、応答がないことは遮断の証拠になりません`,
    },
  };
}
