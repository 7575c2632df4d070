import type { Duplex } from "node:stream";
import type { Endpoint, Limits } from "./dial.ts";
import type { Failure } from "./failure.ts";
import type { ScanOptions, ScanResult } from "./tcp-scan.ts";

/** How connections are made from a place that is not this machine. */
export interface Way {
  /** Connects, or gives a failure after `timeoutMs` or an abort. */
  readonly connect: (endpoint: Endpoint, limits: Limits) => Promise<Duplex | Failure>;
  /** Scans one address; `atOnce` is the number of scans that share the way. */
  readonly scan: (options: ScanOptions, atOnce: number) => Promise<ScanResult>;
  /** Why no echo request can be sent this way. */
  readonly withoutEcho: string;
  /** Why no datagram can. */
  readonly withoutUdp: string;
}
