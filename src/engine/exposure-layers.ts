import type { Layer } from "#model/exposure.ts";
import type { ExposureSources } from "./exposure.ts";
import { hold, isUndecided, readsAny } from "./exposure-links.ts";
import { printable } from "./printable.ts";
import { isFields, isOpen, records } from "./strip.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Section of the guide whose rules speak of who gets in and out. */
const section = "network";

/** Firewall, web server and OpenClaw, as the host says and as the rules on network and access found them. */
export function layersOf({ projection, found }: ExposureSources): readonly Layer[] {
  const facts = isFields(projection.facts.host) ? projection.facts.host : {};
  const own = found.filter(({ finding }) => finding.section === section);
  const layer = (id: Layer["id"], paths: readonly string[], seen: Omit<Layer, "id" | "standing" | "findings">) => {
    const failing = own.filter((each) => each.finding.outcome === "fail" && readsAny(each, paths));
    if (failing.length > 0) {
      return { id, ...seen, standing: "against" as const, findings: failing.map(({ finding }) => finding.rule) };
    }
    const held = hold(own, {
      names: () => false,
      speaks: (each) => readsAny(each, paths) && (isUndecided(each.finding.outcome) || each.finding.outcome === "pass"),
      proven: seen.state !== "unknown",
    });
    return { id, ...seen, ...held };
  };
  return [
    layer("firewall", ["host.firewall"], firewallOf(facts["firewall"])),
    layer("nginx", ["host.nginx"], presence(facts["nginx"])),
    layer("openclaw", ["host.openclaw", "host.containers"], openclawOf(facts)),
  ];
}

function presence(value: unknown): Pick<Layer, "state"> {
  if (!isFields(value)) return { state: "unknown" };
  return { state: value["present"] === false ? "off" : "on" };
}

function firewallOf(firewall: unknown): Pick<Layer, "state" | "name"> {
  const { state } = presence(firewall);
  if (!isFields(firewall) || state !== "on") return { state };
  const { active, manager } = firewall;
  const name = typeof manager === "string" && manager !== "none" ? { name: manager } : {};
  if (typeof active !== "boolean") return { state: "unknown", ...name };
  return { state: active ? "on" : "off", ...name };
}

function openclawOf({ openclaw, containers }: Fields): Pick<Layer, "state" | "name" | "container"> {
  const container = records(containers).find((one) => one["openclaw"] === true);
  if (container !== undefined) {
    const { name } = container;
    return { state: "on", container: true, ...(typeof name === "string" ? { name: printable(name) } : {}) };
  }
  const { state } = presence(openclaw);
  return state === "off" && isOpen(containers) ? { state: "unknown" } : { state };
}
