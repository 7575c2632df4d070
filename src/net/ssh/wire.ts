/** Reads the data types of RFC 4251, 5. Past the end it gives zeros and empty strings, and says so in `short`. */
export interface WireReader {
  byte(): number;
  uint32(): number;
  uint64(): bigint;
  string(): Buffer;
  text(): string;
  /** A comma-separated name-list; names as they stand, not yet safe to show. */
  names(): string[];
  /** Something was read that is not there. */
  short(): boolean;
}

/** Reads from the start of some bytes. Total on arbitrary bytes. */
export function wireReader(bytes: Buffer): WireReader {
  let at = 0;
  let short = false;
  const take = (length: number): Buffer => {
    if (short || at + length > bytes.length) {
      short = true;
      return Buffer.alloc(0);
    }
    at += length;
    return bytes.subarray(at - length, at);
  };
  const number = (length: number) => take(length).reduce((sum, octet) => sum * 256 + octet, 0);
  const string = () => take(number(4));
  return {
    byte: () => number(1),
    uint32: () => number(4),
    uint64: () => take(8).reduce((sum, octet) => (sum << 8n) + BigInt(octet), 0n),
    string,
    text: () => string().toString("latin1"),
    names: () => splitNames(string().toString("latin1")),
    short: () => short,
  };
}

function splitNames(list: string): string[] {
  return list === "" ? [] : list.split(",");
}

/** A number of 32 bits. */
export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** A string with its length before it. */
export function wireString(value: Buffer | string): Buffer {
  const bytes = typeof value === "string" ? Buffer.from(value, "utf8") : value;
  return Buffer.concat([uint32(bytes.length), bytes]);
}

/** A number that is not negative, from its bytes, as mpint: no needless zeros, and one before a first bit that is set. */
export function mpint(bytes: Buffer): Buffer {
  const first = bytes.findIndex((octet) => octet !== 0);
  const bare = first === -1 ? Buffer.alloc(0) : bytes.subarray(first);
  return wireString((bare[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.alloc(1), bare]) : bare);
}

/** Bytes of a number that is not negative. */
export function bytesOf(value: bigint): Buffer {
  const hex = value.toString(16);
  return Buffer.from(hex.length % 2 === 1 ? `0${hex}` : hex, "hex");
}

/** The number that some bytes are, most significant first. */
export function numberOf(bytes: Buffer): bigint {
  return bytes.length === 0 ? 0n : BigInt(`0x${bytes.toString("hex")}`);
}

/** Bits of a number without its leading zeros. */
export function bitLength(bytes: Buffer): number {
  const first = bytes.findIndex((octet) => octet !== 0);
  return first === -1 ? 0 : (bytes.length - first) * 8 - (Math.clz32(bytes[first] ?? 0) - 24);
}
