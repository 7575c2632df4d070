import { createSocket } from "node:dgram";
import { connect, isIPv6 } from "node:net";
import { buffer } from "node:stream/consumers";

/**
 * Sends what comes on standard input to an address and writes the answer to standard output, as soon as so many bytes
 * of it are there. Exit code 0 then, 1 when they did not come within two seconds or the other side closed.
 */
const [transport, address = "", port = "", wanted = "1"] = process.argv.slice(2);
const message = await buffer(process.stdin);
let answer = Buffer.alloc(0);
const failed = () => process.exit(1);
setTimeout(failed, 2000);
const take = (data: Buffer) => {
  answer = Buffer.concat([answer, data]);
  if (answer.length >= Number(wanted)) process.stdout.write(answer, () => process.exit(0));
};
if (transport === "udp") {
  const socket = createSocket(isIPv6(address) ? "udp6" : "udp4");
  socket.on("message", take).on("error", failed);
  socket.send(message, Number(port), address);
} else {
  const socket = connect(Number(port), address, () => socket.write(message));
  socket.on("data", take).on("error", failed).on("close", failed);
}
