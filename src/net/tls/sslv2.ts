import { randomBytes } from "node:crypto";
import { vector16, words } from "./bytes.ts";
import type { Answer, Oracle, Verdict } from "./oracle.ts";

/** Cipher kinds of SSL 2.0 that are offered (The SSL Protocol, Netscape 1995, C.4). */
const kinds: ReadonlyMap<number, string> = new Map([
  [0x010080, "SSL2_RC4_128_WITH_MD5"],
  [0x020080, "SSL2_RC4_128_EXPORT40_WITH_MD5"],
  [0x030080, "SSL2_RC2_128_CBC_WITH_MD5"],
  [0x040080, "SSL2_RC2_128_CBC_EXPORT40_WITH_MD5"],
  [0x050080, "SSL2_IDEA_128_CBC_WITH_MD5"],
  [0x060040, "SSL2_DES_64_CBC_WITH_MD5"],
  [0x0700c0, "SSL2_DES_192_EDE3_CBC_WITH_MD5"],
  [0x080080, "SSL2_RC4_64_WITH_MD5"],
]);

const version2 = 0x0002;
const message = { error: 0, clientHello: 1, serverHello: 4 } as const;

/** What a server says to a CLIENT-HELLO of SSL 2.0. */
type Ssl2Answer =
  | { readonly state: "waiting" }
  /** It speaks SSL 2.0; names of the cipher kinds that it shares. */
  | { readonly state: "hello"; readonly ciphers: readonly string[] }
  | { readonly state: "refused" }
  /** An alert that may mean something else. */
  | { readonly state: "vague" }
  | { readonly state: "other" };

/** A CLIENT-HELLO of SSL 2.0 that offers every cipher kind. */
export function ssl2Hello(): Buffer {
  const specs = Buffer.concat([...kinds.keys()].map((kind) => Buffer.of(kind >> 16, (kind >> 8) & 0xff, kind & 0xff)));
  const challenge = randomBytes(16);
  const lengths = words([version2, specs.length, 0, challenge.length]);
  const record = vector16(Buffer.concat([Buffer.of(message.clientHello), lengths, specs, challenge]));
  record.writeUInt8(record.readUInt8(0) | 0x80, 0);
  return record;
}

/** close_notify, internal_error, user_canceled and unrecognized_name (RFC 8446, 6). */
const vagueAlerts: readonly number[] = [0, 80, 90, 112];

/** An alert of a server that only knows records of later versions. */
function readAlert(bytes: Buffer): Ssl2Answer {
  if (bytes.length < 7) return { state: "waiting" };
  return { state: vagueAlerts.includes(bytes.readUInt8(6)) ? "vague" : "refused" };
}

/** Reads the answer to it from any prefix of the server's stream. Total on arbitrary bytes. */
export function readSsl2Answer(bytes: Buffer): Ssl2Answer {
  if (bytes.length < 3) return { state: "waiting" };
  if (bytes[0] === 0x15 && bytes[1] === 3) return readAlert(bytes);
  const short = (bytes.readUInt8(0) & 0x80) !== 0;
  const at = short ? 2 : 3;
  if (bytes.length < at + 1) return { state: "waiting" };
  const type = bytes.readUInt8(at);
  if (type === message.error && bytes.readUInt16BE(0) === 0x8003) return { state: "refused" };
  if (type !== message.serverHello || !short) return { state: "other" };
  if (bytes.length < at + 11) return { state: "waiting" };
  if (bytes.readUInt16BE(at + 3) !== version2) return { state: "other" };
  const start = at + 11 + bytes.readUInt16BE(at + 5);
  const length = bytes.readUInt16BE(at + 7);
  if (start + length > at + (bytes.readUInt16BE(0) & 0x7fff)) return { state: "other" };
  if (bytes.length < start + length) return { state: "waiting" };
  const codes = Array.from({ length: Math.floor(length / 3) }, (_, index) => bytes.readUIntBE(start + index * 3, 3));
  return { state: "hello", ciphers: codes.map((code) => kinds.get(code) ?? `0x${code.toString(16).padStart(6, "0")}`) };
}

/** Whether a server speaks SSL 2.0. It does as soon as it answers with a SERVER-HELLO, whether or not a cipher is shared. */
export async function speaksSsl2(oracle: Oracle): Promise<true | Exclude<Answer, { kind: "agreed" }>> {
  let spoken = false;
  const answer = await oracle.say({
    bytes: ssl2Hello(),
    decided: (bytes) => readSsl2Answer(bytes).state !== "waiting",
    judge: ({ bytes, end }): Verdict => {
      const { state } = readSsl2Answer(bytes);
      spoken = state === "hello";
      if (state === "refused") return { kind: "refused", version: true, alert: undefined };
      if (state === "hello" || state === "other") return { kind: "unknown", why: "the answer to a hello was not TLS" };
      if (end === "timeout") return { kind: "unknown", why: "no answer to a SSLv2 hello (timeout)" };
      return { kind: "doubtful", alert: undefined };
    },
  });
  return spoken || answer.kind === "agreed" ? true : answer;
}
