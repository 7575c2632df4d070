import type { Outbound } from "#evidence/outbound.ts";
import { type Attempt, failed, notAttempted, observed } from "#model/attempt.ts";
import { silentServers } from "#model/outbound.ts";
import { isUnknown, seen, type Unknown, unknown } from "#model/unknown.ts";
import { failureOf, frameOf, type HostOutput, isComplete, lines, missing } from "./frames.ts";
import { connectionsTo, type Found, type Wanted } from "./outbound-connections.ts";
import { type Filter, readFilter, untold as unsaid } from "./outbound-filter.ts";
import { type Family, familyOf } from "./outbound-lines.ts";
import { causeOf, inWords, type Place, readPlaces } from "./outbound-places.ts";
import { readProxy, type ToldProxy } from "./outbound-proxy.ts";

type Resolver = Exclude<Outbound["resolvers"][number], Unknown>;

/** What was tried outward, as the policy asked. */
export function parseOutbound(output: HostOutput): Attempt<Outbound> {
  const asked = frameOf(output, "outbound.asked");
  if (asked === undefined) {
    return isComplete(output)
      ? notAttempted("the policy has no outbound:, so no connection was tried")
      : missing(output, "the list of destinations");
  }
  const failure = failureOf(output, asked, "the list of destinations");
  if (failure !== undefined) return failure;
  const { places, contained, missed } = readPlaces(output);
  if (places.length === 0) return failed("unsupported", missed[0] ?? "nothing was tried");
  const proxy = readProxy(output);
  const names = readNames(output);
  const filter = readFilter(output);
  const open = missed.map((why) => unknown(why));
  const list = (kind: string) => [
    ...wantedOf(asked.text, kind).flatMap((wanted) =>
      places.flatMap((place) => connectionsTo(wanted, { place, names, proxy, filter, needed: kind === "needed" })),
    ),
    ...open,
  ];
  const needed = list("needed");
  const doubt = proxyInDoubt(proxy, needed);
  const canaries = list("canary");
  // Where OpenClaw runs in a container, its host need not reach anything.
  const own = contained
    ? needed.filter((one) => "$unknown" in one || one.from !== "host" || one.reached === true)
    : needed;
  return observed({
    asked: lines(asked.text),
    needed: doubt === undefined ? own : own.map((one) => doubted(one, doubt)),
    canaries: [
      ...canaries,
      ...places.flatMap((place) => untriedFrom(place, canaries)),
      ...(doubt === undefined ? [] : [unknown(doubt)]),
    ],
    ai: [...list("ai"), ...(doubt === undefined ? [] : [unknown(doubt)])],
    resolvers: [...places.flatMap((place) => resolversFrom(place, { output, asked: asked.text, filter })), ...open],
  });
}

/** Where something that is needed is reached without a proxy, none that cannot be seen is in use. One that is named is, whatever is reached. */
function proxyInDoubt({ untried, hidden }: ToldProxy, needed: Outbound["needed"]): string | undefined {
  return untried ?? (seen(needed).some(({ reached }) => reached === true) ? undefined : hidden);
}

function doubted(one: Outbound["needed"][number], why: string): Outbound["needed"][number] {
  return "$unknown" in one || one.reached !== false ? one : { ...one, reached: unknown(why), cause: unknown(why) };
}

/** Over a family that a place has, something has to be tried. */
function untriedFrom(place: Place, canaries: Outbound["canaries"]): readonly Unknown[] {
  const tried = seen(canaries).filter(({ network, reached }) => network === place.network && !isUnknown(reached));
  return (["ipv4", "ipv6"] as const)
    .filter((family) => !place.probe.unrouted.has(family) && !tried.some((one) => one.family === family))
    .map((family) => family.replace("ip", "IP"))
    .map((family) =>
      unknown(
        place.from === "host"
          ? `from the host nothing could be tried over ${family}`
          : `from the container nothing could be tried over ${family}`,
      ),
    );
}

function wantedOf(text: string, kind: string): readonly Wanted[] {
  return lines(text).flatMap((line) => {
    const match = /^(\w+) ([A-Za-z0-9.:-]{1,255}) (\d{1,5})$/.exec(line);
    return match === null || match[1] !== kind ? [] : [{ host: match[2] ?? "", port: Number(match[3]) }];
  });
}

/** What the host found for each name and family. */
function readNames(output: HostOutput): ReadonlyMap<string, Found> {
  const frame = frameOf(output, "outbound.names");
  const rows = [...(frame?.text ?? "").matchAll(/^name (\S{1,255}) (ipv4|ipv6) (\d{1,3}) ?(\S*)$/gm)];
  return new Map(
    rows.map(([, name = "", family = "", code = "", address = ""]) => [
      `${name} ${family}`,
      foundBy(code, familyOf(address) === family ? address : undefined),
    ]),
  );
}

/** By getent(1): 0 also where all it found was of the other family, 2 for nothing. */
function foundBy(code: string, address: string | undefined): Found {
  if (address !== undefined) return { kind: "address", address };
  if (code === "0" || code === "2") return { kind: "none" };
  return { kind: code === "124" ? "late" : "unasked" };
}

interface ResolversAround {
  readonly output: HostOutput;
  readonly asked: string;
  readonly filter: Filter;
}

function resolversFrom(place: Place, { output, asked, filter }: ResolversAround): Outbound["resolvers"] {
  const used = [...(frameOf(output, "outbound.proxy")?.text ?? "").matchAll(/^nameserver (\S+)$/gm)].map(
    (match) => match[1] ?? "",
  );
  const own = new Set([...used, ...(place.servers ?? [])]);
  const foreign = [...asked.matchAll(/^resolver (\S+)$/gm)].map((match) => match[1] ?? "");
  return foreign
    .filter((address) => !own.has(address))
    .flatMap((address) =>
      (["udp", "tcp"] as const).map((protocol) => resolverOf(place, { address, protocol }, filter)),
    );
}

function resolverOf(
  place: Place,
  { address, protocol }: Pick<Resolver, "address" | "protocol">,
  filter: Filter,
): Resolver {
  const family: Family = familyOf(address) ?? "ipv4";
  const answer = place.probe.asked.find(
    (one) => one.server === address && one.protocol === protocol && one.name === ".",
  );
  const { from, network } = place;
  const said =
    familyOf(address) === undefined
      ? unsaid("no address of it was tried")
      : filter(place, { address, port: 53, protocol });
  const base = { from, network, family, connection: inWords(from, family), address, protocol, ...said } as const;
  if (answer?.answered === undefined) {
    const why = unknown(answer === undefined ? untold(place) : "the host has no bash and timeout(1) to ask it with");
    return { ...base, reached: why, cause: why };
  }
  if (answer.answered) {
    const reached = isIntercepted(place, family, protocol) ? unknown(intercepted) : true;
    return { ...base, reached, cause: reached === true ? "" : reached };
  }
  const cause = causeOf(answer.refusal, family, place);
  return { ...base, reached: isUnknown(cause) ? cause : false, cause };
}

const intercepted = "something on the way answers in its place, for one that does not exist is answered too";

function isIntercepted({ probe }: Place, family: Family, protocol: "tcp" | "udp"): boolean {
  return probe.asked.some(
    (one) =>
      silentServers.includes(one.server) &&
      familyOf(one.server) === family &&
      one.protocol === protocol &&
      one.answered === true,
  );
}

/** Why a place says nothing of something that was to be tried. */
function untold(place: Place): string {
  return place.probe.fault === undefined ? "it was not tried" : `it was not tried: ${place.probe.fault}`;
}
