import type { Duplex } from "node:stream";
import { type Look, observe } from "#collect/observe.ts";
import { notAttempted, observed } from "#model/attempt.ts";
import type { Evidence } from "#model/bundle.ts";
import type { Surroundings } from "#model/progress.ts";
import { isUnknown, unknown } from "#model/unknown.ts";
import type { Endpoint } from "#net/dial.ts";
import { type ConnectionBook, createConnectionBook } from "./connections.ts";
import { applyControls, askControls, type UncontrolledScan } from "./control.ts";
import { lookAtIcmp } from "./icmp.ts";
import type { NetworkPlan, NetworkResult } from "./plan.ts";
import { type PortScans, scanPorts } from "./ports.ts";
import { type Findings, lookAtPort, noFindings, type ServiceKind, type ServiceOptions } from "./services.ts";
import { lookAtUdp } from "./udp.ts";
import { createWorkers, type Workers } from "./workers.ts";

export type { NetworkPlan, NetworkResult } from "./plan.ts";

/** Ports looked at at once. */
const portsAtOnce = 16;
/** Open ports of one address beyond this number are not identified: a host on which everything is open is no server but a trap. */
const identifiedPorts = 256;

const methods = {
  icmp: "ICMP echo request, two tries, by net-ping or ping(8)",
  tcp: "TCP scan",
  udp: "requests of known services, each in its protocol and without credential; three rounds, then slowly where ICMP errors came back",
  ssh: "identification, also on ports that wait for the client to speak; KEXINIT, host keys and certificates, group exchange, extensions, and authentication method none for each user; no password, no key",
  tls: "handshake by OpenSSL; hellos of our own for every version, cipher suite and group, each reset once answered; chain as sent in TLS 1.2, by order of issue where only TLS 1.3 is spoken",
  http: "GET / and the declared admin URL's path, and OpenClaw's probes, for each name and for none, without credential; redirects are not followed",
} as const;

/**
 * Looks at the plan's addresses over the network: echo, TCP scan, known UDP services, and what speaks SSH, TLS and HTTP on the open ports, which is looked at
 * while the scan goes on. Gives exactly one evidence of each of these kinds. After an abort it keeps what was gathered and marks the
 * lists as open.
 */
export async function collectNetwork(plan: NetworkPlan, around: Surroundings): Promise<NetworkResult> {
  const { vantage } = plan;
  if (plan.addresses.length === 0 || plan.ports.length === 0) {
    const why = notAttempted("no address of the target is in scope");
    const kinds = ["icmp", "tcp", "udp", "ssh", "tls", "http"] as const;
    const none = kinds.map((kind) =>
      observe({ kind, vantage, method: methods[kind], around }, async () => ({ attempt: why })),
    );
    return { evidence: await Promise.all(none), connections: [] };
  }
  const book = createConnectionBook(plan);
  const gathering = gatherServices(plan, around, book);
  const services = gathering.services;
  const { controls, way } = plan;
  const controlsBefore = askControls(plan, around);
  const echoes = plan.way === undefined ? lookAtIcmp(plan, around) : [];
  const evidence = await Promise.all([
    observe({ kind: "icmp", vantage, method: methods.icmp, around }, async () => ({
      attempt: way === undefined ? observed(await echoes) : notAttempted(way.withoutEcho),
    })),
    observe({ kind: "tcp", vantage, method: methods.tcp, around }, async () => ({
      ...(await gathering.scans.then(async ({ scans, method, echoing }) => {
        const silent = [await controlsBefore, await askControls(plan, around)];
        return {
          attempt: observed(applyControls(scans, await echoes, { controls, silent, local: plan.local }, echoing)),
          method,
        };
      })),
    })),
    observe({ kind: "udp", vantage, method: methods.udp, around }, async () => ({
      attempt: way === undefined ? observed(await lookAtUdp(plan, around)) : notAttempted(way.withoutUdp),
    })),
    observe({ kind: "ssh", vantage, method: methods.ssh, around }, async () =>
      listOfServers("ssh", (await services).ssh, await services),
    ),
    observe({ kind: "tls", vantage, method: methods.tls, around }, async () =>
      listOfServers("tls", (await services).tls, await services),
    ),
    observe({ kind: "http", vantage, method: methods.http, around }, async () =>
      listOfServers("http", (await services).http, await services),
    ),
  ]);
  return { evidence: evidence satisfies Evidence[], connections: book.counts() };
}

