import type { Approach, Door, Standing } from "#model/exposure.ts";
import type { VantageRole } from "#model/vantage.ts";
import type { ExposureSources } from "./exposure.ts";
import { hold, readsAny } from "./exposure-links.ts";
import { filterAt, type Heard, heardAt, isAbout, type PortId, stateAt, stateOfUdp } from "./exposure-ports.ts";
import { printable } from "./printable.ts";
import { isFields, records } from "./strip.ts";

/** One side from which the network was looked at, with its part of the facts. */
export interface Side {
  readonly role: VantageRole;
  /** The root of facts it stands under. */
  readonly root: "outside" | "allowed" | "network";
  readonly vantages: readonly string[];
  readonly scans: readonly unknown[];
  readonly list: (kind: string) => readonly unknown[];
}

/** So many ports are listed one by one. */
const mostDoors = 24;
/** The two ports that the guide speaks of are always listed. */
const usual: readonly number[] = [22, 443];

/** The ports that are open from somewhere, that something of the host listens at, or that the guide speaks of. */
export function doorsOf(
  sources: ExposureSources,
  sides: readonly Side[],
): { readonly doors: readonly Door[]; readonly moreDoors: number } {
  const all = portsOf(sources, sides).map((id) => doorOf(id, sources, sides));
  const order = (door: Door) => rank.indexOf(door.standing) * 2 + (usual.includes(door.port) ? 0 : 1);
  const shown = all
    .toSorted((a, b) => order(a) - order(b))
    .slice(0, mostDoors)
    .toSorted((a, b) => a.protocol.localeCompare(b.protocol, "en") || a.port - b.port);
  return { doors: shown, moreDoors: all.length - shown.length };
}

/** Standings, worst first. */
const rank: readonly Standing[] = ["against", "unproven", "required"];

function portsOf({ projection, bundle }: ExposureSources, sides: readonly Side[]): readonly PortId[] {
  const host = isFields(projection.facts.host) ? projection.facts.host : {};
  const ports: [string, unknown][] = [
    ...usual.map((port): [string, unknown] => ["tcp", port]),
    ...sides.flatMap(({ scans }) =>
      records(scans).flatMap((scan) => records(scan["open"]).map(({ port }): [string, unknown] => ["tcp", port])),
    ),
    ...sides.flatMap(({ list }) =>
      records(list("udp")).flatMap((scan) =>
        records(scan["ports"])
          .filter(({ answered }) => answered === true)
          .map(({ port }): [string, unknown] => ["udp", port]),
      ),
    ),
    ...records(host["listeners"])
      .filter(({ scope }) => scope !== "loopback")
      .map(({ protocol, port }): [string, unknown] => [String(protocol), port]),
    ...records(host["containers"]).flatMap(({ ports }) =>
      records(ports).map(({ protocol, hostPort }): [string, unknown] => [String(protocol), hostPort]),
    ),
    ...(bundle.policy.openPorts ?? []).map(({ protocol, port }): [string, unknown] => [protocol, port]),
  ];
  const known = new Map<string, PortId>();
  for (const [protocol, port] of ports) {
    if ((protocol !== "tcp" && protocol !== "udp") || !isPort(port)) continue;
    known.set(`${protocol} ${port}`, { protocol, port });
  }
  return [...known.values()];
}

function isPort(port: unknown): port is number {
  return typeof port === "number" && Number.isInteger(port) && port >= 1 && port <= 65535;
}

function doorOf(id: PortId, sources: ExposureSources, sides: readonly Side[]): Door {
  const heard = heardAt(id, sources.projection.facts);
  const filter = filterAt(id, sources.projection.facts);
  const approaches = sides.map((side) => approachOf(id, side, { sources, heard, filter }));
  const inside = hold(sources.found, {
    names: (element) => element["vantage"] === undefined && isAbout(id, element),
    speaks: () => false,
    proven: false,
  });
  const speaks = speaksAt(id, sides);
  return {
    ...id,
    speaks,
    listener: heard.listener,
    ...(heard.holder === undefined ? {} : { holder: printable(heard.holder) }),
    filter,
    leads: heard.leads || speaks.includes("openclaw"),
    standing: worstOf([
      inside.standing === "against" ? "against" : "required",
      ...approaches.map((each) => each.standing),
    ]),
    approaches,
    findings: inside.standing === "against" ? inside.findings : [],
  };
}

