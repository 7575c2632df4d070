import { openSync, readFileSync, writeSync } from "node:fs";

/** Both ends of a conversation; local is the fake internet's own. */
export interface Ends {
  readonly localAddress: string;
  readonly localPort: number;
  /** Empty, with port 0, where a client reset its connection before it was accepted. */
  readonly remoteAddress: string;
  readonly remotePort: number;
}

/** Something that reached the fake internet. */
export interface Arrival extends Ends {
  /** ISO 8601, UTC, of the moment it was written down. */
  readonly time: string;
  /** `tcp` is a connection as such, before a byte of it; what it carried follows under its own protocol. */
  readonly protocol: "tcp" | "tls" | "http" | "https" | "dns" | "ntp" | "smtp" | "echo";
  /** What was asked for: server name of TLS, Host of HTTP, name of a DNS query, first recipient of a mail. */
  readonly name?: string;
  /** Payload received: of a datagram, a request's body, a mail; 0 for connections and handshakes. */
  readonly bytes: number;
  readonly detail?: Readonly<Record<string, string | number | boolean>>;
}

/** Writes an arrival down, with the time, before it returns. */
export type Log = (arrival: Omit<Arrival, "time">) => void;

/** Opens a log of JSON lines for appending; whoever shortens the file meanwhile does no harm. */
export function openLog(path: string): Log {
  const file = openSync(path, "a", 0o644);
  return (arrival) => {
    writeSync(file, `${JSON.stringify({ time: new Date().toISOString(), ...arrival }, shortened)}\n`);
  };
}

/** No client may fill the disk with one line. */
function shortened(_key: string, value: unknown): unknown {
  return typeof value === "string" ? value.slice(0, 400) : value;
}

/** Arrivals of a log, oldest first; a line still being written is left out. */
export function readArrivals(path: string): readonly Arrival[] {
  const lines = readFileSync(path, "utf8").split("\n").slice(0, -1);
  return lines.map((line): Arrival => JSON.parse(line));
}
