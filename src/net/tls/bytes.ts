/** 16-bit numbers, one after the other. */
export function words(values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 2);
  values.forEach((value, index) => {
    bytes.writeUInt16BE(value, index * 2);
  });
  return bytes;
}

/** Bytes behind their length in 8 bits (RFC 8446, 3.4). */
export function vector8(bytes: Uint8Array): Buffer {
  return Buffer.concat([Buffer.of(bytes.length), bytes]);
}

/** Bytes behind their length in 16 bits. */
export function vector16(bytes: Uint8Array): Buffer {
  return Buffer.concat([words([bytes.length]), bytes]);
}

/** Bytes behind their length in 24 bits. */
export function vector24(bytes: Uint8Array): Buffer {
  return Buffer.concat([Buffer.of(bytes.length >> 16, (bytes.length >> 8) & 0xff, bytes.length & 0xff), bytes]);
}
