import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { hostScript } from "#collect/host/script.ts";

const script = hostScript({ boundary: "abcdef0123456789", sshUsers: [] });
const functions = script.slice(0, script.lastIndexOf("\nmain"));
const there = (program: string) => spawnSync("which", [program]).status === 0;
const shells = [["sh"], ...(there("busybox") ? [["busybox", "sh"]] : [])];

/** What the probe prints of words given, with openssl on any port and little patience. */
async function probed(shell: readonly string[], word: string): Promise<string> {
  const [program = "sh", ...rest] = shell;
  const print = spawnSync("sh", ["-c", `${functions}\nprintf '%s\\n' "$outbound_probe"`], { encoding: "utf8" }).stdout;
  const impatient = print.replace('[ "$3" = 443 ]', '[ "$3" != 22 ]').replace("timeout -k 1 6", "timeout -k 1 1");
  const run = spawn(program, [...rest, "-s", word], { stdio: ["pipe", "pipe", "inherit"] });
  const parts: Buffer[] = [];
  run.stdout.on("data", (part: Buffer) => parts.push(part));
  run.stdin.end(impatient);
  await once(run, "close");
  return Buffer.concat(parts).toString();
}

async function serving(answer: (socket: Socket) => void): Promise<number> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on("error", () => undefined);
    answer(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

const skip = !there("openssl") || !there("timeout");

test.skipIf(skip).each(shells)(
  "a handshake that hangs is told from a connection that does not stand: %s",
  async (...shell) => {
    const port = await serving(() => undefined);
    expect(await probed(shell, `direct,slack.com,${port},127.0.0.1`)).toContain(
      `try openssl direct slack.com ${port} 127.0.0.1 124 connected|\n`,
    );
    expect(await probed(shell, "direct,slack.com,1,127.0.0.1")).toContain(
      "try openssl direct slack.com 1 127.0.0.1 1 errno 111|\n",
    );
  },
);

test.skipIf(skip).each([
  ["HTTP/1.1 403 Forbidden", "refused by the proxy 403"],
  ["HTTP/1.1 407 Proxy Authentication Required", "refused by the proxy 407"],
  ["SSH-2.0-OpenSSH_9.2", "refused by the proxy"],
])("what a proxy says: %s", async (answer, expected) => {
  const port = await serving((socket) => socket.once("data", () => socket.end(`${answer}\r\n\r\n`)));
  const said = await probed(["sh"], `proxy,slack.com,443,http://127.0.0.1:${port}`);
  expect(said).toContain(
    `try openssl proxy slack.com 443 http://127.0.0.1:${port} 1 connected|${expected}|verified|\n`,
  );
});
