import { spawn } from "node:child_process";
import { createServer as createHttp, type RequestListener } from "node:http";
import { createServer as createHttps } from "node:https";
import { connect, type Socket } from "node:net";
import ssh2 from "ssh2";
import { expect, onTestFinished, test } from "vitest";
import { isUnknown, seen } from "#model/unknown.ts";
import { issue, listen, listenOn } from "../../net/peers.ts";
import { collect } from "./harness.ts";

const name = "claw.example.test";
const leaf = issue({ subject: name, names: [name, "b.example.test", "c.example.test"] });
const ui = "<openclaw-app></openclaw-app>";

/** Goes on with a connection at another port, from what it began with. */
function handOn(socket: Socket, begun: Buffer, port: number): void {
  const onward = connect(port, "127.0.0.1");
  onward.on("error", () => socket.destroy());
  socket.on("error", () => onward.destroy()).on("close", () => onward.destroy());
  onward.write(begun);
  socket.pipe(onward).pipe(socket);
}

/** Shows the UI to whoever asks for no name, and refuses the name. */
const onlyNameless: RequestListener = (request, response) => {
  const nameless = /^127\.0\.0\.1:/.test(request.headers.host ?? "");
  response.writeHead(nameless ? 200 : 403, { "content-type": "text/html" }).end(nameless ? ui : "no");
};

test("what an HTTP server serves by default is seen where names are declared", async () => {
  const port = await listenOn(createHttp(onlyNameless));
  const { http, gaps, connections } = await collect({ ports: [port], names: [name], timeoutMs: 1000 });
  expect(http).toMatchObject([
    { host: `${name}:${port}`, status: 403, openclaw: false },
    { host: `127.0.0.1:${port}`, status: 200, openclaw: true, servesLogin: true },
  ]);
  expect(gaps).toEqual({ ssh: [], tls: [], http: [] });
  expect(connections).toBeLessThanOrEqual(6);
});

test("what a TLS server serves by default is seen, without a certificate of it", async () => {
  const names: unknown[] = [];
  const server = createHttps({ key: leaf.key, cert: leaf.cert }, onlyNameless);
  server.on("secureConnection", (socket) => names.push(socket.servername));
  const port = await listenOn(server);
  const { http, tls, gaps, connections } = await collect({ ports: [port], names: [name], timeoutMs: 1000 });
  expect(http).toMatchObject([
    { scheme: "https", host: `${name}:${port}`, status: 403 },
    { scheme: "https", host: `127.0.0.1:${port}`, status: 200, openclaw: true },
  ]);
  expect(tls.map(({ serverName }) => serverName)).toEqual([name]);
  expect(names).toEqual([name, false]);
  expect(gaps).toEqual({ ssh: [], tls: [], http: [] });
  expect(connections).toBeLessThanOrEqual(8);
});

test.each([
  ["has nothing under that (unrecognized_name)", 112, 0],
  ["found no certificate (internal_error)", 80, 0],
  ["may want another handshake (handshake_failure)", 40, 1],
])("a TLS server that says without a name that it %s", async (_name, alert, count) => {
  const behind = await listenOn(
    createHttps({ key: leaf.key, cert: leaf.cert }, (_request, response) => response.end("x")),
  );
  const port = await listen((socket) =>
    socket.once("data", (chunk) => {
      if (chunk.includes(name)) handOn(socket, chunk, behind);
      else socket.end(Buffer.from([0x15, 3, 3, 0, 2, 2, alert]));
    }),
  );
  const { http, tls, gaps } = await collect({ ports: [port], names: [name], timeoutMs: 1000 });
  expect(http.filter(({ scheme }) => scheme === "https").map(({ host }) => host)).toEqual([`${name}:${port}`]);
  expect(tls).toHaveLength(1);
  expect([gaps.ssh, gaps.tls]).toEqual([[], []]);
  expect(gaps.http).toHaveLength(count);
});

test("a server that hangs up on one who asks for no name serves nothing there", async () => {
  const server = createHttp((request, response) => {
    if (request.headers.host?.startsWith(name)) response.end("x");
    else request.socket.destroy();
  });
  const port = await listenOn(server);
  const { http, gaps } = await collect({ ports: [port], names: [name, "b.example.test"], timeoutMs: 1000 });
  expect(http.map(({ host }) => host)).toEqual([`${name}:${port}`]);
  expect(gaps).toEqual({ ssh: [], tls: [], http: [] });
});

test("a server that falls silent to one who asks for no name may serve anything there", async () => {
  const server = createHttp((request, response) => {
    if (request.headers.host?.startsWith(name)) response.end("x");
  });
  const port = await listenOn(server);
  const { http, gaps } = await collect({ ports: [port], names: [name], timeoutMs: 300 });
  expect(http).toHaveLength(1);
  expect(gaps.http).toHaveLength(1);
});

