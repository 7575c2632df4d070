/** A socket that takes connections or datagrams. */
export interface Socket {
  readonly protocol: "tcp" | "udp";
  readonly address: string;
  readonly port: number;
  /** Undefined where it is not shown. */
  readonly process: string | undefined;
}

/** A line of `ss -H -lntup`; undefined when it is not understood. */
export function parseSsLine(line: string): Socket | undefined {
  const match = /^(tcp|udp)\s+(\S+)\s+\d+\s+\d+\s+(\S+):(\d{1,5})\s+\S+:\S+\s*(.*)$/.exec(line.trim());
  if (match === null) return undefined;
  const address = (match[3] ?? "").replace(/^\[|\]$/g, "").replace(/\]?%[^\]]*\]?$/, "");
  const process = /^users:\(\("([^"]*)",pid=/.exec(match[5] ?? "")?.[1];
  return {
    protocol: match[1] === "udp" ? "udp" : "tcp",
    // * is a socket for both families.
    address: address === "*" ? "::" : address,
    port: Number(match[4]),
    process,
  };
}

/** A line `table address:port` of /proc/net/tcp and its like, in hexadecimal, words in the order of the machine. */
export function parseProcSocket(line: string): Socket | undefined {
  const match = /^(tcp|udp)(6?) ([0-9A-Fa-f]{8}|[0-9A-Fa-f]{32}):([0-9A-Fa-f]{4})$/.exec(line.trim());
  if (match === null || (match[2] === "6") !== (match[3]?.length === 32)) return undefined;
  const bytes = (match[3]?.match(/.{8}/g) ?? []).flatMap((word) => [...Buffer.from(word, "hex")].reverse());
  return {
    protocol: match[1] === "udp" ? "udp" : "tcp",
    address: bytes.length === 4 ? bytes.join(".") : formatIpv6(bytes),
    port: Number.parseInt(match[4] ?? "", 16),
    process: undefined,
  };
}

function formatIpv6(bytes: readonly number[]): string {
  if (bytes.every((byte) => byte === 0)) return "::";
  if (bytes.slice(0, 15).every((byte) => byte === 0) && bytes[15] === 1) return "::1";
  if (bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255)
    return `::ffff:${bytes.slice(12).join(".")}`;
  const words = Array.from({ length: 8 }, (_, index) =>
    ((bytes[2 * index] ?? 0) * 256 + (bytes[2 * index + 1] ?? 0)).toString(16),
  );
  return words.join(":");
}
