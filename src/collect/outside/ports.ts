import type { Duplex } from "node:stream";
import type { Surroundings } from "#model/progress.ts";
import { unknown } from "#model/unknown.ts";
import { parseAddress } from "#net/address.ts";
import { likelyPorts } from "#net/likely-ports.ts";
import { openRawLink } from "#net/syn/raw-link.ts";
import { scanSyn } from "#net/syn/syn-scan.ts";
import { type ScanOptions, type ScanResult, scanTcp } from "#net/tcp-scan.ts";
import type { UncontrolledScan } from "./control.ts";
import type { NetworkPlan } from "./plan.ts";

/** Told of each open port as it is found, with the connection where one stands; returns true to keep that. */
export type OpenPortFound = (endpoint: { address: string; port: number }, socket: Duplex | undefined) => boolean;

/** What the scans of all addresses saw, and how they were made. */
export interface PortScans {
  readonly scans: readonly UncontrolledScan[];
  readonly method: string;
  /** Addresses that answered echo requests in the midst of the scan. */
  readonly echoing: ReadonlySet<string>;
}

/** Sockets in use at once, for all addresses together, where the system lets us. */
const mostInFlight = 4000;
/** File descriptors left for everything else. */
const reservedDescriptors = 200;
const addressesAtOnce = 4;
const progressEveryMs = 250;
const deaf = "a SYN got no answer where a connection did";
const methods = {
  syn: "TCP SYN to each port; silent ports twice or more, as far as control probes get lost",
  connect: "TCP connect to each port; silent ports twice where others answer",
} as const;

/** Scans every address of the plan, some at once. */
export async function scanPorts(plan: NetworkPlan, around: Surroundings, onOpen: OpenPortFound): Promise<PortScans> {
  const scans: UncontrolledScan[] = [];
  const used = new Set<string>();
  const echoing = new Set<string>();
  const waiting = [...plan.addresses.entries()];
  const lanes = Math.min(addressesAtOnce, waiting.length);
  const maxInFlight = Math.max(16, Math.floor(descriptorBudget() / Math.max(1, lanes)));
  const lane = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [index, address] = next;
      const result = await scanAddress(plan, around, { address, maxInFlight, atOnce: lanes, onOpen });
      scans[index] = scanEvidence(address, result);
      used.add(result.method);
      if (result.echoed) echoing.add(address);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return { scans, method: [...used].join("; "), echoing };
}

interface AddressOptions {
  readonly address: string;
  readonly maxInFlight: number;
  /** Addresses scanned at the same time. */
  readonly atOnce: number;
  readonly onOpen: OpenPortFound;
}

async function scanAddress(plan: NetworkPlan, around: Surroundings, options: AddressOptions): Promise<ScanResult> {
  const { address, maxInFlight, atOnce, onOpen } = options;
  const about = { step: "tcp", vantage: plan.vantage, subject: address, total: plan.ports.length } as const;
  let told = performance.now();
  around.progress({ ...about, state: "start", done: 0 });
  const scanFrom = plan.way?.scan ?? scan;
  const asked: ScanOptions = {
    address,
    ports: plan.ports,
    first: plan.first ?? [],
    timeoutMs: plan.timeoutMs,
    maxInFlight,
    signal: around.signal,
    onOpen: (port, socket) => onOpen({ address, port }, socket),
    onProgress: (done) => {
      if (performance.now() - told < progressEveryMs) return;
      told = performance.now();
      around.progress({ ...about, state: "update", done });
    },
  };
  const result = await scanFrom(asked, atOnce);
  around.progress({ ...about, state: "end", done: plan.ports.length - result.unasked });
  return result;
}

/** By SYN where this machine can, which is several times as fast and opens nothing; else by connecting. */
async function scan(options: ScanOptions, atOnce: number): Promise<ScanResult> {
  const link = await openRawLink(options.address);
  if (typeof link === "string") return { ...(await scanTcp(options)), method: `${methods.connect} (${link})` };
  const result = await scanSyn(link, options, atOnce);
  if (await isDeaf(result, options)) return { ...(await scanTcp(options)), method: `${methods.connect} (${deaf})` };
  return { ...result, method: methods.syn };
}

/** Some networks and sandboxes carry connections and no raw packets: silence that connecting breaks was none of the target's. */
async function isDeaf({ open }: ScanResult, options: ScanOptions): Promise<boolean> {
  if (open.length > 0 || options.signal.aborted) return false;
  const ports = likelyPorts.filter((port) => options.ports.includes(port));
  const quiet = { onOpen: () => false, onProgress: () => undefined };
  const found = await scanTcp({ ...options, ...quiet, ports });
  return found.open.length > 0;
}

function scanEvidence(address: string, result: ScanResult): UncontrolledScan {
  const { open, closed, rejected, filtered, doubts, unasked } = result;
  const why = doubts.length === 0 && unasked > 0 ? [`${unasked} ports were not asked`] : doubts;
  return {
    address,
    family: parseAddress(address)?.family ?? "ipv4",
    probedPorts: open.length + closed + rejected + filtered,
    closedPorts: closed,
    rejectedPorts: rejected,
    filteredPorts: filtered,
    open: [...open.map((port) => ({ port })), ...why.map(unknown)],
  };
}

/** Sockets the scan may use: within the limit of open files of this process (getrlimit(2)), where the system has one. */
function descriptorBudget(): number {
  const { report } = process;
  if (report === undefined) return mostInFlight;
  // Reverse lookups of the process's own connections have no place in a scan.
  Object.assign(report, { excludeNetwork: true });
  const limits: unknown = report.getReport();
  const soft = softLimit(limits);
  return soft === undefined ? mostInFlight : Math.max(32, Math.min(mostInFlight, soft - reservedDescriptors));
}

function softLimit(report: unknown): number | undefined {
  let value: unknown = report;
  for (const key of ["userLimits", "open_files", "soft"]) {
    if (typeof value !== "object" || value === null) return undefined;
    value = new Map<string, unknown>(Object.entries(value)).get(key);
  }
  return typeof value === "number" ? value : undefined;
}
