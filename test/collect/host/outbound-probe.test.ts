import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { hostScript } from "#collect/host/script.ts";

const script = hostScript({ boundary: "abcdef0123456789", sshUsers: [] });
const functions = script.slice(0, script.lastIndexOf("\nmain"));
const there = (program: string) => spawnSync("which", [program]).status === 0;
const shells = [["sh"], ...(there("busybox") ? [["busybox", "sh"]] : [])];

/** What the probe prints of words given, with openssl on any port and little patience. */
async function probed(shell: readonly string[], word: string, env: NodeJS.ProcessEnv = {}): Promise<string> {
  const [program = "sh", ...rest] = shell;
  const print = spawnSync("sh", ["-c", `${functions}\nprintf '%s\\n' "$outbound_probe"`], { encoding: "utf8" }).stdout;
  const impatient = print.replace('[ "$3" = 443 ]', '[ "$3" != 22 ]').replace("timeout -k 1 6", "timeout -k 1 1");
  const run = spawn(program, [...rest, "-s", word], {
    env: { ...process.env, ...env },
    stdio: ["pipe", "pipe", "inherit"],
  });
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

test("of a container's resolv.conf only a plain file is read", () => {
  const root = mkdtempSync(join(tmpdir(), "resolv-"));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const told = (name: string) => {
    const call = `${functions}\nprivilege=root limit="timeout 5" denied_code=126; servers_in "$1"`;
    return spawnSync("sh", ["-c", call, "sh", join(root, name)], { encoding: "utf8" }).stdout;
  };
  for (const name of ["plain", "linked", "queue", "long"]) mkdirSync(join(root, name));
  const text = "# x\nnameserver 198.51.100.53\nnameserver fd00::53 \nnameserver 10.0.0.1\nnameserver $(id)\n";
  writeFileSync(join(root, "plain/resolv.conf"), text);
  writeFileSync(join(root, "long/resolv.conf"), `${"#".repeat(5000)}\n${text}`);
  symlinkSync(join(root, "plain/resolv.conf"), join(root, "linked/resolv.conf"));
  symlinkSync(join(root, "plain"), join(root, "folder"));
  spawnSync("mkfifo", [join(root, "queue/resolv.conf")]);
  expect(told("plain")).toBe("198.51.100.53 fd00::53 ");
  expect(["linked", "folder", "queue", "long", "none"].map(told)).toEqual(["", "", "", "", ""]);
});

test("a login that may not do everything as root asks sudo for nothing that no rule names", () => {
  const call = (rights: string) => {
    const section = "outbound_asked() { :; }; outbound_proxy() { :; }; outbound_names() { :; }; probe_here() { :; }";
    const spaces = 'outbound_namespaces() { echo "process 7 net:[7]"; }; as_root() { echo "as root: $1" >&2; }';
    const run = `${functions}\n${section}; ${spaces}; read_now; began=$now outbound=yes boundary=abcdef0123456789 limit= ${rights}\nnewline='\n'\noutbound_section`;
    return spawnSync("sh", ["-c", run], { encoding: "utf8" });
  };
  expect(call("privilege=sudo sudo_all=no").stdout).not.toMatch(/as root|outbound\.within/);
  for (const rights of ["privilege=root sudo_all=no", "privilege=sudo sudo_all=yes"])
    expect(call(rights).stdout).toMatch(/outbound\.within[\s\S]*as root: nsenter/);
});

function words(asked: string, names = ""): readonly string[] {
  const call = `${functions}\nasked='${asked}' names='${names}' proxies=\noutbound_words ''`;
  return spawnSync("sh", ["-c", call], { encoding: "utf8" }).stdout.trim().split("\n");
}

test("beside foreign resolvers one of the family is asked that nobody is at", () => {
  expect(words("resolver 8.8.8.8").toSorted()).toEqual([
    "tcp,192.0.2.53,.",
    "tcp,8.8.8.8,.",
    "udp,192.0.2.53,.",
    "udp,8.8.8.8,.",
    "wait",
  ]);
  expect(words("resolver 2620:fe::fe")).toContain("udp,2001:db8::53,.");
  expect(words("needed 192.0.2.1 443")).toEqual(["direct,192.0.2.1,443,192.0.2.1", "wait"]);
});

test("what is needed is tried by itself, before the rest, and once", () => {
  const asked = "canary example.com 443\nneeded slack.com 443\nai slack.com 443\nneeded 192.0.2.9 8443";
  const names =
    "name slack.com ipv4 0 198.51.100.11\nname slack.com ipv6 0 2001:db8::11\nname example.com ipv4 0 198.51.100.20";
  expect(words(asked, names)).toEqual([
    "direct,slack.com,443,198.51.100.11",
    "direct,slack.com,443,2001:db8::11",
    "direct,192.0.2.9,8443,192.0.2.9",
    "wait",
    "direct,example.com,443,198.51.100.20",
  ]);
});

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

// bash takes a variable of sshd's, or a connection on its input, for a login and reads .bashrc.
test.runIf(there("bash"))("what the login's own settings print is no part of an answer", async () => {
  const home = mkdtempSync(join(tmpdir(), "sekisho-home-"));
  onTestFinished(() => rmSync(home, { recursive: true }));
  writeFileSync(join(home, ".bashrc"), "echo GREETING\n");
  const said = await probed(["sh"], "tcp,127.0.0.1,.", { HOME: home, SSH_CLIENT: "192.0.2.1 1 22", SHLVL: "0" });
  expect(said).toMatch(/^dns tcp 127\.0\.0\.1 /m);
  expect(said).not.toContain(Buffer.from("GREETING").toString("hex"));
});
