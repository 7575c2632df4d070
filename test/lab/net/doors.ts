// Answers on the ports given, `tcp:22,80 udp:53`, over both families, and says when it does. Words after these are addresses that UDP is
// answered at, each from itself; from any where there are none.
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer, isIPv6 } from "node:net";

const words = process.argv.slice(2);
const addresses = words.filter((word) => !/^(?:tcp|udp):/.test(word));
const wanted = words
  .filter((word) => !addresses.includes(word))
  .flatMap((word) => {
    const [protocol = "", ports = ""] = word.split(":");
    return ports.split(",").map((port) => ({ protocol, port: Number(port) }));
  });

for (const { protocol, port } of wanted) {
  if (protocol === "tcp") {
    const server = createServer((socket) => socket.destroy()).listen(port, "::");
    await once(server, "listening");
  } else {
    for (const address of addresses.length > 0 ? addresses : ["0.0.0.0", "::"]) {
      const socket = createSocket(isIPv6(address) ? { type: "udp6", ipv6Only: true } : { type: "udp4" });
      socket.on("message", (message, from) => socket.send(message, from.port, from.address));
      socket.bind(port, address);
      await once(socket, "listening");
    }
  }
}
process.stdout.write("up\n");
