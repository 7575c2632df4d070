import type { Socket } from "node:net";
import { test } from "vitest";
import { flood, listen } from "../../net/peers.ts";
import { collect } from "./harness.ts";

const nasty = "\u001b[31m\u202eevil\u200b<script>alert(1)</script>";

const respond = (head: string) => (socket: Socket) => socket.once("data", () => socket.write(head));

/** Peers that do their worst, with what may be said of them. none: nothing can hide there. */
const peers: [string, (socket: Socket, count: number) => void, { gaps: string[]; found?: string }][] = [
  ["accepts and says nothing", (socket) => socket.resume(), { gaps: ["ssh", "tls", "http"] }],
  ["closes at once", (socket) => socket.end(), { gaps: ["ssh", "tls", "http"] }],
  ["resets at once", (socket) => socket.resetAndDestroy(), { gaps: ["ssh", "tls", "http"] }],
  [
    "refuses for want of places, as sshd does",
    (socket) => socket.end("Exceeded MaxStartups\r\n"),
    { gaps: ["ssh", "tls", "http"] },
  ],
  ["closes at the first byte", (socket) => socket.once("data", () => socket.end()), { gaps: ["tls", "http"] }],
  [
    "resets at the first byte",
    (socket) => socket.once("data", () => socket.resetAndDestroy()),
    { gaps: ["tls", "http"] },
  ],
  ["floods lines unasked", (socket) => flood(socket, "no end to this\r\n"), { gaps: [] }],
  ["floods one line unasked", (socket) => flood(socket, "x"), { gaps: [] }],
  ["greets as SMTP does", (socket) => socket.write(`220 mail.example.test ESMTP ${nasty}\r\n`), { gaps: [] }],
  [
    "sends noise unasked",
    (socket) => socket.write(Buffer.from("9f01c4e27bff00d3118a55", "hex")),
    { gaps: ["ssh", "tls", "http"] },
  ],
  [
    "answers with noise",
    (socket) => socket.once("data", () => socket.write(Buffer.from("00ff9f01c4e27bd3118a55", "hex"))),
    { gaps: ["ssh", "tls", "http"] },
  ],
  [
    "greets as MariaDB does",
    (socket) => socket.write(Buffer.from("\u0059\0\0\0\u000a5.5.5-10.11.14-MariaDB\0\u0003\0\0\0", "latin1")),
    { gaps: [] },
  ],
  ["greets as telnetd does", (socket) => socket.write(Buffer.from("fffd18fffd20", "hex")), { gaps: [] }],
  ["answers as Redis does", respond("-ERR unknown command\r\n"), { gaps: [] }],
  ["endless identification string", (socket) => flood(socket, "SSH-2.0-xxxxxxxx"), { gaps: [] }],
  ["identification string with escapes", (socket) => socket.write(`SSH-2.0-${nasty}\r\n`), { gaps: [], found: "ssh" }],
  [
    "identification string, then garbage",
    (socket) => socket.write(Buffer.concat([Buffer.from("SSH-2.0-x\r\n"), Buffer.alloc(5000, 0xab)])),
    { gaps: [], found: "ssh" },
  ],
  [
    "identification string, then a flood",
    (socket) => void socket.write("SSH-2.0-x\r\n", () => flood(socket, "\0\0\u0001\0\u0004\u0002aaaaaaaa")),
    { gaps: [], found: "ssh" },
  ],
  [
    "identification string, then a reset",
    (socket) => void socket.write("SSH-2.0-x\r\n", () => setTimeout(() => socket.resetAndDestroy(), 30)),
    { gaps: [], found: "ssh" },
  ],
  [
    "TLS record, then nothing",
    respond("\u0016\u0003\u0003\u0000\u0050\u0002\u0000\u0000\u004c\u0003\u0003"),
    { gaps: ["http"], found: "tls" },
  ],
  [
    "TLS record, then a flood",
    (socket) => socket.once("data", () => void socket.write("\u0016\u0003\u0003", () => flood(socket, "\0\u0001"))),
    { gaps: ["http"], found: "tls" },
  ],
  [
    "endless header",
    (socket) => socket.once("data", () => void socket.write("HTTP/1.1 200 OK\r\n", () => flood(socket, "X-A: b\r\n"))),
    { gaps: [], found: "http" },
  ],
  [
    "one endless header",
    (socket) => socket.once("data", () => void socket.write("HTTP/1.1 200 OK\r\nX: ", () => flood(socket, "aaaaaaaa"))),
    { gaps: [], found: "http" },
  ],
  [
    "endless body",
    (socket) =>
      socket.once("data", () => void socket.write("HTTP/1.1 200 OK\r\n\r\n", () => flood(socket, "<p>body</p>"))),
    { gaps: [], found: "http" },
  ],
  ["a header that is not one", respond("HTTP/1.1 200 OK\r\n\u0001broken\r\n\r\n"), { gaps: [], found: "http" }],
  ["headers drop by drop", (socket) => socket.once("data", () => void drip(socket)), { gaps: ["http"] }],
  [
    "headers with escapes",
    respond(`HTTP/1.1 302 \u001b[2J\r\nServer: \u009b31mx\r\nLocation: /\u001b]0;x\u0007\r\nContent-Length: 0\r\n\r\n`),
    { gaps: [], found: "http" },
  ],
  [
    "an unasked switch of protocols",
    respond("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n"),
    { gaps: ["http"] },
  ],
  [
    "endless interim answers",
    (socket) => socket.once("data", () => flood(socket, "HTTP/1.1 103 Early Hints\r\n\r\n")),
    { gaps: ["http"] },
  ],
];

function drip(socket: Socket): void {
  socket.write("HTTP/1.1 200 OK\r\nX-Slow: ");
  const timer = setInterval(() => socket.write("a"), 50);
  socket.on("close", () => clearInterval(timer));
}

test.concurrent.for(peers)("a peer that does this: %s", async ([, serve, expected], { expect, onTestFinished }) => {
  const port = await listen(serve, "127.0.0.1", onTestFinished);
  const seen = await collect({ ports: [port], timeoutMs: 250 });
  expect(seen.tcp[0]?.open).toEqual([{ port }]);
  const open = (["ssh", "tls", "http"] as const).filter((kind) => seen.gaps[kind].length > 0);
  expect(open).toEqual(expected.gaps);
  const found = (["ssh", "tls", "http"] as const).filter((kind) => seen[kind].length > 0);
  expect(found).toEqual(expected.found === undefined ? [] : [expected.found]);
  expect(seen.connections).toBeLessThanOrEqual(8);
  expect(seen.surveyConnections).toBeLessThanOrEqual(8);
});