test("all is asked under two names; under a third only versions", async () => {
  const server = createHttps({ key: leaf.key, cert: leaf.cert, minVersion: "TLSv1.2" }, (_request, response) =>
    response.end("x"),
  );
  const port = await listenOn(server);
  const { tls } = await collect({ ports: [port], names: [name, "b.example.test", "c.example.test"], timeoutMs: 1000 });
  expect(tls).toHaveLength(3);
  expect(tls.map(({ cipherSuites }) => cipherSuites.some(isUnknown))).toEqual([false, false, true]);
  for (const { versions } of tls) {
    expect(versions).toEqual(
      ["SSLv2", "SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"].map((version, at) => ({
        version,
        accepted: at > 3,
      })),
    );
  }
});

test("a server that refuses every hello alike says nothing of any version", async () => {
  const refusal = Buffer.from([0x15, 3, 3, 0, 2, 2, 40]);
  const port = await listen((socket) => socket.once("data", () => socket.end(refusal)));
  const { tls } = await collect({ ports: [port], names: [name], timeoutMs: 1000 });
  expect(tls).toHaveLength(1);
  for (const { versions, cipherSuites } of tls) {
    const older = seen(versions).filter(({ version }) => version !== "TLSv1.2" && version !== "TLSv1.3");
    expect(older.map(({ accepted }) => isUnknown(accepted))).toEqual([true, true, true, true]);
    expect(cipherSuites.some(isUnknown)).toBe(true);
  }
});

test("a name that is asked for versions alone is told of its own", async () => {
  const older = createHttps({ key: leaf.key, cert: leaf.cert, minVersion: "TLSv1", ciphers: "DEFAULT@SECLEVEL=0" });
  const newer = createHttps({ key: leaf.key, cert: leaf.cert, minVersion: "TLSv1.2" });
  const [old, now] = [await listenOn(older), await listenOn(newer)];
  const port = await listen((socket) =>
    socket.once("data", (chunk) => handOn(socket, chunk, chunk.includes("old.example.test") ? old : now)),
  );
  const { tls } = await collect({
    ports: [port],
    names: [name, "b.example.test", "old.example.test"],
    timeoutMs: 1000,
  });
  const third = tls.find(({ serverName }) => serverName === "old.example.test");
  expect(
    seen(third?.versions ?? [])
      .filter(({ accepted }) => accepted === true)
      .map(({ version }) => version),
  ).toEqual(["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"]);
});

const hostKey = issue({ subject: "key" }).key;

/** Hands on whoever begins as SSH to an SSH server and everyone else to another, as sslh does. */
async function shared(otherPort: number | undefined): Promise<number> {
  const algorithms = { kex: ["curve25519-sha256" as const] };
  const server = new ssh2.Server({ hostKeys: [hostKey], ident: "test", algorithms }, (client) => {
    client.on("error", () => undefined);
    client.on("authentication", (context) => context.reject(["publickey", "password"]));
  });
  const sshPort = await listen((socket) => server.injectSocket(socket));
  return listen((socket) =>
    socket.once("data", (chunk) => {
      const target = chunk.toString("latin1").startsWith("SSH-") ? sshPort : otherPort;
      if (target === undefined) return;
      handOn(socket, chunk, target);
    }),
  );
}

test.each(["TLS", "HTTP", "nothing else"])("SSH is found on a port that it shares with %s", async (other) => {
  const answer: RequestListener = (_request, response) => void response.end("x");
  const plain = other === "HTTP" ? createHttp(answer) : createHttps({ key: leaf.key, cert: leaf.cert }, answer);
  const port = await shared(other === "nothing else" ? undefined : await listenOn(plain));
  const { ssh, tls, http, gaps, connections, purposes } = await collect({
    ports: [port],
    sshUsers: ["root"],
    timeoutMs: 800,
  });
  expect(ssh).toMatchObject([
    { port, banner: "SSH-2.0-test", users: [{ user: "root", methods: ["publickey", "password"] }] },
  ]);
  expect(tls).toHaveLength(other === "TLS" ? 1 : 0);
  expect(http).toHaveLength(other === "nothing else" ? 0 : 1);
  expect(gaps.ssh).toEqual([]);
  expect(purposes[`${port} identify`]).toBe(2);
  expect(connections).toBeLessThanOrEqual(10);
});

test("a process that asked a server which answers and hangs up can end", async () => {
  const port = await listen((socket) => socket.once("data", () => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n")));
  const plan = { vantage: "here", names: [], addresses: ["127.0.0.1"], ports: [port], controls: [], sshUsers: [] };
  const code = `import { collectNetwork } from "./src/collect/outside/collect.ts";
    const around = { signal: new AbortController().signal, now: () => new Date(), progress: () => undefined };
    await collectNetwork({ ...${JSON.stringify(plan)}, userAgent: "sekisho/0", timeoutMs: 400, local: false }, around);`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", code], { stdio: "ignore" });
  onTestFinished(() => void child.kill("SIGKILL"));
  const ended = await new Promise((resolve) => child.on("exit", resolve));
  expect(ended).toBe(0);
});
