import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { scanUdp } from "#net/udp/scan.ts";
import { type UdpService, udpServices } from "#net/udp/services.ts";

const opened: Socket[] = [];
afterEach(() => {
  for (const socket of opened.splice(0)) socket.close();
});

/** A server at a port of its own. */
async function serve(answer: (request: Buffer, count: number) => Buffer | undefined): Promise<number> {
  const socket = createSocket("udp4");
  opened.push(socket);
  let count = 0;
  socket.on("message", (request, from) => {
    count += 1;
    const reply = answer(request, count);
    if (reply !== undefined) socket.send(reply, from.port, from.address);
  });
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  return socket.address().port;
}

const ping = (port: number): UdpService => ({
  port,
  name: "ping",
  request: () => Buffer.from("ping"),
  isAnswer: (answer) => answer.toString() === "pong",
});

async function scan(ports: readonly number[], signal = new AbortController().signal) {
  const services = ports.map(ping);
  return await scanUdp({ address: "127.0.0.1", family: "ipv4", services, timeoutMs: 150, signal });
}

describe("a UDP port", () => {
  test("that answers is open, and speaks where the answer is the service's own", async () => {
    const own = await serve(() => Buffer.from("pong"));
    const other = await serve(() => Buffer.from("what?"));
    expect(await scan([own, other])).toMatchObject([
      { port: own, state: "open", speaks: true },
      { port: other, state: "open", speaks: false },
    ]);
  });

  test("at which nobody listens is closed, one that keeps still is silent", async () => {
    const still = await serve(() => undefined);
    const gone = await serve(() => undefined);
    opened.pop()?.close();
    expect((await scan([still, gone])).map(({ state }) => state)).toEqual(["silent", "closed"]);
  });

  test("is asked again before it is called silent", async () => {
    const slow = await serve((_, count) => (count < 3 ? undefined : Buffer.from("pong")));
    expect(await scan([slow])).toMatchObject([{ state: "open", speaks: true }]);
  });

  test("is not asked any more after a stop", async () => {
    const stopped = AbortSignal.abort();
    const port = await serve(() => Buffer.from("pong"));
    expect((await scan([port], stopped)).map(({ state }) => state)).toEqual(["silent"]);
  });
});

test("ports of an address that this machine may not ask are said so, and nothing is thrown", async () => {
  const services = [ping(53), ping(123)];
  const signal = new AbortController().signal;
  // connect(2) of a datagram socket to the broadcast address is refused with EACCES; nothing is sent.
  const found = await scanUdp({ address: "255.255.255.255", family: "ipv4", services, timeoutMs: 50, signal });
  expect(found.map(({ state }) => state)).toEqual(["unsent", "unsent"]);
});

describe("the services", () => {
  test("have a port of their own and requests that fit one packet", () => {
    expect(new Set(udpServices.map(({ port }) => port)).size).toBe(udpServices.length);
    for (const { request } of udpServices) expect(request().length).toBeLessThanOrEqual(1232);
  });

  test("read any datagram as an answer or as none", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), fc.constantFrom(...udpServices), (bytes, { isAnswer, request }) => {
        expect(typeof isAnswer(Buffer.from(bytes), request())).toBe("boolean");
      }),
    );
  });

  test("do not take their own request for an answer", () => {
    for (const { isAnswer, request } of udpServices) {
      const asked = request();
      expect(isAnswer(asked, asked)).toBe(false);
    }
  });
});
