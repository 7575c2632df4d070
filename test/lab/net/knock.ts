// For each line on stdin, a JSON list of doors, tries them all at once and prints whether each was answered, as a JSON list.
import { createSocket } from "node:dgram";
import { connect, isIPv6, type Socket } from "node:net";
import { createInterface } from "node:readline";
import type { Door } from "./firewall-rules.ts";

const waitMs = 350;

for await (const line of createInterface({ input: process.stdin })) {
  const doors: readonly Door[] = JSON.parse(line);
  const answers = await Promise.all(doors.map((door) => (door.protocol === "tcp" ? knockTcp(door) : knockUdp(door))));
  process.stdout.write(`${JSON.stringify(answers)}\n`);
}

function knockTcp({ source, destination, port }: Door): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket: Socket = connect({ host: destination, port, localAddress: source });
  const end = (answered: boolean) => {
    clearTimeout(timer);
    socket.destroy();
    resolve(answered);
  };
  const timer = setTimeout(() => end(false), waitMs);
  socket.on("connect", () => end(true));
  socket.on("error", () => end(false));
  return promise;
}

function knockUdp({ source, destination, port }: Door): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = createSocket(isIPv6(destination) ? "udp6" : "udp4");
  const end = (answered: boolean) => {
    clearTimeout(timer);
    socket.close();
    resolve(answered);
  };
  const timer = setTimeout(() => end(false), waitMs);
  socket.on("message", () => end(true));
  socket.on("error", () => end(false));
  socket.bind(0, source, () => socket.send("?", port, destination));
  return promise;
}
