import { access, mkdir, readdir, rm, rmdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { namespaceOf, prefix, stateFolder } from "./places.ts";
import { inNetworkNamespaces, killAll } from "./processes.ts";
import { attempt, LabError, run } from "./run.ts";

export type Place = "office" | "internet" | "router";
const places: readonly Place[] = ["router", "office", "internet"];

/** Addresses that do not depend on hosts. */
export const addresses = {
  office: { ipv4: "10.83.0.10", ipv6: "fd83::10" },
  /** Also the office's, but in nobody's list of allowed sources. */
  stranger: { ipv4: "10.83.0.11" },
  /** Answers as an SSH server, so that silence elsewhere is known to be the host's. */
  control: { ipv4: "10.83.0.20", ipv6: "fd83::20", port: 22 },
  internet: { ipv4: "203.0.113.66", ipv6: "2001:db8:113::66" },
  nameserver: "198.51.100.53",
} as const;

/** The command line that runs a command in the office, on the internet or on the router. */
export function inNamespace(place: Place, command: readonly string[]): readonly string[] {
  return ["ip", "netns", "exec", namespaceOf(place), ...command];
}

/** Builds what all hosts share: router, office and internet. To be called alone; does nothing where it stands. */
export async function ensureNetwork(): Promise<void> {
  if (await stands()) return;
  await removeNetwork();
  await noteFolder();
  const [router, office, internet] = places.map(namespaceOf);
  await batch([
    ...[router, office, internet].map((namespace) => `netns add ${namespace}`),
    // A bridge without an address of its own takes that of a cable, and another with each host that comes or goes.
    `link add br0 netns ${router} address 02:83:ff:00:00:01 type bridge forward_delay 0 mcast_snooping 0`,
    `link add office netns ${router} type veth peer name eth0 netns ${office}`,
    `link add internet netns ${router} type veth peer name eth0 netns ${internet}`,
  ]);
  await Promise.all(places.map((place) => set(namespaceOf(place), [...calm, ...settings[place]])));
  await Promise.all([
    batch(routerPlan, namespaceOf("router")),
    batch(officePlan, namespaceOf("office")),
    batch(internetPlan, namespaceOf("internet")),
  ]);
  for (const place of ["office", "internet"] as const) {
    const folder = join("/etc/netns", namespaceOf(place));
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "resolv.conf"), `nameserver ${addresses.nameserver}\n`);
  }
  await writeFile(marker(), "");
}

/** Gives a host its namespace and its cable to the router. */
export async function plug(host: { readonly name: string; readonly index: number }): Promise<void> {
  const namespace = namespaceOf({ host: host.name });
  const number = host.index.toString(16).padStart(4, "0");
  const mac = `02:83:00:00:${number.slice(0, 2)}:${number.slice(2)}`;
  // The kernel takes down a namespace, and with it the cable of the host that had this number before, in its own time.
  await attempt(["ip", "-n", namespaceOf("router"), "link", "delete", `h${host.index}`]);
  await batch([
    `netns add ${namespace}`,
    `link add h${host.index} netns ${namespaceOf("router")} type veth peer name eth0 address ${mac} netns ${namespace}`,
  ]);
  await set(namespace, calm);
  await batch([`link set h${host.index} master br0 up`], namespaceOf("router"));
  const own = [`10.83.1.${host.index}/16`, `fd83::1:${host.index.toString(16)}/64`];
  await batch(wire(own, ["10.83.0.1", "fd83::1"]), namespace);
}

/** Takes a host's namespace away, and kills what still runs in it. */
export async function unplug(name: string): Promise<void> {
  const namespace = namespaceOf({ host: name });
  await killAll(`host ${name}'s network`, () => inNetworkNamespaces([fileOf(namespace)]));
  await removeNamespace(namespace);
}

/** Names of the hosts that have namespaces. */
export async function pluggedHosts(): Promise<readonly string[]> {
  const start = namespaceOf({ host: "" });
  return (await namespaces()).filter((name) => name.startsWith(start)).map((name) => name.slice(start.length));
}

