import { type AddressInfo, connect } from "node:net";
import ssh2, { type Connection } from "ssh2";
import { onTestFinished } from "vitest";
import { openTunnel } from "#net/tunnel/open-tunnel.ts";
import type { Tunnel } from "#net/tunnel/tunnel.ts";
import { limits, loginTo, makePair, type Pair } from "../session/ssh-server.ts";

/** What a jump host does with one request for a connection; hang: nothing, for as long as it lives. */
export type Answer =
  | { readonly kind: "connect" }
  | { readonly kind: "hang" }
  | { readonly kind: "refuse"; readonly reason: number; readonly text: string };

export const connects: Answer = { kind: "connect" };
export const hangs: Answer = { kind: "hang" };
/** As OpenSSH 9.2 answers with AllowTcpForwarding no. */
export const prohibits: Answer = { kind: "refuse", reason: 1, text: "open failed" };
/** As OpenSSH 9.2 answers without a file to spare, and without a route. */
export const starves: Answer = { kind: "refuse", reason: 2, text: "open failed" };

export function fails(text: string): Answer {
  return { kind: "refuse", reason: 2, text };
}

export interface Jump {
  readonly port: number;
  readonly hostKey: Pair;
  /** Ports that were asked for, in order. */
  readonly asked: number[];
  /** Requests without an answer, and the most there ever were. */
  waiting: number;
  mostWaiting: number;
  /** Breaks every connection to it. */
  drop(): void;
}

const userKey = makePair();

/** An SSH server on loopback that answers each request for a connection as `answer` says. */
export async function startJump(
  answer: (port: number, jump: Jump) => Answer | Promise<Answer>,
  hostKey = makePair(),
): Promise<Jump> {
  const connections = new Set<Connection>();
  const server = new ssh2.Server({ hostKeys: [hostKey.private] }, (connection) => {
    connections.add(connection);
    connection.on("error", () => undefined);
    connection.on("authentication", (context) => context.accept());
    connection.on("tcpip", async (accept, reject, { destIP, destPort }) => {
      jump.asked.push(destPort);
      jump.waiting += 1;
      jump.mostWaiting = Math.max(jump.mostWaiting, jump.waiting);
      const done = await answer(destPort, jump);
      if (done.kind === "hang") return;
      if (done.kind === "refuse") {
        jump.waiting -= 1;
        return refuse(connection, reject, done);
      }
      const socket = connect(destPort, destIP);
      let stands = false;
      socket.on("error", () => {
        if (stands) return;
        jump.waiting -= 1;
        refuse(connection, reject, { reason: 2, text: "Connection refused" });
      });
      socket.on("connect", () => {
        stands = true;
        jump.waiting -= 1;
        const channel = accept();
        channel.on("error", () => undefined);
        socket.pipe(channel).pipe(socket);
        channel.on("close", () => socket.destroy());
        socket.on("close", () => {
          // What was written to the channel and still waits for its window is not to be lost.
          if (channel.writableEnded && !channel.writableFinished) channel.once("finish", () => channel.close());
          else channel.close();
        });
      });
    });
  });
  const listening = Promise.withResolvers<void>();
  server.listen(0, "127.0.0.1", () => listening.resolve());
  await listening.promise;
  const drop = () => {
    for (const connection of connections) (connection as unknown as { _sock: { destroy(): void } })._sock.destroy();
  };
  onTestFinished(() => {
    drop();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const jump: Jump = { port, hostKey, asked: [], waiting: 0, mostWaiting: 0, drop };
  return jump;
}

/** ssh2's server gives reasons of its own; those that other servers give are put in their place. */
function refuse(connection: Connection, reject: () => void, { reason, text }: { reason: number; text: string }): void {
  interface Protocol {
    channelOpenFail(recipient: number, reason: number, text: string): void;
  }
  const { _protocol: protocol } = connection as unknown as { readonly _protocol: Protocol };
  const send = protocol.channelOpenFail;
  protocol.channelOpenFail = (recipient) => send.call(protocol, recipient, reason, text);
  reject();
  protocol.channelOpenFail = send;
}

/** A tunnel through a jump host, closed after the test. */
export async function tunnelTo(jump: Jump): Promise<Tunnel> {
  const opened = await openTunnel(loginTo(jump.port, jump.hostKey, userKey), limits());
  if (!opened.ok) throw new Error(opened.problem.message);
  onTestFinished(() => opened.tunnel.close());
  return opened.tunnel;
}
