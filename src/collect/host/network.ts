import type { Static } from "typebox";
import type { Addresses, Listeners, Vpn } from "#evidence/host.ts";
import { type Attempt, failed, observed } from "#model/attempt.ts";
import { visible } from "#model/sanitise.ts";
import { type Maybe, unknown } from "#model/unknown.ts";
import { type Family, formatRanges, isPublic } from "./address-range.ts";
import { isWide } from "./firewall-tidy.ts";
import { failureOf, faultOf, frameOf, type HostOutput, lines, missing } from "./frames.ts";
import { type Interfaces, isTunnel, isVpn, parseAddresses, readInterfaces } from "./interfaces.ts";
import { type IntervalSet, subtract } from "./intervals.ts";
import { processNames } from "./processes.ts";
import { parseProcSocket, parseSsLine, type Socket } from "./sockets.ts";

/** Addresses of all interfaces (ip-address(8)). */
export function parseHostAddresses(output: HostOutput): Attempt<Static<typeof Addresses>> {
  const frame = frameOf(output, "addresses");
  const failure = failureOf(output, frame, "ip");
  if (failure !== undefined || frame === undefined) return failure ?? missing(output, "ip");
  const read = parseAddresses(frame.state === "truncated" ? frame.text.replace(/[^\n]*$/, "") : frame.text);
  if (read.every((entry) => entry === undefined)) return failed("malformed", "ip listed no address");
  const list: Maybe<Exclude<Static<typeof Addresses>[number], { $unknown: string }>>[] = read.map((entry) =>
    entry === undefined
      ? unknown("a line of ip was not understood")
      : {
          address: entry.address,
          family: entry.family,
          interface: visible(entry.interface, 40),
          public: isPublic(entry.address),
        },
  );
  return observed(frame.state === "truncated" ? [...list, unknown("the list was cut at the size limit")] : list);
}

/** Listening TCP and bound UDP sockets, by ss(8) or the kernel's tables. */
export function parseListeners(output: HostOutput): Attempt<Static<typeof Listeners>> {
  const frame = frameOf(output, "listeners.ss") ?? frameOf(output, "listeners.proc");
  const failure = failureOf(output, frame, "ss");
  if (failure !== undefined || frame === undefined) return failure ?? missing(output, "ss");
  const all = lines(frame.text);
  const body = frame.state === "truncated" ? all.slice(0, -1) : all;
  const sockets = body.map((line) => (frame.name === "listeners.ss" ? parseSsLine(line) : parseProcSocket(line)));
  const seen = new Set<string>();
  const list: Maybe<Exclude<Static<typeof Listeners>[number], { $unknown: string }>>[] = [];
  for (const [index, socket] of sockets.entries()) {
    if (socket === undefined) list.push(unknown(`not understood: ${visible(body[index] ?? "", 120)}`));
    else if (!seen.has(keyOf(socket))) {
      seen.add(keyOf(socket));
      list.push(toListener(socket));
    }
  }
  return observed(frame.state === "truncated" ? [...list, unknown("the list was cut at the size limit")] : list);
}

function keyOf(socket: Socket): string {
  return `${socket.protocol} ${socket.address} ${socket.port} ${socket.process ?? ""}`;
}

function toListener(socket: Socket): Exclude<Static<typeof Listeners>[number], { $unknown: string }> {
  const { protocol, address, port } = socket;
  const loopback = /^127\./.test(address) || address === "::1" || /^::ffff:127\./i.test(address);
  const all = address === "0.0.0.0" || address === "::";
  const other = all ? "all" : "one";
  return {
    protocol,
    address: visible(address, 60),
    port,
    scope: loopback ? "loopback" : other,
    process:
      socket.process === undefined
        ? unknown("only root sees which process holds it, or the kernel does")
        : visible(socket.process, 60),
  };
}

/** VPN interfaces that are up, told apart by their kind of link and the daemons that run. */
export function parseVpn(output: HostOutput): Attempt<Vpn> {
  const frame = frameOf(output, "links");
  const failure = failureOf(output, frame, "ip");
  if (failure !== undefined || frame === undefined) return failure ?? missing(output, "ip");
  const interfaces = readInterfaces(output);
  if (interfaces?.links === undefined) return failed("malformed", "the list of links or addresses could not be read");
  const processes = processNames(output);
  if (processes === undefined)
    return failed(faultOf(frame)?.reason ?? "malformed", "the list of processes could not be read");
  const up = [...interfaces.links].filter(([, link]) => link.up).map(([name, link]) => ({ name, kind: link.kind }));
  const runs = (pattern: RegExp) => [...processes].some((name) => pattern.test(name));
  const kinds: Vpn["kinds"] = [];
  const wireguard = up.some((link) => link.kind === "wireguard" || (/^wg/.test(link.name) && link.kind === "tun"));
  if (wireguard) kinds.push("wireguard");
  if (runs(/^openvpn/) && up.some((link) => isTunnel(link.kind) && !/^(tailscale|wg)/.test(link.name)))
    kinds.push("openvpn");
  if (runs(/^tailscaled/) && up.some((link) => /^tailscale/.test(link.name))) kinds.push("tailscale");
  return observed({ kinds, networks: vpnNetworks(interfaces) });
}

/** Networks of the interfaces themselves, and those that are routed into them: of a tunnel that takes all traffic the former alone. */
function vpnNetworks(interfaces: Interfaces): string[] {
  const own = interfaces.addresses.filter(
    (entry) => isVpn(entry.interface, interfaces.links) && !entry.address.toLowerCase().startsWith("fe80:"),
  );
  const routed = [...new Set(own.map((entry) => entry.interface))].flatMap((name) =>
    (["ipv4", "ipv6"] as const).flatMap((family) => {
      const behind = subtract(interfaces.routes(name, family), linkOnly[family]);
      return isWide(behind, family) ? [] : (formatRanges(behind, family, 64) ?? []);
    }),
  );
  return [...new Set([...own.map((entry) => entry.cidr), ...routed])];
}

/** Addresses of a link that are no network of the VPN: link-local ones, and multicast. */
const linkOnly: Readonly<Record<Family, IntervalSet>> = {
  ipv4: [{ first: 0xe0000000n, last: 0xffffffffn }],
  ipv6: [{ first: 0xfe80n << 112n, last: (1n << 128n) - 1n }],
};
