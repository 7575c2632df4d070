/** One SSH server to log into. */
export interface Hop {
  /** Host name or address: the name by which known_hosts knows it. */
  readonly host: string;
  readonly port: number;
  readonly user: string;
}

/** A private key file, read beforehand. */
export interface KeyFile {
  readonly path: string;
  readonly content: string;
  /** Content of the file of the same name with .pub, where there is one. */
  readonly publicKey: string | undefined;
  /** A certificate of the same name with -cert.pub stands beside it. */
  readonly certificate: boolean;
}

/** Everything a login needs; nothing is read from files or the environment later. */
export interface Ssh2Login extends Hop {
  /** Bastion to go through. */
  readonly jump?: Hop | undefined;
  /** Addresses of the first hop, already checked; its name is resolved when left out. */
  readonly addresses?: readonly string[] | undefined;
  readonly keys: readonly KeyFile[];
  /** The operator named the key: no other is tried. */
  readonly identityGiven: boolean;
  /** Socket of the SSH agent. */
  readonly agentSocket: string | undefined;
  /** Contents of the known_hosts files, one after the other. */
  readonly knownHosts: string;
  /** Fingerprint of a host key to accept although known_hosts does not hold it; true accepts any that is merely unknown. */
  readonly acceptNewHostKey: string | boolean;
}

/** Limits of opening a session. */
export interface OpenLimits {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** `host`, or `host:port` for a port that is not 22, in words for a person. */
export function describeHop(hop: Pick<Hop, "host" | "port">): string {
  const host = hop.host.includes(":") ? `[${hop.host}]` : hop.host;
  return hop.port === 22 ? host : `${host}:${hop.port}`;
}