/** Removes what all hosts share, with whatever runs in it. */
export async function removeNetwork(): Promise<void> {
  await rm(marker(), { force: true });
  const names = places.map(namespaceOf);
  await killAll("the lab's network", () => inNetworkNamespaces(names.map(fileOf)));
  for (const name of names) await removeNamespace(name);
  for (const name of names) await rm(join("/etc/netns", name), { recursive: true, force: true });
  const made = join(stateFolder(), "made-etc-netns");
  if (await exists(made)) {
    // Others may have put something into it since.
    await rmdir("/etc/netns").catch(() => undefined);
    await rm(made, { force: true });
  }
}

const routerPlan = [
  "link set lo up",
  "addr add 10.83.0.1/16 dev br0",
  `addr add ${addresses.control.ipv4}/16 dev br0`,
  "addr add fd83::1/64 dev br0 nodad",
  `addr add ${addresses.control.ipv6}/64 dev br0 nodad`,
  "link set br0 up",
  "link set office master br0 up",
  "addr add 203.0.113.1/24 dev internet",
  "addr add 2001:db8:113::1/64 dev internet nodad",
  "link set internet up",
  `route add 198.51.100.0/24 via ${addresses.internet.ipv4}`,
  `route add 2001:db8:51::/64 via ${addresses.internet.ipv6}`,
];

const officePlan = [
  ...wire([`${addresses.office.ipv4}/16`, `${addresses.office.ipv6}/64`], ["10.83.0.1", "fd83::1"]),
  `addr add ${addresses.stranger.ipv4}/16 dev eth0`,
];

const internetPlan = [
  ...wire([`${addresses.internet.ipv4}/24`, `${addresses.internet.ipv6}/64`], ["203.0.113.1", "2001:db8:113::1"]),
  // Every address of these networks is the internet's own: its servers bind to whichever they like.
  "route add local 198.51.100.0/24 dev lo",
  "route add local 2001:db8:51::/64 dev lo",
];

/** Puts addresses on eth0 and points it at its gateways, IPv4 first. */
function wire(own: readonly string[], gateways: readonly string[]): readonly string[] {
  return [
    "link set lo up",
    ...own.map((address) => `addr add ${address} dev eth0${address.includes(":") ? " nodad" : ""}`),
    "link set eth0 up",
    ...gateways.map((gateway) => `route add default via ${gateway}`),
  ];
}

/** What a namespace's kernel does otherwise than by default. */
const settings: Readonly<Record<Place, readonly string[]>> = {
  router: ["net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1"],
  office: [],
  // IPv4 lets servers bind to any address that is routed here; IPv6 must be told to.
  internet: ["net.ipv6.ip_nonlocal_bind=1"],
};

/** No waiting for duplicate addresses, and none learnt from advertisements. */
const calm = ["all", "default"].flatMap((which) => [
  `net.ipv6.conf.${which}.accept_dad=0`,
  `net.ipv6.conf.${which}.accept_ra=0`,
]);

async function set(namespace: string, values: readonly string[]): Promise<void> {
  await run(["ip", "netns", "exec", namespace, "sysctl", "-q", "-w", ...values]);
}

async function batch(lines: readonly string[], namespace?: string): Promise<void> {
  const where = namespace === undefined ? [] : ["-n", namespace];
  const { code, stderr } = await attempt(["ip", ...where, "-batch", "-"], { input: `${lines.join("\n")}\n` });
  if (code === 0) return;
  const place = namespace === undefined ? "" : ` in namespace ${namespace}`;
  throw new LabError(`the network could not be built${place}: ${stderr.trim().replaceAll("\n", "; ")}`, {
    hint: "npm run lab -- clean",
  });
}

async function removeNamespace(name: string): Promise<void> {
  // Detached: a Ctrl-C at the terminal must not stop what clears away.
  if (await exists(fileOf(name))) await run(["ip", "netns", "delete", name], { detached: true });
}

async function stands(): Promise<boolean> {
  const there = await namespaces();
  return (await exists(marker())) && places.every((place) => there.includes(namespaceOf(place)));
}

async function noteFolder(): Promise<void> {
  if (await exists("/etc/netns")) return;
  await writeFile(join(stateFolder(), "made-etc-netns"), "");
}

/** Written when the network is complete. */
function marker(): string {
  return join(stateFolder(), "network");
}

function fileOf(namespace: string): string {
  return join("/run/netns", namespace);
}

async function namespaces(): Promise<readonly string[]> {
  return (await readdir("/run/netns").catch(() => [])).filter((name) => name.startsWith(`${prefix()}-`));
}

async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}
