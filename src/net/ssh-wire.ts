/** What the head of an SSH server's stream shows (RFC 4253, 4.2, 6 and 7.1). */
export interface SshHead {
  /** Identification string without line end; undefined while none has come. */
  readonly identification: string | undefined;
  /** The algorithms of its KEXINIT; undefined while that has not come whole. */
  readonly kexInit: KexInit | undefined;
  /** Why this can't become an SSH server's stream any more; undefined while it can. */
  readonly broken: string | undefined;
}

/** The name-lists of a KEXINIT that are audited, server to client. */
export interface KexInit {
  readonly keyExchange: readonly string[];
  readonly hostKeyAlgorithms: readonly string[];
  readonly ciphers: readonly string[];
  readonly macs: readonly string[];
}

/** Lines before the identification string and the string itself may take this many bytes together. */
export const identificationLimit = 8 * 1024;
/** Longest packet that is read. */
export const packetLimit = 256 * 1024;

const kexInitType = 20;
const disconnectType = 1;
const ignorable = [2, 3, 4];

/**
 * Reads the unencrypted head of a server's stream: lines, identification string, first packets up to KEXINIT. Works on any prefix
 * of the stream, so it can be called again with more. Total on arbitrary bytes.
 */
export function readSshHead(bytes: Uint8Array): SshHead {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const line = identificationLine(head);
  if (line === "waiting") return { identification: undefined, kexInit: undefined, broken: undefined };
  if (line === "none") return { identification: undefined, kexInit: undefined, broken: "no identification string" };
  const packets = readPackets(head.subarray(line.next));
  return { identification: line.text, ...packets };
}

function identificationLine(head: Buffer): { text: string; next: number } | "waiting" | "none" {
  let start = 0;
  while (start <= identificationLimit) {
    const end = head.indexOf(0x0a, start);
    const beyond = end === -1 ? head.length - start > identificationLimit : end > identificationLimit + start;
    if (beyond) return "none";
    if (end === -1) return head.length > identificationLimit ? "none" : "waiting";
    const text = head.toString("latin1", start, end).replace(/\r$/, "");
    if (text.startsWith("SSH-")) return { text, next: end + 1 };
    start = end + 1;
  }
  return "none";
}

function readPackets(bytes: Buffer): { kexInit: KexInit | undefined; broken: string | undefined } {
  let rest = bytes;
  while (rest.length >= 6) {
    const length = rest.readUInt32BE(0);
    const padding = rest.readUInt8(4);
    const type = rest.readUInt8(5);
    const broken = packetProblem(length, padding, type);
    if (broken !== undefined) return { kexInit: undefined, broken };
    if (rest.length < 4 + length) break;
    if (type === kexInitType) {
      const kexInit = readKexInit(rest.subarray(5, 4 + length - padding));
      return { kexInit, broken: kexInit === undefined ? "a malformed KEXINIT" : undefined };
    }
    rest = rest.subarray(4 + length);
  }
  return { kexInit: undefined, broken: undefined };
}

function packetProblem(length: number, padding: number, type: number): string | undefined {
  if (length < 2 || length > packetLimit || padding > length - 2) return "a packet of impossible length";
  if (type === disconnectType) return "the server disconnected";
  return type === kexInitType || ignorable.includes(type) ? undefined : `packet type ${type} before KEXINIT`;
}

/** Type, 16 bytes of cookie, ten name-lists, a flag and a reserved word (RFC 4253, 7.1). */
function readKexInit(payload: Buffer): KexInit | undefined {
  const lists: string[][] = [];
  let at = 17;
  for (let index = 0; index < 10; index += 1) {
    if (at + 4 > payload.length) return undefined;
    const length = payload.readUInt32BE(at);
    if (at + 4 + length > payload.length) return undefined;
    const text = payload.toString("latin1", at + 4, at + 4 + length);
    lists.push(text === "" ? [] : text.split(","));
    at += 4 + length;
  }
  const [keyExchange = [], hostKeyAlgorithms = [], , ciphers = [], , macs = []] = lists;
  return { keyExchange, hostKeyAlgorithms, ciphers, macs };
}

/**
 * The type of key behind a host key algorithm (RFC 8332: rsa-sha2 signs with ssh-rsa keys). Undefined for certificates, which carry one of the
 * plain keys, and for what is not known.
 */
export function keyTypeOf(algorithm: string): string | undefined {
  if (algorithm === "ssh-ed25519" || algorithm === "ssh-dss") return algorithm;
  if (/^ecdsa-sha2-nistp(?:256|384|521)$/.test(algorithm)) return algorithm;
  if (["ssh-rsa", "rsa-sha2-256", "rsa-sha2-512"].includes(algorithm)) return "ssh-rsa";
  return undefined;
}
