import { createSocket, type RemoteInfo, type Socket as UdpSocket } from "node:dgram";
import { once } from "node:events";
import { createServer, isIPv6, type Socket } from "node:net";
import type { Ends, Log } from "./log.ts";

/** An address and a port of the fake internet. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** A client that says nothing for so long is let go. */
const idleMs = 60_000;

/**
 * Listens for TCP on one address. Each connection is logged as it is accepted and handed on; errors of the connection
 * end it and go no further.
 * @throws Error of the system when the address cannot be bound.
 */
export async function listenTcp(at: Endpoint, log: Log, serve: (socket: Socket, ends: Ends) => void): Promise<void> {
  const server = createServer((socket) => {
    socket.on("error", () => socket.destroy());
    socket.setTimeout(idleMs, () => socket.destroy());
    // The system forgets who a client was that resets its connection before it is accepted.
    const ends = endsOf(at, { address: socket.remoteAddress ?? "", port: socket.remotePort ?? 0 });
    log({ protocol: "tcp", ...ends, bytes: 0 });
    serve(socket, ends);
  });
  server.listen({ host: at.address, port: at.port });
  await once(server, "listening");
}

/**
 * Receives UDP on one address. What `serve` gives back is sent to the sender.
 * @throws Error of the system when the address cannot be bound.
 */
export async function listenUdp(
  at: Endpoint,
  serve: (message: Buffer, ends: Ends) => Buffer | undefined,
): Promise<UdpSocket> {
  const socket = createSocket(isIPv6(at.address) ? "udp6" : "udp4");
  socket.on("message", (message: Buffer, from: RemoteInfo) => {
    const answer = serve(message, endsOf(at, from));
    // Port 0 can be forged and not be answered; a sender who is gone is not our concern.
    if (answer !== undefined && from.port !== 0) socket.send(answer, from.port, from.address, () => undefined);
  });
  socket.bind({ address: at.address, port: at.port });
  await once(socket, "listening");
  return socket;
}

function endsOf(local: Endpoint, remote: Endpoint): Ends {
  return {
    localAddress: local.address,
    localPort: local.port,
    remoteAddress: remote.address,
    remotePort: remote.port,
  };
}