function worstOf(standings: readonly Standing[]): Standing {
  return rank.find((each) => standings.includes(each)) ?? "unproven";
}

interface HostView {
  readonly sources: ExposureSources;
  readonly heard: Heard;
  readonly filter: Door["filter"];
}

function approachOf(id: PortId, side: Side, { sources, heard, filter }: HostView): Approach {
  const state = id.protocol === "tcp" ? stateAt(id.port, side.scans) : stateOfUdp(id.port, side.list("udp"));
  const wanted = side.role === "allowed" && id.protocol === "tcp" && id.port === adminPort(sources.bundle.target);
  const read = wanted && state !== "open" ? ["allowed.http"] : readsAt(id, side);
  const held = hold(sources.found, {
    names: (element, each) =>
      (element["vantage"] === side.role && isAbout(id, element)) ||
      (wanted && state === "closed" && Object.keys(element).length === 0 && readsAny(each, read)),
    speaks: (each) => readsAny(each, read),
    proven: state === "open",
  });
  const shut = state === "closed" && !wanted && held.standing !== "against";
  const conflict = state === "open" ? conflictOf(side, heard, filter) : undefined;
  return {
    role: side.role,
    state,
    standing: shut ? "required" : held.standing,
    ...(conflict === undefined ? {} : { conflict }),
    findings: shut ? [] : held.findings,
  };
}

/** Paths of the facts that a rule on a port reads: of SSH and HTTP only where the port is theirs. */
function readsAt(id: PortId, side: Side): readonly string[] {
  const roots = side.root === "network" ? ["network"] : [side.root, "network"];
  if (id.protocol === "udp") return roots.map((root) => `${root}.udp`);
  const speaks = speaksFrom(id, side);
  const kinds = ["tcp"];
  if (id.port === 443 || speaks.some((each) => each !== "ssh")) kinds.push("http");
  if (id.port === 22 || speaks.includes("ssh")) kinds.push("ssh");
  return roots.flatMap((root) => kinds.map((kind) => `${root}.${kind}`));
}

function adminPort({ adminUrl }: ExposureSources["bundle"]["target"]): number {
  if (adminUrl === undefined || !URL.canParse(adminUrl)) return 443;
  const { port, protocol } = new URL(adminUrl);
  if (port !== "") return Number(port);
  return protocol === "http:" ? 80 : 443;
}

function conflictOf(side: Side, { listener }: Heard, filter: Door["filter"]): Approach["conflict"] {
  if (listener === "none") return "unheard";
  return side.role === "outside" && (filter === "nobody" || filter === "some") ? "filtered" : undefined;
}

function speaksAt(id: PortId, sides: readonly Side[]): Door["speaks"] {
  const all = new Set(sides.flatMap((side) => speaksFrom(id, side)));
  return (["ssh", "tls", "http", "openclaw"] as const).filter((each) => all.has(each));
}

function speaksFrom({ protocol, port }: PortId, side: Side): Door["speaks"] {
  if (protocol !== "tcp") return [];
  const at = (kind: string) => records(side.list(kind)).filter((server) => server["port"] === port);
  const http = at("http");
  return [
    ...(at("ssh").length > 0 ? (["ssh"] as const) : []),
    ...(at("tls").length > 0 ? (["tls"] as const) : []),
    ...(http.length > 0 ? (["http"] as const) : []),
    ...(http.some(({ openclaw }) => openclaw === true) ? (["openclaw"] as const) : []),
  ];
}
