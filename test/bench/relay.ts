import { connect, createServer, type Server, type Socket } from "node:net";

/**
 * A relay to a port on loopback that holds every byte back for half a round trip in each direction, the connection's own included. It ends TCP on both
 * sides, so that neither Nagle's delay nor acknowledgements cross it.
 */
export async function startRelay(port: number, roundTripMs: number): Promise<{ port: number; server: Server }> {
  const half = roundTripMs / 2;
  const server = createServer({ noDelay: true }, (client) => {
    const upstream = connect({ host: "127.0.0.1", port, noDelay: true });
    // The relay takes a connection at once; on a long line that takes a round trip, the server hears of it after half of one more, and what it says
    // comes another half later.
    pass(client, upstream, roundTripMs + half, half);
    pass(upstream, client, 2 * roundTripMs, half);
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, "127.0.0.1", resolve);
  await promise;
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return { port: address.port, server };
}

/** Hands on what comes, `delayMs` later and not before `firstMs` after the connection began. */
function pass(from: Socket, to: Socket, firstMs: number, delayMs: number): void {
  const begun = performance.now();
  const later = (act: () => void) => {
    const wait = Math.max(delayMs, firstMs - (performance.now() - begun));
    setTimeout(act, wait);
  };
  from.on("data", (chunk: Buffer) => later(() => void (to.destroyed || to.write(chunk))));
  from.on("end", () => later(() => to.end()));
  from.on("error", () => to.destroy());
}
