import { createHash } from "node:crypto";
import type { Duplex } from "node:stream";
import type { AuthHandlerMiddleware, ClientErrorExtensions, ConnectConfig } from "ssh2";
import type { Maybe } from "#model/unknown.ts";
import { unknown } from "#model/unknown.ts";
import type { Limits } from "./dial.ts";
import { packetLimit, readSshHead, type SshHead } from "./ssh-wire.ts";

/** What one connection to an SSH server showed. */
export interface SshVisit {
  readonly head: SshHead;
  /** Raw head of the stream, for the digest. */
  readonly bytes: Buffer;
  readonly hostKey: { readonly type: string; readonly fingerprint: string } | undefined;
  /** Authentication methods offered to `none`; `none` itself when it let us in. */
  readonly methods: Maybe<string[]>;
}

/** Whom to try, and which algorithms may prove the host. */
export interface SshVisitOptions {
  /** Undefined: look at the host key only. */
  readonly user: string | undefined;
  readonly hostKeyAlgorithms: readonly string[];
}

/** How the reason begins where ssh2 cannot talk to a server at all, such as one with post-quantum key exchange only. */
export const noSharedAlgorithm = "ssh2 shares no";

const goodbyeMs = 300;

/** Host key algorithms ssh2 can verify, best first. */
export const hostKeyAlgorithms = [
  "ssh-ed25519",
  "ecdsa-sha2-nistp256",
  "ecdsa-sha2-nistp384",
  "ecdsa-sha2-nistp521",
  "rsa-sha2-512",
  "rsa-sha2-256",
  "ssh-rsa",
] as const;

/** Everything ssh2 knows that Node's OpenSSL still does, so that old servers can be seen as well. */
const algorithms = {
  kex: [
    "curve25519-sha256",
    "curve25519-sha256@libssh.org",
    "ecdh-sha2-nistp256",
    "ecdh-sha2-nistp384",
    "ecdh-sha2-nistp521",
    "diffie-hellman-group16-sha512",
    "diffie-hellman-group14-sha256",
    "diffie-hellman-group-exchange-sha256",
    "diffie-hellman-group14-sha1",
    "diffie-hellman-group1-sha1",
  ],
  cipher: [
    "aes128-gcm@openssh.com",
    "aes256-gcm@openssh.com",
    "chacha20-poly1305@openssh.com",
    "aes128-ctr",
    "aes192-ctr",
    "aes256-ctr",
    "aes128-cbc",
    "aes256-cbc",
    "3des-cbc",
  ],
  hmac: [
    "hmac-sha2-256-etm@openssh.com",
    "hmac-sha2-512-etm@openssh.com",
    "hmac-sha1-etm@openssh.com",
    "hmac-sha2-256",
    "hmac-sha2-512",
    "hmac-sha1",
  ],
} satisfies ConnectConfig["algorithms"];

/**
 * Speaks SSH on an open connection: notes the unencrypted head as it passes, the host key, and what is offered to authentication
 * method `none` (RFC 4252, 5.2). Sends no password and no key. Closes the connection.
 */
export async function visitSsh(socket: Duplex, options: SshVisitOptions, limits: Limits): Promise<SshVisit> {
  const { default: ssh2 } = await import("ssh2");
  const { promise, resolve } = Promise.withResolvers<Maybe<string[]>>();
  const tap = tapHead(socket);
  let hostKey: SshVisit["hostKey"];
  const client = new ssh2.Client();
  const stop = (why: string) => resolve(unknown(why));
  const timer = setTimeout(() => stop(`no answer to the login request in ${limits.timeoutMs} ms`), limits.timeoutMs);
  const onAbort = () => stop("stopped before the server answered");
  limits.signal.addEventListener("abort", onAbort, { once: true });
  client.on("ready", () => resolve(["none"]));
  client.on("error", (error) => stop(tap.head().broken ?? refusal(error)));
  client.on("close", () => stop(tap.head().broken ?? "the server closed the connection"));
  try {
    if (limits.signal.aborted) onAbort();
    client.connect({
      sock: socket,
      username: options.user ?? "none",
      readyTimeout: 0,
      algorithms: { ...algorithms, serverHostKey: [...supported(options.hostKeyAlgorithms)] },
      hostVerifier: (key: Buffer) => {
        hostKey = { type: keyType(key), fingerprint: fingerprint(key) };
        return options.user !== undefined;
      },
      authHandler: askNone(options.user ?? "none", resolve),
    });
    const methods = await promise;
    return { head: tap.head(), bytes: tap.bytes(), hostKey, methods };
  } catch (error) {
    return { head: tap.head(), bytes: tap.bytes(), hostKey, methods: unknown(`ssh2: ${refusal(error)}`) };
  } finally {
    clearTimeout(timer);
    limits.signal.removeEventListener("abort", onAbort);
    client.end();
    await closed(socket);
  }
}

/** Waits for the end of the connection, so that the next one does not find the daemon's places for unauthenticated clients taken. */
async function closed(socket: Duplex): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const giveUp = setTimeout(() => socket.destroy(), goodbyeMs);
  socket.once("close", () => resolve());
  if (socket.destroyed) resolve();
  else socket.end();
  await promise;
  clearTimeout(giveUp);
}

function askNone(username: string, resolve: (methods: string[]) => void): AuthHandlerMiddleware {
  return (methodsLeft, _partialSuccess, next) => {
    // The types say array; before the first attempt it is null.
    const left: string[] | null = methodsLeft;
    if (left === null) return next({ type: "none", username });
    resolve([...left]);
    // The types lack false, which ends the attempts.
    next(false as unknown as "none");
  };
}

function supported(wanted: readonly string[]): (typeof hostKeyAlgorithms)[number][] {
  return hostKeyAlgorithms.filter((algorithm) => wanted.includes(algorithm));
}

/** Copies the head of the stream as it passes to ssh2. */
function tapHead(socket: Duplex): { head: () => SshHead; bytes: () => Buffer } {
  let bytes: Buffer = Buffer.alloc(0);
  let complete = false;
  socket.on("data", (chunk: Buffer) => {
    if (complete) return;
    bytes = Buffer.concat([bytes, chunk.subarray(0, packetLimit * 2 - bytes.length)]);
    const head = readSshHead(bytes);
    complete = head.kexInit !== undefined || head.broken !== undefined || bytes.length >= packetLimit * 2;
  });
  return { head: () => readSshHead(bytes), bytes: () => bytes };
}

/** Why ssh2 gave up, in words of our own: its messages may quote the server. */
function refusal(error: unknown): string {
  const message = error instanceof Error ? error.message : "";
  const mismatch =
    /no matching (key exchange algorithm|host key format|C->S cipher|S->C cipher|C->S MAC|S->C MAC)/.exec(message);
  // Begins as noSharedAlgorithm says, and stands here as one whole sentence, which is how its Japanese is found.
  if (mismatch !== null) return `ssh2 shares no ${mismatch[1]} with the server`;
  if (/host denied|verification failed/i.test(message)) return "only the host key was looked at";
  const level = error instanceof Error && "level" in error ? (error as ClientErrorExtensions).level : undefined;
  return `the handshake failed${typeof level === "string" ? ` (${level})` : ""}`;
}

function keyType(key: Buffer): string {
  const length = key.length >= 4 ? key.readUInt32BE(0) : 0;
  return key.toString("latin1", 4, 4 + Math.min(length, 64));
}

/** As `ssh-keygen -l` prints it. */
function fingerprint(key: Buffer): string {
  return `SHA256:${createHash("sha256").update(key).digest("base64").replace(/=+$/, "")}`;
}
