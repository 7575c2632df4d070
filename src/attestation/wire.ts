/** Reads the fields of SSH's wire format (RFC 4251, 5) one after the other; undefined for each that does not fit. */
export interface WireReader {
  readonly bytes: (length: number) => Buffer | undefined;
  readonly uint32: () => number | undefined;
  readonly string: () => Buffer | undefined;
  readonly text: () => string | undefined;
  /** Bytes that were not read yet. */
  readonly left: () => number;
}

/** A reader at the start of `content`. */
export function wireReader(content: Buffer): WireReader {
  let at = 0;
  const bytes = (length: number): Buffer | undefined => {
    if (length > content.length - at) return undefined;
    at += length;
    return content.subarray(at - length, at);
  };
  const uint32 = () => bytes(4)?.readUInt32BE(0);
  const string = () => {
    const length = uint32();
    return length === undefined ? undefined : bytes(length);
  };
  return { bytes, uint32, string, text: () => string()?.toString("latin1"), left: () => content.length - at };
}

/** A string of SSH's wire format. */
export function wireString(content: Buffer | string): Buffer {
  const bytes = Buffer.from(content);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/** The magnitude of an mpint that is not negative, without leading zero; undefined for one written otherwise than RFC 4251 says. */
export function magnitude(mpint: Buffer): Buffer | undefined {
  const [first, second] = mpint;
  if (first === undefined) return mpint;
  if (first >= 0x80) return undefined;
  if (first !== 0) return mpint;
  return second !== undefined && second >= 0x80 ? mpint.subarray(1) : undefined;
}
