import type { Exit, Standing } from "#model/exposure.ts";
import type { ExposureSources } from "./exposure.ts";
import { hold, readsAny } from "./exposure-links.ts";
import { printable } from "./printable.ts";
import { isFields, records } from "./strip.ts";

type Fields = Readonly<Record<string, unknown>>;

const groups = [
  { group: "needed", list: "needed" },
  { group: "canary", list: "canaries" },
  { group: "ai", list: "ai" },
  { group: "resolver", list: "resolvers" },
] as const;

/** Where the target was made to connect to, one for each name and port over all the ways that were tried. */
export function exitsOf({ projection, found }: ExposureSources): readonly Exit[] {
  const { host } = projection.facts;
  const outbound = isFields(host) && isFields(host["outbound"]) ? host["outbound"] : {};
  return groups.flatMap(({ group, list }) => {
    const tried = Map.groupBy(records(outbound[list]), placeOf);
    return [...tried.values()].map((ways): Exit => {
      const [first = {}] = ways;
      const { port } = first;
      const state = stateOf(ways);
      const held = hold(found, {
        names: (element, each) => readsAny(each, [`host.outbound.${list}`]) && placeOf(element) === placeOf(first),
        speaks: (each) => readsAny(each, [`host.outbound.${list}`]),
        proven: state !== "unknown",
      });
      return {
        group,
        name: printable(String(first["name"] ?? first["address"] ?? "")),
        ...(typeof port === "number" ? { port } : {}),
        state,
        standing: standingOf(group, state, held.standing),
        findings: held.findings,
      };
    });
  });
}

function placeOf(one: Fields): string {
  return `${String(one["name"] ?? one["address"] ?? "")} ${String(one["port"] ?? "")}`;
}

function stateOf(ways: readonly Fields[]): Exit["state"] {
  const reached = ways.filter((way) => way["reached"] === true).length;
  const blocked = ways.filter((way) => way["reached"] === false).length;
  if (reached > 0) return reached === ways.length ? "reached" : "partly";
  return blocked === ways.length ? "blocked" : "unknown";
}

/** Each place was tried by itself: where all ways to it came out as asked, what is not known of other places says nothing of it. */
function standingOf(group: Exit["group"], state: Exit["state"], held: Standing): Standing {
  if (held === "against") return held;
  return state === (group === "needed" ? "reached" : "blocked") ? "required" : "unproven";
}
