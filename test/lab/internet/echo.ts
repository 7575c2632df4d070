import type { Log } from "./log.ts";
import { type Endpoint, listenTcp, listenUdp } from "./sockets.ts";

/** Gives everything back that comes by UDP or TCP. */
export async function serveEcho(at: Endpoint, log: Log): Promise<void> {
  await listenTcp(at, log, (socket, ends) => {
    let bytes = 0;
    socket.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
    });
    socket.on("close", () => log({ protocol: "echo", ...ends, bytes, detail: { transport: "tcp" } }));
    socket.pipe(socket);
  });
  await listenUdp(at, (message, ends) => {
    log({ protocol: "echo", ...ends, bytes: message.length, detail: { transport: "udp" } });
    // Two echoes would never stop talking to each other.
    return ends.remotePort === at.port ? undefined : message;
  });
}
