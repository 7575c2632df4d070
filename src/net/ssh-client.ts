import type { Duplex } from "node:stream";
import type { Maybe } from "#model/unknown.ts";
import { unknown } from "#model/unknown.ts";
import type { Limits } from "./dial.ts";
import type { SshHostKey } from "./ssh/host-key.ts";
import { sshStream } from "./ssh/stream.ts";
import { type Findings, type NamedGroup, talk, type VisitEnd, type VisitWishes } from "./ssh/visit.ts";
import type { SshHead } from "./ssh-wire.ts";

/** What one connection to an SSH server showed. */
export interface SshVisit {
  readonly head: SshHead;
  /** Raw head of the stream, for the digest. */
  readonly bytes: Buffer;
  readonly hostKey: SshHostKey | undefined;
  /** Whether the server proved that it holds that key; undefined where that can't be told. */
  readonly proven: boolean | undefined;
  readonly group: NamedGroup | undefined;
  /** Extensions by name (RFC 8308), undefined where they were not heard. */
  readonly extensions: ReadonlyMap<string, string> | undefined;
  /** Authentication methods offered to `none`; `none` itself when it let us in. */
  readonly methods: Maybe<readonly string[]>;
  /** Why they were not told; undefined when they were. */
  readonly end: VisitEnd | undefined;
}

/** How long the end of a connection is waited for, and after how long it is cut. */
const [farewellMs, goodbyeMs] = [40, 300];

/**
 * Speaks SSH on an open connection: notes the unencrypted head, the host key and its proof, and what is offered to authentication method `none`
 * (RFC 4252, 5.2). Sends no password and no key. Closes the connection.
 */
export async function visitSsh(socket: Duplex, wishes: VisitWishes, limits: Limits): Promise<SshVisit> {
  const stream = sshStream(socket);
  const found: Findings = {
    hostKey: undefined,
    proven: undefined,
    group: undefined,
    extensions: undefined,
    methods: undefined,
  };
  const giveUp = () => stream.stop("timeout");
  const timer = setTimeout(giveUp, limits.timeoutMs);
  const onAbort = () => stream.stop("aborted");
  limits.signal.addEventListener("abort", onAbort, { once: true });
  if (limits.signal.aborted) onAbort();
  const end = (await talk(stream, wishes, found)) ?? (found.methods === undefined ? "closed" : undefined);
  clearTimeout(timer);
  limits.signal.removeEventListener("abort", onAbort);
  stream.stop("closed");
  await closed(socket);
  const seen = stream.seen();
  const methods = found.methods ?? unknown(reasonOf(end ?? "closed", seen.head, limits));
  return { ...found, ...seen, methods, end };
}

function reasonOf(end: VisitEnd, { broken }: SshHead, { timeoutMs }: Limits): string {
  if (end === "malformed") return broken ?? "the server sent what is no SSH";
  return end === "timeout" ? `no answer to the login request in ${timeoutMs} ms` : reasons[end];
}

const reasons: Readonly<Record<Exclude<VisitEnd, "malformed" | "timeout">, string>> = {
  closed: "the server closed the connection",
  broken: "the connection broke",
  unreadable: "the server sent a packet that can not be read",
  flood: "the server sent more than is read",
  disconnected: "the server disconnected",
  aborted: "stopped before the server answered",
  "no key exchange": "sekisho knows none of the server's key exchanges",
  "no host key": "sekisho knows none of the server's types of host key",
  "no protection": "sekisho knows none of the server's ciphers, or of the MACs that they need",
  "exchange failed": "the key exchange failed",
  "group unusable": "the server named a group that no key exchange can use",
  "answer unreadable": "the server gave an answer to the login request that can not be read",
  "host key only": "only the host key was looked at",
};

/**
 * Waits for the end of the connection, so that the next one does not find the daemon's places for unauthenticated clients taken. Where the end is long in
 * coming the line is long too: then the next one begins while it is on its way, and comes after it.
 */
async function closed(socket: Duplex): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const cut = setTimeout(() => socket.destroy(), goodbyeMs);
  const goOn = setTimeout(resolve, farewellMs);
  socket.once("close", () => {
    clearTimeout(cut);
    resolve();
  });
  if (socket.destroyed) {
    clearTimeout(cut);
    resolve();
  } else socket.end();
  await promise;
  clearTimeout(goOn);
}
