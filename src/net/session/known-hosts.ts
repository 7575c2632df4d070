import { createHash, createHmac } from "node:crypto";

/** One key of known_hosts that stands for a host (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT). */
export interface KnownHost {
  readonly marker: "none" | "revoked" | "cert-authority";
  /** Key type as the key itself says, such as ssh-ed25519. */
  readonly type: string;
  /** The key's bytes, as they go over the wire. */
  readonly key: Uint8Array;
  /** Only the name without its port stands in the file: such an entry can make a key known, never changed. */
  readonly withoutPort: boolean;
}

/** unknown: no key is known for the host. changed: other keys are. revoked: this very key is marked so. */
export type HostKeyVerdict = "known" | "unknown" | "changed" | "revoked";

const markers = new Map<string, KnownHost["marker"]>([
  ["@revoked", "revoked"],
  ["@cert-authority", "cert-authority"],
]);

/**
 * The keys that `content`, one or several known_hosts files, holds for a host. Understands hashed names, [host]:port, wildcards,
 * negation and markers. Lines it can not read are passed over, as ssh does.
 */
export function matchKnownHosts(content: string, host: string, port: number): KnownHost[] {
  const name = host.toLowerCase();
  const found: KnownHost[] = [];
  for (const line of content.split(/\r?\n/)) {
    const entry = parseLine(line);
    if (entry === undefined) continue;
    if (matchesNames(entry.names, lookupName(name, port))) {
      found.push({ marker: entry.marker, type: entry.type, key: entry.key, withoutPort: false });
    } else if (port !== 22 && matchesNames(entry.names, name)) {
      found.push({ marker: entry.marker, type: entry.type, key: entry.key, withoutPort: true });
    }
  }
  return found;
}

/** Whether a server's key is one of those known for it. Keys are compared as bytes; certificate authorities vouch for none. */
export function verifyHostKey(known: readonly KnownHost[], key: Uint8Array): HostKeyVerdict {
  const same = known.filter((entry) => Buffer.compare(entry.key, key) === 0);
  if (same.some((entry) => entry.marker === "revoked")) return "revoked";
  if (same.some((entry) => entry.marker === "none")) return "known";
  return known.some((entry) => entry.marker === "none" && !entry.withoutPort) ? "changed" : "unknown";
}

/** The types of the keys that are known for a host, each once. A client asks for these first, or a known host looks changed. */
export function knownKeyTypes(known: readonly KnownHost[]): string[] {
  return [...new Set(known.filter((entry) => entry.marker === "none").map((entry) => entry.type))];
}

/** The name under which known_hosts holds a server: `host`, or `[host]:port` for a port that is not 22. */
export function lookupName(host: string, port: number): string {
  return port === 22 ? host : `[${host}]:${port}`;
}

/** Fingerprint of a public key as OpenSSH prints it. */
export function fingerprint(key: Uint8Array): string {
  return `SHA256:${createHash("sha256").update(key).digest("base64").replace(/=+$/, "")}`;
}

/** Type of a public key in wire format; empty when it is none. */
export function keyType(key: Uint8Array): string {
  const bytes = Buffer.from(key.buffer, key.byteOffset, key.byteLength);
  if (bytes.length < 4) return "";
  const length = bytes.readUInt32BE(0);
  if (length === 0 || length > 64 || bytes.length < 4 + length) return "";
  const type = bytes.toString("latin1", 4, 4 + length);
  return /^[\x21-\x7e]+$/.test(type) ? type : "";
}

function parseLine(
  line: string,
): { marker: KnownHost["marker"]; names: string; type: string; key: Uint8Array } | undefined {
  const text = line.trim();
  if (text === "" || text.startsWith("#")) return undefined;
  const fields = text.split(/[ \t]+/);
  const marker = fields[0]?.startsWith("@") ? markers.get(fields.shift() ?? "") : "none";
  const [names, type, encoded] = fields;
  if (marker === undefined || names === undefined || type === undefined || encoded === undefined) return undefined;
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(encoded)) return undefined;
  const key = Buffer.from(encoded, "base64");
  return keyType(key) === type ? { marker, names, type, key } : undefined;
}

/** A list matches when one pattern does and no negated one does. */
function matchesNames(names: string, name: string): boolean {
  if (names.startsWith("|")) return matchesHash(names, name);
  let matched = false;
  for (const pattern of names.toLowerCase().split(",")) {
    const negated = pattern.startsWith("!");
    if (!matchesPattern(negated ? pattern.slice(1) : pattern, name)) continue;
    if (negated) return false;
    matched = true;
  }
  return matched;
}

function matchesHash(names: string, name: string): boolean {
  const [, version, salt, hash] = names.split("|");
  if (version !== "1" || salt === undefined || hash === undefined) return false;
  const wanted = createHmac("sha1", Buffer.from(salt, "base64")).update(name).digest();
  return wanted.equals(Buffer.from(hash, "base64"));
}

/** `*` stands for any text, `?` for one character. Walks back to the last star only, so it takes no more than length times length. */
function matchesPattern(pattern: string, name: string): boolean {
  let at = 0;
  let star = -1;
  let resume = 0;
  let index = 0;
  while (index < name.length) {
    if (pattern[at] === "*") {
      star = at;
      at += 1;
      resume = index;
    } else if (pattern[at] === "?" || pattern[at] === name[index]) {
      at += 1;
      index += 1;
    } else if (star >= 0) {
      at = star + 1;
      resume += 1;
      index = resume;
    } else {
      return false;
    }
  }
  while (pattern[at] === "*") at += 1;
  return at === pattern.length;
}
