// Answers on the ports given, `tcp:22,80 udp:53`, over both families, and says when it does.
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer } from "node:net";

const wanted = process.argv.slice(2).flatMap((word) => {
  const [protocol = "", ports = ""] = word.split(":");
  return ports.split(",").map((port) => ({ protocol, port: Number(port) }));
});

for (const { protocol, port } of wanted) {
  if (protocol === "tcp") {
    const server = createServer((socket) => socket.destroy()).listen(port, "::");
    await once(server, "listening");
  } else {
    for (const type of ["udp4", "udp6"] as const) {
      const socket = createSocket({ type, ipv6Only: type === "udp6" });
      socket.on("message", (message, from) => socket.send(message, from.port, from.address));
      socket.bind(port);
      await once(socket, "listening");
    }
  }
}
process.stdout.write("up\n");
