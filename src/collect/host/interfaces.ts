import { type Family, parseAddress, parseRange } from "./address-range.ts";
import { faultOf, frameOf, type HostOutput, lines } from "./frames.ts";
import { type Interval, type IntervalSet, union } from "./intervals.ts";

/** An address of an interface, as ip-address(8) lists it. */
export interface InterfaceAddress {
  readonly interface: string;
  readonly address: string;
  readonly family: Family;
  /** The network it is in. */
  readonly network: Interval;
  readonly cidr: string;
}

/** Interfaces of the host with their addresses; undefined where they could not be listed completely. */
export interface Interfaces {
  readonly addresses: readonly InterfaceAddress[];
  /** Kind of link by interface, such as wireguard or tun, and whether it is up. */
  readonly links: ReadonlyMap<string, { readonly kind: string; readonly up: boolean }> | undefined;
  /** Networks routed into an interface. */
  routes(name: string, family: Family): IntervalSet;
}

/** Reads `ip -o addr`, `ip -d -o link` and `ip route`; undefined when the addresses could not be read to their end. */
export function readInterfaces(output: HostOutput): Interfaces | undefined {
  const frame = frameOf(output, "addresses");
  if (frame === undefined || faultOf(frame) !== undefined || frame.state !== "ok") return undefined;
  const addresses = parseAddresses(frame.text);
  if (addresses.includes(undefined) || addresses.length === 0) return undefined;
  const known = addresses.filter((entry) => entry !== undefined);
  const routes = readRoutes(output);
  return {
    addresses: known,
    links: readLinks(output),
    routes: (name, family) => routes.get(`${name} ${family}`) ?? [],
  };
}

/** One entry per line of `ip -o addr show`; undefined for a line that is not understood. */
export function parseAddresses(text: string): (InterfaceAddress | undefined)[] {
  return lines(text).map((line) => {
    const match = /^\d+: (\S+)\s+inet6? ([0-9a-fA-F.:]+)(?: peer ([0-9a-fA-F.:]+))?(?:\/(\d{1,3}))?\s/.exec(`${line} `);
    const address = match?.[2] === undefined ? undefined : parseAddress(match[2]);
    if (match === null || address === undefined) return undefined;
    const length = match[4] ?? (address.family === "ipv4" ? "32" : "128");
    const range = parseRange(`${match[3] ?? match[2] ?? ""}/${length}`);
    if (range === undefined) return undefined;
    const name = (match[1] ?? "").replace(/@.*$/, "");
    return {
      interface: name,
      address: match[2] ?? "",
      family: address.family,
      network: range.interval,
      cidr: `${match[3] ?? match[2] ?? ""}/${length}`,
    };
  });
}

/** An interface that containers or virtual machines of this host stand behind. */
export function isBridge(name: string): boolean {
  return /^(docker\d|docker_gwbridge$|br-[0-9a-f]{12}$|veth|virbr|cni|podman\d|lxcbr|lxdbr|incusbr)/.test(name);
}

/** An interface whose packets come through a VPN, by its kind of link or its name. */
export function isVpn(name: string, links: Interfaces["links"]): boolean {
  const kind = links?.get(name)?.kind;
  return kind === "wireguard" || isTunnel(kind) || /^(wg|tun|tailscale)/.test(name);
}

/** A link of a daemon's, or one that the kernel serves in its stead (OpenVPN's data channel offload). */
export function isTunnel(kind: string | undefined): boolean {
  return kind === "tun" || kind === "ovpn" || kind === "ovpn-dco";
}

function readLinks(output: HostOutput): Interfaces["links"] {
  const frame = frameOf(output, "links");
  if (frame === undefined || faultOf(frame) !== undefined || frame.state !== "ok") return undefined;
  const links = new Map<string, { kind: string; up: boolean }>();
  for (const line of lines(frame.text)) {
    const match = /^\d+: ([^:@\s]+)(?:@[^:\s]+)?: <([^>]*)>/.exec(line);
    if (match === null) continue;
    // After the link's addresses and counters comes the word for its kind.
    const kind =
      /\\\s+(wireguard|tun|bridge|veth|vlan|bond|dummy|vxlan|ipip|gre|sit|vti|xfrm|ovpn-dco|ovpn)\b/.exec(line)?.[1] ??
      "";
    const flags = (match[2] ?? "").split(",");
    // A tun that no daemon holds any more stays UP, without a carrier.
    links.set(match[1] ?? "", { kind, up: flags.includes("UP") && !flags.includes("NO-CARRIER") });
  }
  return links;
}

function readRoutes(output: HostOutput): ReadonlyMap<string, IntervalSet> {
  // Two frames: the script asks for IPv4 first.
  const frames = output.frames.filter(({ name }) => name === "routes");
  const found = frames.flatMap((frame, index) =>
    lines(frame.text).flatMap((line) => parseRoute(line, index === 0 ? "0.0.0.0/0" : "::/0")),
  );
  const keys = new Set(found.map((route) => route.key));
  return new Map(
    [...keys].map((key) => [key, union(found.filter((route) => route.key === key).map((route) => route.interval))]),
  );
}

function parseRoute(line: string, everywhere: string): { key: string; interval: Interval }[] {
  const match = /^(?:unicast )?(default|[0-9a-fA-F.:]+(?:\/\d+)?) .*?\bdev (\S+)/.exec(line);
  const range = match === null ? undefined : parseRange(match[1] === "default" ? everywhere : (match[1] ?? ""));
  return range === undefined ? [] : [{ key: `${match?.[2] ?? ""} ${range.family}`, interval: range.interval }];
}
