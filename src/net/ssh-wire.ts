import { wireReader } from "#net/ssh/wire.ts";

/** What the head of an SSH server's stream shows (RFC 4253, 4.2, 6 and 7.1). */
export interface SshHead {
  /** Identification string without line end; undefined while none has come. */
  readonly identification: string | undefined;
  /** Lines before it, without their ends, not yet safe to show. */
  readonly linesBefore: readonly string[];
  /** The algorithms of its KEXINIT; undefined while that has not come whole. */
  readonly kexInit: KexInit | undefined;
  /** Payload of that KEXINIT, for the exchange hash. */
  readonly payload: Buffer | undefined;
  /** Length of the stream up to the end of that KEXINIT, and the packets in it. */
  readonly end: number;
  readonly packets: number;
  /** Why this can't become an SSH server's stream any more; undefined while it can. */
  readonly broken: string | undefined;
}

/** What a server takes and sends in one direction. */
interface Suite {
  readonly ciphers: readonly string[];
  readonly macs: readonly string[];
  readonly compression: readonly string[];
}

/** The name-lists of a KEXINIT (RFC 4253, 7.1) but those of languages. */
export interface KexInit {
  readonly keyExchange: readonly string[];
  readonly hostKeyAlgorithms: readonly string[];
  readonly toServer: Suite;
  readonly toClient: Suite;
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
  const { line, linesBefore } = identificationLine(head);
  const nothing = { kexInit: undefined, payload: undefined, end: 0, packets: 0 };
  if (line === "waiting") return { identification: undefined, linesBefore, ...nothing, broken: undefined };
  if (line === "none") {
    return { identification: undefined, linesBefore, ...nothing, broken: "no identification string" };
  }
  return { identification: line.text, linesBefore, ...readPackets(head, line.next) };
}

interface Lines {
  readonly line: { readonly text: string; readonly next: number } | "waiting" | "none";
  readonly linesBefore: readonly string[];
}

function identificationLine(head: Buffer): Lines {
  const linesBefore: string[] = [];
  let start = 0;
  while (start <= identificationLimit) {
    const end = head.indexOf(0x0a, start);
    const beyond = end === -1 ? head.length - start > identificationLimit : end > identificationLimit + start;
    if (beyond) return { line: "none", linesBefore };
    if (end === -1) return { line: head.length > identificationLimit ? "none" : "waiting", linesBefore };
    const text = head.toString("latin1", start, end).replace(/\r$/, "");
    if (text.startsWith("SSH-")) return { line: { text, next: end + 1 }, linesBefore };
    linesBefore.push(text);
    start = end + 1;
  }
  return { line: "none", linesBefore };
}

function readPackets(bytes: Buffer, start: number): Omit<SshHead, "identification" | "linesBefore"> {
  const nothing = { kexInit: undefined, payload: undefined, end: 0, packets: 0 };
  let at = start;
  for (let packets = 1; bytes.length - at >= 6; packets += 1) {
    const length = bytes.readUInt32BE(at);
    const padding = bytes.readUInt8(at + 4);
    const type = bytes.readUInt8(at + 5);
    const broken = packetProblem(length, padding, type);
    if (broken !== undefined) return { ...nothing, broken };
    const end = at + 4 + length;
    if (bytes.length < end) break;
    if (type === kexInitType) {
      const payload = bytes.subarray(at + 5, end - padding);
      const kexInit = readKexInit(payload);
      return kexInit === undefined
        ? { ...nothing, broken: "a malformed KEXINIT" }
        : { kexInit, payload, end, packets, broken: undefined };
    }
    at = end;
  }
  return { ...nothing, broken: undefined };
}

function packetProblem(length: number, padding: number, type: number): string | undefined {
  if (length < 2 || length > packetLimit || padding > length - 2) return "a packet of impossible length";
  if (type === disconnectType) return "the server disconnected";
  return type === kexInitType || ignorable.includes(type) ? undefined : `packet type ${type} before KEXINIT`;
}

/** Type, 16 bytes of cookie, ten name-lists, a flag and a reserved word (RFC 4253, 7.1). */
function readKexInit(payload: Buffer): KexInit | undefined {
  const reader = wireReader(payload.subarray(17));
  const [keyExchange, hostKeyAlgorithms] = [reader.names(), reader.names()];
  const [ciphersOut, ciphersIn] = [reader.names(), reader.names()];
  const [macsOut, macsIn] = [reader.names(), reader.names()];
  const [compressionOut, compressionIn] = [reader.names(), reader.names()];
  reader.names();
  reader.names();
  if (reader.short()) return undefined;
  return {
    keyExchange,
    hostKeyAlgorithms,
    toServer: { ciphers: ciphersOut, macs: macsOut, compression: compressionOut },
    toClient: { ciphers: ciphersIn, macs: macsIn, compression: compressionIn },
  };
}

/** Ending of the names of algorithms that send a host certificate. */
export const certificateSuffix = "-cert-v01@openssh.com";

/**
 * The type of what a host key algorithm sends: of the key (RFC 8332: rsa-sha2 signs with ssh-rsa keys), or of the certificate. Undefined for what
 * is not known.
 */
export function keyTypeOf(algorithm: string): string | undefined {
  if (algorithm.endsWith(certificateSuffix)) {
    const type = keyTypeOf(algorithm.slice(0, -certificateSuffix.length));
    return type === undefined ? undefined : `${type}${certificateSuffix}`;
  }
  if (["ssh-ed25519", "ssh-ed448", "ssh-dss"].includes(algorithm)) return algorithm;
  if (/^ecdsa-sha2-nistp(?:256|384|521)$/.test(algorithm)) return algorithm;
  if (["ssh-rsa", "rsa-sha2-256", "rsa-sha2-512"].includes(algorithm)) return "ssh-rsa";
  return undefined;
}
