import { isUnknown, type Maybe, unknown } from "#model/unknown.ts";
import { dockerFault } from "./containers.ts";
import { type Frame, faultOf, frameOf, framesOf, type HostOutput, lines } from "./frames.ts";
import { gatewayContainer } from "./gateway-container.ts";
import { readPresence, readUnits } from "./openclaw-facts.ts";
import { type Family, type Probe, type Refusal, readProbe } from "./outbound-lines.ts";
import { readWays, type Ways } from "./outbound-ways.ts";
import { readProcesses } from "./processes.ts";

/** A network that connections were tried from. */
export interface Place {
  readonly from: "host" | "container";
  /** 0 for the host's, then one of each container. */
  readonly network: number;
  readonly probe: Probe;
  /** Servers for names that the container is told of; undefined for the host, which was asked by its own means. */
  readonly servers: readonly string[] | undefined;
  /** The ways that its packets take on the host. */
  readonly ways: Ways;
}

/** From where and over what, in words that do not change from run to run. */
export function inWords(from: Place["from"], over: Family | "proxy" | undefined): string {
  const names = { ipv4: " IPv4", ipv6: " IPv6", proxy: " proxy" } as const;
  return `${from}${over === undefined ? "" : names[over]}`;
}

/** Why a place did not reach something: by the network's own word, or unknown where that may be the fault of what tried. */
export function causeOf(refusal: Refusal | undefined, family: Family | undefined, { probe }: Place): Maybe<Cause> {
  switch (refusal) {
    case "no-network":
      return family !== undefined && probe.unrouted.has(family) ? "no-family" : "no-route";
    case "password":
      return unknown("the proxy asks for a password");
    case "other":
    case undefined:
      return unknown("the attempt failed for no reason that a network gives, so it may not have left the server");
    default:
      return refusal;
  }
}

type Cause = "no-family" | Exclude<Refusal, "no-network" | "password" | "other">;

/** The places, whether all that was seen of OpenClaw is in containers, and why there may be one more place that its traffic leaves from. */
export function readPlaces(output: HostOutput): {
  readonly places: readonly Place[];
  readonly contained: boolean;
  readonly missed: readonly string[];
} {
  const here = frameOf(output, "outbound.host");
  const host: readonly Place[] =
    here === undefined
      ? []
      : [{ from: "host", network: 0, probe: readProbe(here), servers: undefined, ways: readWays(here) }];
  const containers = withinOf(output);
  const missed = [
    ...(here === undefined ? ["nothing was tried from the host: the script ended before it"] : []),
    ...missedSpaces(output, new Set(containers.map(({ space }) => space))),
  ];
  const contained = containers.length > 0 && !hasOwn(frameOf(output, "outbound.spaces"));
  return { places: [...host, ...containers.map(({ place }) => place)], contained, missed };
}

function hasOwn(spaces: Frame | undefined): boolean {
  return spaces?.state !== "ok" || /^process \d+ (?:own|hidden)$/m.test(spaces.text);
}

/** Each frame that names a namespace is followed by what was tried from there. */
function withinOf(output: HostOutput): readonly { space: string; place: Place }[] {
  const frames = framesOf(output, "outbound");
  const found = frames.flatMap((frame, index) => {
    const next = frames[index + 1];
    const onward = frames[index + 2]?.name === "outbound.forward" ? frames[index + 2] : undefined;
    if (frame.name !== "outbound.within" || next?.name !== "outbound.container" || cannotEnter(next)) return [];
    const [space = ""] = lines(frame.text);
    const servers =
      /^servers (.*)$/m
        .exec(frame.text)?.[1]
        ?.split(" ")
        .filter((word) => word !== "") ?? [];
    return [{ space, probe: readProbe(next), servers, ways: readWays(onward) }];
  });
  return found.map(({ space, ...seen }, index) => ({
    space,
    place: { from: "container", network: index + 1, ...seen },
  }));
}

/** nsenter(1) itself failed: what the probe would have printed is not there. */
function cannotEnter(frame: Frame): boolean {
  return faultOf(frame) !== undefined && !/^(?:try|dns|route) /m.test(frame.text);
}

const wayIn = "its network can be entered by root alone";

function missedSpaces(output: HostOutput, entered: ReadonlySet<string>): readonly string[] {
  const frame = frameOf(output, "outbound.spaces");
  if (frame === undefined || frame.state !== "ok") return ["OpenClaw's own network was not looked for"];
  const spaces = [...frame.text.matchAll(/^process \d+ (\S+)$/gm)].map((match) => match[1] ?? "");
  const outside = spaces.filter((space) => space !== "own" && space !== "hidden" && !entered.has(space));
  if (outside.length > 0) return [`from the network of OpenClaw's container nothing could be tried: ${wayIn}`];
  const shared = sharesHosts(output, frame);
  const unseen = spaces.includes("hidden") || (spaces.length === 0 && readUnits(output).some(({ active }) => active));
  if (unseen && !shared) return [`from OpenClaw's own network nothing could be tried: ${wayIn}`];
  const container = gatewayContainer(output);
  const apart = container !== undefined && (isUnknown(container) || container.networkMode !== "host");
  if (entered.size > 0 || (!apart && (shared || spaces.includes("own")))) return [];
  if (!apart) return [`from OpenClaw's own network nothing could be tried: ${notSeen(output)}`];
  const why = isUnknown(container) ? container.$unknown : wayIn;
  return [`from the network of OpenClaw's container nothing could be tried: ${why}`];
}

/** Why no process of OpenClaw was seen: what is not seen may still run. */
function notSeen(output: HostOutput): string {
  if (readProcesses(output) === undefined) return "not all processes could be seen";
  const docker = dockerFault(output);
  return docker === undefined ? "no process of it was seen" : `docker could not be asked: ${docker}`;
}

/** Units of the gateway, not of what goes with it. */
const gateways = /^(?:openclaw|clawdbot|moltbot)(?:-gateway)?(?:@.*)?$/;

/** By its unit's settings, a service of the system has no network of its own. */
function sharesHosts(output: HostOutput, frame: Frame): boolean {
  const running = readPresence(output);
  const units = readUnits(output).filter(({ active, name }) => active && gateways.test(name));
  const name = running === undefined ? units[0]?.name : running.unit;
  if (name === undefined || running?.nested === true) return false;
  const unit = unitsOf(frame.text).find((settings) => settings.get("Id") === `${name}.service`);
  const apart = ["NetworkNamespacePath", "JoinsNamespaceOf"].some((name) => unit?.get(name) !== "");
  return unit?.get("PrivateNetwork") === "no" && !apart;
}

/** Settings of units as systemctl(1) shows them, in an order of its own: one that comes again is the next unit's. */
function unitsOf(text: string): readonly ReadonlyMap<string, string>[] {
  const units: Map<string, string>[] = [new Map()];
  for (const [, name = "", value = ""] of text.matchAll(/^([A-Za-z]+)=(.*)$/gm)) {
    if (units.at(-1)?.has(name)) units.push(new Map());
    units.at(-1)?.set(name, value);
  }
  return units;
}
