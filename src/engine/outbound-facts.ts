import { isFields, records } from "./strip.ts";
import { type GapsFound, note, type Why } from "./why.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Lists of what must not be reached. */
const forbidden = ["canaries", "ai", "resolvers"] as const;

/**
 * Connections that were tried outward, where "not reached" stands only beside a positive control: something that is needed took a connection
 * from the same place over the same family in the same run. A dead line reaches nothing either. A family that a place has no route for
 * at all needs none.
 */
export function controlled(outbound: unknown, path: string, gaps: GapsFound): unknown {
  if (!isFields(outbound)) return outbound;
  const controls = records(outbound["needed"]).filter(isControl);
  const lists = forbidden.flatMap((name) => {
    const list = outbound[name];
    if (!Array.isArray(list)) return [];
    return [[name, list.map((one) => held(one, controls, { path: `${path}.${name}[].reached`, gaps }))] as const];
  });
  return { ...outbound, ...Object.fromEntries(lists) };
}

/** What was cut or answered by another shows no line that carries. */
function isControl({ connected, cause }: Fields): boolean {
  return connected === true && cause !== "untrusted" && cause !== "tls";
}

/** Through a proxy, whatever it took from there; else what came over the same family. */
function speaksFor(control: Fields, one: Fields): boolean {
  if (typeof one["from"] !== "string" || control["from"] !== one["from"]) return false;
  if (one["way"] === "proxy") return control["way"] === "proxy";
  return typeof one["family"] === "string" && control["family"] === one["family"];
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
