import { createServer } from "node:net";
import { addresses } from "./network.ts";

/**
 * A listener on the router that greets as an SSH server does (RFC 4253, 4.2) and hangs up. A scan that sees it open knows
 * that its probes arrive: what it does not see open elsewhere is closed there. Prints "ready" once it listens on all addresses.
 */
const { ipv4, ipv6, port } = addresses.control;
await Promise.all([ipv4, ipv6].map((host) => listen(host)));
process.stdout.write("ready\n");

async function listen(host: string): Promise<void> {
  const server = createServer((socket) => {
    // Scanners hang up as they like.
    socket.on("error", () => socket.destroy());
    socket.end("SSH-2.0-OpenSSH_9.2p1 Lab\r\n");
  });
  await new Promise<void>((resolve, reject) => {
    server.on("error", reject);
    server.listen({ host, port, ipv6Only: true }, resolve);
  });
}
