import type { Duplex } from "node:stream";
import type { SshHead } from "#net/ssh-wire.ts";
import { openInbox, type StreamEnd } from "./inbox.ts";
import { type Open, openPlain, type Seal, sealPlain } from "./packets.ts";

/** A connection to an SSH server, packet by packet. Where something can't be given it is undefined, and `ended` says why. */
export interface SshStream {
  /** Waits for the server's KEXINIT. */
  head(): Promise<SshHead | undefined>;
  /** The next packet that says something, after KEXINIT; its first byte is its type. */
  next(): Promise<Buffer | undefined>;
  /** Sends payloads, all in one write. */
  send(...payloads: readonly Buffer[]): void;
  sendLine(text: string): void;
  /** How packets are made and taken from the next one on; told how many went before. */
  protectSending(make: (sent: number) => Seal | undefined): void;
  protectReceiving(make: (received: number) => Open | undefined): void;
  /** What came of the head so far, and its bytes. */
  seen(): { readonly head: SshHead; readonly bytes: Buffer };
  /** No more will be read; whoever waits gets undefined. */
  stop(why: StreamEnd): void;
  ended(): StreamEnd | undefined;
}

const disconnect = 1;
/** IGNORE, UNIMPLEMENTED and DEBUG (RFC 4253, 11). */
const ignorable = [2, 3, 4];

/** Reads and writes packets on a socket that is already open. Never throws for what the server does. */
export function sshStream(socket: Duplex): SshStream {
  const inbox = openInbox(socket);
  let [sent, received] = [0, 0];
  let [seal, open]: [Seal, Open] = [sealPlain, openPlain];

  /** The next packet from what has come; undefined when more is needed, or none can come. */
  const take = (): Buffer | undefined => {
    const packet = open(inbox.rest());
    if (packet === "more") return undefined;
    if (packet === "broken") {
      inbox.stop("unreadable");
      return undefined;
    }
    inbox.take(packet.length);
    received += 1;
    if (packet.payload[0] === disconnect) inbox.stop("disconnected");
    return packet.payload;
  };
  return {
    async head() {
      while (inbox.head().kexInit === undefined && inbox.ended() === undefined) await inbox.more();
      return inbox.head().kexInit === undefined ? undefined : inbox.head();
    },
    async next() {
      for (;;) {
        const payload = take();
        const type = payload?.[0] ?? 0;
        if (payload !== undefined && type !== disconnect && !ignorable.includes(type)) return payload;
        if (payload !== undefined && type !== disconnect) continue;
        if (inbox.ended() !== undefined) return undefined;
        await inbox.more();
      }
    },
    send(...payloads) {
      if (!socket.writable) return;
      socket.write(Buffer.concat(payloads.map((payload) => seal(payload))));
      sent += payloads.length;
    },
    sendLine: (text) => void (socket.writable && socket.write(`${text}\r\n`)),
    protectSending(make) {
      seal = make(sent) ?? seal;
    },
    protectReceiving(make) {
      open = make(received + inbox.head().packets) ?? open;
    },
    seen: () => ({ head: inbox.head(), bytes: inbox.headBytes() }),
    stop: inbox.stop,
    ended: inbox.ended,
  };
}
