import type { Facts } from "#expression/facts.ts";
import type { Approach, Door } from "#model/exposure.ts";
import { isFields, isOpen, records } from "./strip.ts";

type Fields = Readonly<Record<string, unknown>>;

/** A port by its protocol and number. */
export type PortId = Pick<Door, "protocol" | "port">;

/** What the host says of who listens at a port. */
export interface Heard {
  readonly listener: Door["listener"];
  readonly holder: string | undefined;
  readonly leads: boolean;
}

/** Whether an element of the facts is about a port: one that is there, or a rule of a packet filter for it alone. */
export function isAbout({ protocol, port }: PortId, element: Fields): boolean {
  const own = element["protocol"] ?? "tcp";
  if (own !== protocol && own !== "any") return false;
  if (element["firstPort"] !== undefined) return element["firstPort"] === port && element["lastPort"] === port;
  return element["hostPort"] === port || (element["hostPort"] === undefined && element["port"] === port);
}

/** A port as one side's scans saw it: closed only where every scan is whole. */
export function stateAt(port: number, scans: readonly unknown[]): Approach["state"] {
  if (records(scans).some((scan) => records(scan["open"]).some((open) => open["port"] === port))) return "open";
  if (scans.length === 0 || isOpen(scans)) return "unknown";
  return scans.every((scan) => isFields(scan) && !isOpen(scan["open"])) ? "closed" : "unknown";
}

/** A UDP port as one side saw it: neither silence nor an ICMP error shows that it is closed. */
export function stateOfUdp(port: number, scans: readonly unknown[]): Approach["state"] {
  const seen = records(scans).flatMap((scan) => records(scan["ports"]).filter((one) => one["port"] === port));
  return seen.some(({ answered }) => answered === true) ? "open" : "unknown";
}

/** Who listens at a port, and whether it leads to OpenClaw. */
export function heardAt(id: PortId, { host }: Facts): Heard {
  const facts = isFields(host) ? host : {};
  const listeners = records(facts["listeners"]).filter((one) => isAbout(id, one));
  const published = records(facts["containers"]).flatMap((container) =>
    records(container["ports"])
      .filter((port) => isAbout(id, port))
      .map((port) => ({ port, container })),
  );
  const listener = listenerOf(facts, { listeners, published: published.map(({ port }) => port) });
  const leads =
    published.some(({ container }) => container["openclaw"] === true) ||
    listeners.some((one) => one["scope"] !== "loopback" && leadsThere(id, one, facts));
  const holder = [
    ...published.map(({ container }) => container["name"]),
    ...listeners.filter(({ scope }) => scope !== "loopback" || listener === "loopback").map(({ process }) => process),
  ].find((name) => typeof name === "string" && name !== "");
  return { listener, holder: typeof holder === "string" ? holder : undefined, leads };
}

function leadsThere({ protocol, port }: PortId, listener: Fields, facts: Fields): boolean {
  if (protocol !== "tcp") return false;
  const { openclaw, nginx } = facts;
  if (isFields(openclaw) && openclaw["install"] !== "container" && openclaw["port"] === port) return true;
  if (!isFields(nginx) || listener["process"] !== "nginx") return false;
  return records(nginx["servers"]).some(
    ({ proxiesOpenclaw, ports }) => proxiesOpenclaw === true && Array.isArray(ports) && ports.includes(port),
  );
}

function listenerOf(
  facts: Fields,
  found: { readonly listeners: readonly Fields[]; readonly published: readonly Fields[] },
): Door["listener"] {
  const isNear = (address: unknown) => typeof address === "string" && (address === "::1" || address.startsWith("127."));
  const { listeners, published } = found;
  if (listeners.some(({ scope }) => scope === "all" || scope === "one")) return "everywhere";
  if (published.some(({ hostAddress }) => typeof hostAddress === "string" && !isNear(hostAddress))) return "everywhere";
  const whole = !isOpen(facts["listeners"]) && !isOpen(facts["containers"]);
  const near = listeners.every(({ scope }) => scope === "loopback");
  if (!whole || !near || !published.every(({ hostAddress }) => isNear(hostAddress))) return "unknown";
  return listeners.length + published.length > 0 ? "loopback" : "none";
}

const everywhere: readonly unknown[] = ["any", "0.0.0.0/0", "::/0"];

/** Whom the host's packet filter lets in at a port. */
export function filterAt({ protocol, port }: PortId, { host }: Facts): Door["filter"] {
  const firewall = isFields(host) ? host["firewall"] : undefined;
  if (!isFields(firewall)) return "unknown";
  if (firewall["present"] === false || firewall["active"] === false) return "off";
  if (firewall["active"] !== true) return "unknown";
  const policies = [firewall["inputPolicyIpv4"], firewall["inputPolicyIpv6"]];
  if (policies.includes("accept")) return "everyone";
  const { accepts } = firewall;
  const own = records(accepts).filter((accept) => covers(accept, { protocol, port }));
  if (own.some(({ source }) => everywhere.includes(source))) return "everyone";
  if (isOpen(accepts) || policies.some((policy) => typeof policy !== "string")) return "unknown";
  return own.length > 0 ? "some" : "nobody";
}

function covers(accept: Fields, { protocol, port }: PortId): boolean {
  const { firstPort, lastPort } = accept;
  if (accept["protocol"] !== protocol && accept["protocol"] !== "any") return false;
  return typeof firstPort === "number" && typeof lastPort === "number" && firstPort <= port && port <= lastPort;
}