interface Gathering {
  readonly scans: Promise<PortScans>;
  readonly services: Promise<Findings>;
}

/** Starts the scan, and the look at each open port as it is found. */
function gatherServices(plan: NetworkPlan, around: Surroundings, book: ConnectionBook): Gathering {
  const findings = noFindings();
  const workers = createWorkers(portsAtOnce);
  const options: ServiceOptions = { plan, around, dial: book.dial, findings, inTurn: workers.inTurn };
  const taken = new Map<string, number>();
  const tell = tellProgress(plan, around, workers);
  tell("start");
  const onOpen = (endpoint: Endpoint, socket: Duplex | undefined) => {
    const count = (taken.get(endpoint.address) ?? 0) + 1;
    taken.set(endpoint.address, count);
    if (count > identifiedPorts || around.signal.aborted) return false;
    const keep = socket !== undefined && workers.waiting < portsAtOnce;
    if (keep) book.book(endpoint, "identify");
    workers.add(async () => {
      await lookAtPort(endpoint, keep ? socket : undefined, options);
      tell("update");
    });
    return keep;
  };
  const scans = scanPorts(plan, around, onOpen);
  const services = scans.then(async (done) => {
    await workers.idle();
    markUnseen(findings, done.scans, { taken, aborted: around.signal.aborted, isTunnelled: plan.way !== undefined });
    tell("end");
    return findings;
  });
  // Both promises are waited for by the attempts; a rejection that arrives before they do is not lost.
  services.catch(() => undefined);
  return { scans, services };
}

function tellProgress(
  plan: NetworkPlan,
  around: Surroundings,
  workers: Workers,
): (state: "start" | "update" | "end") => void {
  return (state) => {
    for (const step of ["ssh", "tls", "http"] as const) {
      around.progress({ step, state, vantage: plan.vantage, done: workers.done, total: workers.total });
    }
  };
}

/**
 * Servers may hide behind ports that were not asked or not identified. A tunnel often can not ask all: what that means for servers is for
 * who reads the scans to say, beside what listens on the host.
 */
function markUnseen(
  findings: Findings,
  scans: readonly UncontrolledScan[],
  seen: { taken: ReadonlyMap<string, number>; aborted: boolean; isTunnelled: boolean },
): void {
  const all = (why: string) => {
    for (const gaps of Object.values(findings.gaps)) gaps.push(why);
  };
  if (seen.aborted) all("stopped before everything was asked");
  for (const scan of scans) {
    for (const end of seen.isTunnelled ? [] : scan.open.filter(isUnknown)) all(`${scan.address}: ${end.$unknown}`);
    const over = (seen.taken.get(scan.address) ?? 0) - identifiedPorts;
    if (over > 0) all(`${scan.address}: ${over} more open ports were not identified`);
  }
}

type ServerOf<K extends ServiceKind> = Findings[K][number]["server"];

/** The servers in a fixed order, then what may be missing. */
function listOfServers<K extends ServiceKind>(
  kind: K,
  found: readonly { server: ServerOf<K>; raw: Buffer }[],
  findings: Findings,
): Look<K> {
  const sorted = found.toSorted((a, b) => order(a.server, b.server));
  const value = [...sorted.map((one) => one.server), ...findings.gaps[kind].toSorted().map(unknown)];
  // TypeScript does not see that the servers of a kind and the mark are what that kind's list is made of.
  return { attempt: observed(value) as Look<K>["attempt"], raw: Buffer.concat(sorted.map((one) => one.raw)) };
}

function order(a: { address: string; port: number }, b: { address: string; port: number }): number {
  return a.address.localeCompare(b.address, "en") || a.port - b.port;
}
