import type { Evidence } from "#model/bundle.ts";
import type { Endpoint } from "#net/dial.ts";
import type { Way } from "#net/way.ts";

/** What to look at over the network, and from where. */
export interface NetworkPlan {
  /** Id of the vantage. */
  readonly vantage: string;
  /** Host names, for SNI and Host. */
  readonly names: readonly string[];
  /** URL at which people open the admin UI; its path is asked on every HTTP server. */
  readonly adminUrl?: string;
  /** Addresses in scope, in normal form; nothing else is ever contacted. */
  readonly addresses: readonly string[];
  readonly ports: readonly number[];
  /** Those of them to ask first, where a scan may have to end before it has asked them all. */
  readonly first?: readonly number[];
  /** Servers in scope that are known to answer from here; they show that connections leave this place. */
  readonly controls: readonly Endpoint[];
  /** Users for whom authentication methods are asked. */
  readonly sshUsers: readonly string[];
  /** How requests over HTTP name us, so that the owner finds them in the logs. */
  readonly userAgent: string;
  /** For one connection. */
  readonly timeoutMs: number;
  /** The addresses are this machine's own. */
  readonly local: boolean;
  /** How one connects from there; left out, from this machine itself. */
  readonly way?: Way;
}

/** What was seen, and the connections that were made for it besides the port scan's. */
export interface NetworkResult {
  readonly evidence: readonly Evidence[];
  readonly connections: readonly ConnectionCount[];
}

/** Connections to one daemon for one purpose. */
export interface ConnectionCount {
  readonly address: string;
  readonly port: number;
  readonly purpose: string;
  readonly count: number;
}
