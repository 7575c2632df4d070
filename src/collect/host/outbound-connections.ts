import type { Outbound } from "#evidence/outbound.ts";
import { isUnknown, type Maybe, type Unknown, unknown } from "#model/unknown.ts";
import { towards } from "./outbound-addresses.ts";
import { type Filter, untold } from "./outbound-filter.ts";
import { type Family, familyOf, type Tried } from "./outbound-lines.ts";
import { causeOf, inWords, type Place } from "./outbound-places.ts";
import type { ToldProxy } from "./outbound-proxy.ts";

type Connection = Exclude<Outbound["needed"][number], Unknown>;

/** A destination that was to be tried. */
export interface Wanted {
  readonly host: string;
  readonly port: number;
}

/** What the host found for a name in one family. late: no answer in time; unasked: it could not ask. */
export type Found =
  | { readonly kind: "address"; readonly address: string }
  | { readonly kind: "none" | "late" | "unasked" };

interface Around {
  readonly place: Place;
  /** By name and family. */
  readonly names: ReadonlyMap<string, Found>;
  readonly proxy: ToldProxy;
  readonly filter: Filter;
  readonly needed: boolean;
}

/** What came of one destination from one place: by each family, and through the proxy where there is one. */
export function connectionsTo(wanted: Wanted, around: Around): readonly Connection[] {
  const direct = directTo(wanted, around);
  const proxied = proxiedTo(wanted, around);
  if (proxied === undefined) return direct;
  if (!around.needed) return [...direct, proxied];
  // One way that works is enough for what is needed.
  const works = direct.filter(({ reached }) => reached === true);
  return proxied.reached === true || works.length === 0 ? [proxied, ...works] : works;
}

function directTo(wanted: Wanted, around: Around): readonly Connection[] {
  const { place, needed } = around;
  const found = (["ipv4", "ipv6"] as const).flatMap((family) => familyTo(wanted, family, around));
  if (found.length === 0) {
    const family = unknown("no address was found for the name");
    const nowhere = { ...baseOf(wanted, place, family), ...unasked, towards: family, connected: false } as const;
    // Of a canary nothing was tried then: whoever knows its address may reach it.
    const reached = needed ? false : unknown("no address was found for the name, so it was not tried");
    return [{ ...nowhere, reached, cause: "dns" }];
  }
  // Over a family that the place does not have nothing is needed, as long as there is another.
  const routed = found.filter(({ cause }) => cause !== "no-family");
  return needed && routed.length > 0 ? routed : found;
}

function baseOf({ host, port }: Wanted, { from, network }: Place, family: Maybe<Family>) {
  const connection = inWords(from, isUnknown(family) ? undefined : family);
  return { from, network, family, connection, name: host, port, way: "direct" } as const;
}

function familyTo(wanted: Wanted, family: Family, around: Around): readonly Connection[] {
  const { place, names, needed } = around;
  const own = familyOf(wanted.host);
  if (own !== undefined && own !== family) return [];
  const base = { ...baseOf(wanted, place, family), ...unasked, towards: unknown(untried) } as const;
  const found =
    own === undefined ? names.get(`${wanted.host} ${family}`) : ({ kind: "address", address: wanted.host } as const);
  switch (found?.kind) {
    case "none":
      return [];
    case "late":
      // For work that needs it that is as good as none; of a canary it tells nothing.
      return needed ? [] : [{ ...base, ...notTried("its name was not found in time, so it was not tried") }];
    case "address": {
      const tried = directly(place, wanted, found.address);
      const result = resultOf(tried, { ...around, wanted, family });
      const where = towards(found.address);
      const astray = !needed && own === undefined && where !== "internet" && tried?.handshake !== "verified";
      const to = { address: found.address, port: wanted.port, protocol: "tcp" } as const;
      const said = around.filter(place, to);
      return [
        { ...base, ...said, towards: where, ...(astray ? notTried(`${sinkhole}, so it was not tried`) : result) },
      ];
    }
    case "unasked":
    case undefined:
      return [{ ...base, ...notTried("its name could not be looked up, so it was not tried") }];
  }
}

