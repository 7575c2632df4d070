// A relay that makes loopback a longer way: node test/bench/relay.ts PORT ROUND_TRIP_MS. Prints its own port.
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

const [port, roundTripMs] = process.argv.slice(2).map(Number);
if (port === undefined || roundTripMs === undefined) throw new Error("usage: relay.ts PORT ROUND_TRIP_MS");

/** Hands on what comes, half a round trip later and not before `notBefore`; the end too. */
function handOn(from: Socket, to: Socket, notBefore: number): void {
  const later = (work: () => void) => {
    setTimeout(work, Math.max(0, notBefore - performance.now()) + (roundTripMs ?? 0) / 2);
  };
  from.on("data", (chunk) => later(() => to.write(chunk)));
  from.on("end", () => later(() => to.end()));
  from.on("error", () => to.destroy());
  from.on("close", () => later(() => to.destroy()));
}

const server = createServer({ noDelay: true }, (client) => {
  // Over a way of this length the connection would stand one round trip later, so nothing that is said gets through before.
  const stands = performance.now() + roundTripMs;
  const origin = connect({ port, host: "127.0.0.1", noDelay: true });
  handOn(client, origin, stands);
  handOn(origin, client, 0);
});
server.listen(0, "127.0.0.1", () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));
