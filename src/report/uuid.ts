import { createHash } from "node:crypto";

/** Namespace of the names that sekisho makes UUIDs from: the UUID of the URL namespace's name urn:sekisho (RFC 9562, section 5.5). */
const namespace = "03ef66e6-25dd-557c-9e9f-038360fccd64";

/** A UUID of version 5 (RFC 9562): the same parts give the same UUID, on every machine. */
export function uuidOf(...parts: readonly string[]): string {
  const bytes = createHash("sha1")
    .update(Buffer.from(namespace.replaceAll("-", ""), "hex"))
    .update(parts.join("\n"))
    .digest();
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join("-");
}