const untried = "no address of it was tried";
const unasked = untold(untried);

function directly(place: Place, { host, port }: Wanted, address: string): Tried | undefined {
  return place.probe.tried.find(
    (one) => one.way === "direct" && one.name === host && one.port === port && one.to === address,
  );
}

const sinkhole = "the server finds an address for its name that is none of the internet";

function notTried(text: string): Result {
  const why = unknown(text);
  return { connected: why, reached: why, cause: why };
}

function proxiedTo(wanted: Wanted, around: Around): Connection | undefined {
  const { place, proxy } = around;
  if (proxy.url === undefined) return undefined;
  const tried = place.probe.tried.find(
    (one) => one.way === "proxy" && one.name === wanted.host && one.port === wanted.port && one.to === proxy.url,
  );
  const host = proxy.url.replace(/^http:\/\/|:\d+$/g, "");
  const byName = unknown("the proxy is known by name");
  const family = familyOf(host);
  const base = {
    ...baseOf(wanted, place, family ?? byName),
    way: "proxy",
    connection: inWords(place.from, "proxy"),
    ...untold("the connection goes to a proxy"),
    towards: family === undefined ? byName : towards(host),
  } as const;
  return { ...base, ...resultOf(tried, { ...around, wanted, family: undefined }) };
}

type Result = Pick<Connection, "connected" | "reached" | "cause">;

interface Asked extends Around {
  readonly wanted: Wanted;
  readonly family: Family | undefined;
}

function resultOf(tried: Tried | undefined, asked: Asked): Result {
  const { place, family } = asked;
  if (tried === undefined) {
    const { fault } = place.probe;
    return notTried(fault === undefined ? "it was not tried" : `it was not tried: ${fault}`);
  }
  if (tried.tool === "none") return notTried("the host has no program to try it with");
  if (!tried.connected) {
    const cause = causeOf(tried.refusal, family, place);
    return isUnknown(cause) ? { connected: cause, reached: cause, cause } : { connected: false, reached: false, cause };
  }
  return asked.needed ? neededResult(tried, asked) : canaryResult(tried);
}

/** The server has to show who it is, and its name has to be found from there. */
function neededResult(tried: Tried, asked: Asked): Result {
  if (tried.port === 443) {
    if (tried.handshake === undefined) {
      const why = unknown("the connection stands; the handshake could not be tried, for the host has no openssl");
      return { connected: true, reached: why, cause: why };
    }
    if (tried.handshake !== "verified") {
      const cause = tried.handshake === "untrusted" ? "untrusted" : "tls";
      return { connected: true, reached: false, cause };
    }
  }
  const named = tried.way === "proxy" ? true : foundWithin(asked);
  if (named === true) return { connected: true, reached: true, cause: "" };
  return { connected: true, reached: named, cause: named === false ? "dns" : named };
}

/** Whether the container's own servers find the name. */
function foundWithin({ place, wanted }: Asked): Maybe<boolean> {
  if (place.servers === undefined || familyOf(wanted.host) !== undefined) return true;
  const answers = place.probe.asked.filter(({ name, protocol }) => name === wanted.host && protocol === "udp");
  if (answers.some(({ found }) => found)) return true;
  const told = answers.filter(({ answered }) => answered !== undefined);
  if (place.servers.length > 0 && told.length > 0 && told.length === answers.length) return false;
  return unknown("whether the container finds the name could not be asked");
}

/** Who takes the connection for it need not be it: a box on the way may, and lead nowhere. */
function canaryResult(tried: Tried): Result {
  if (tried.port !== 443 || tried.handshake === undefined || tried.handshake === "verified")
    return { connected: true, reached: true, cause: "" };
  const byAddress = familyOf(tried.name) !== undefined;
  if (tried.handshake === "untrusted" && byAddress) return { connected: true, reached: true, cause: "" };
  const why =
    tried.handshake === "untrusted"
      ? unknown("what answers shows a certificate that is not its own: something on the way answers for it")
      : unknown("something takes the connection and cuts the handshake; whether it leads further cannot be told");
  return { connected: true, reached: why, cause: tried.handshake === "untrusted" ? "untrusted" : "tls" };
}
