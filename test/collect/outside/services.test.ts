import { generateKeyPairSync } from "node:crypto";
import { createServer as createHttp } from "node:http";
import { createServer as createHttps } from "node:https";
import { createServer as createTls } from "node:tls";
import ssh2, { type KexAlgorithm } from "ssh2";
import { expect, test } from "vitest";
import { isUnknown } from "#model/unknown.ts";
import { issue, listen, listenOn } from "../../net/peers.ts";
import { collect } from "./harness.ts";

const root = issue({ subject: "Lab Root", ca: true });
const hostKey = generateKeyPairSync("rsa", { modulusLength: 2048 })
  .privateKey.export({ type: "pkcs1", format: "pem" })
  .toString();

/** An SSH server that offers to each user what `methods` says; undefined lets the user in. */
async function sshServer(
  methods: (user: string) => ("publickey" | "password" | "keyboard-interactive")[] | undefined,
  breaksOff = 0,
  kex: KexAlgorithm[] = ["curve25519-sha256"],
) {
  const attempts: string[] = [];
  const server = new ssh2.Server({ hostKeys: [hostKey], ident: "test", algorithms: { kex } }, (client) => {
    client.on("error", () => undefined);
    client.on("authentication", (context) => {
      attempts.push(`${context.username} ${context.method}`);
      const offered = methods(context.username);
      if (offered === undefined) context.accept();
      else context.reject(offered);
    });
  });
  let connections = 0;
  const port = await listen((socket) => {
    connections += 1;
    if (connections > breaksOff) server.injectSocket(socket);
    else void socket.write("SSH-2.0-test\r\n", () => setTimeout(() => socket.resetAndDestroy(), 50));
  });
  return { port, attempts };
}

test("an SSH server: algorithms, host key, and methods for each user, by none alone", async () => {
  const { port, attempts } = await sshServer((user) => (user === "root" ? ["publickey", "password"] : ["publickey"]));
  const { ssh, gaps, purposes } = await collect({ ports: [port], timeoutMs: 1500 });
  expect(ssh).toHaveLength(1);
  expect(ssh[0]).toMatchObject({ port, family: "ipv4", banner: "SSH-2.0-test" });
  expect(ssh[0]?.keyExchange).toContain("curve25519-sha256");
  expect(ssh[0]?.hostKeys).toEqual([
    { type: "ssh-rsa", bits: 2048, fingerprint: expect.stringMatching(/^SHA256:[A-Za-z0-9+/]{43}$/) },
  ]);
  expect(ssh[0]?.users).toEqual([
    { user: "openclaw", methods: ["publickey"] },
    { user: "root", methods: ["publickey", "password"] },
    { user: "no-such-user", methods: ["publickey"] },
  ]);
  // The last two are asked at the same time.
  expect(attempts.toSorted()).toEqual(["no-such-user none", "openclaw none", "root none"]);
  expect(gaps).toEqual({ ssh: [], tls: [], http: [] });
  expect(ssh[0]?.groupExchange).toEqual([]);
  expect(purposes).toEqual({ [`${port} identify`]: 1, [`${port} ssh`]: 2 });
});

test.each([1, 2])("an SSH server that breaks off %i times is asked again", async (breaksOff) => {
  const { port } = await sshServer(() => ["publickey"], breaksOff);
  const { ssh, connections } = await collect({ ports: [port], timeoutMs: 1500 });
  expect(ssh[0]?.users.map((one) => ("methods" in one ? one.methods : one.$unknown))).toEqual([
    ["publickey"],
    ["publickey"],
    ["publickey"],
  ]);
  expect(connections).toBe(3 + breaksOff);
});

test("a server that stalls in a group exchange is asked once more without one, and its group is not known", async () => {
  const kex: KexAlgorithm[] = ["curve25519-sha256", "diffie-hellman-group-exchange-sha256"];
  const { port } = await sshServer(() => ["publickey"], 0, kex);
  const { ssh, connections } = await collect({ ports: [port], timeoutMs: 300 });
  expect(ssh[0]?.users.map((one) => ("methods" in one ? one.methods : one.$unknown))).toEqual(
    Array(3).fill(["publickey"]),
  );
  expect(ssh[0]?.groupExchange).toEqual([{ $unknown: "no group was seen of diffie-hellman-group-exchange-sha256" }]);
  expect(connections).toBe(4);
});

test("a server that lets none in is told as such", async () => {
  const { port } = await sshServer(() => undefined);
  const { ssh } = await collect({ ports: [port], sshUsers: ["root"], timeoutMs: 1500 });
  expect(ssh[0]?.users).toEqual([{ user: "root", methods: ["none"] }]);
});

const page = "<html><form><input type=password></form></html>";

test("an HTTPS server: certificate, versions and page, over few connections", async () => {
  const leaf = issue({ subject: "claw.example.test", names: ["claw.example.test"] }, root);
  const server = createHttps(
    { key: leaf.key, cert: leaf.cert + root.cert, minVersion: "TLSv1.2" },
    (_request, response) => {
      response.setHeader("Strict-Transport-Security", "max-age=600");
      response.end(page);
    },
  );
  const port = await listenOn(server);
  const { tls, http, gaps, connections, surveyConnections } = await collect({
    ports: [port],
    names: ["claw.example.test"],
    adminUrl: `https://claw.example.test:${port}/`,
    timeoutMs: 1500,
  });
  expect(gaps).toEqual({ ssh: [], tls: [], http: [] });
  expect(tls).toHaveLength(1);
  expect(tls[0]).toMatchObject({
    serverName: "claw.example.test",
    trusted: false,
    trustError: "SELF_SIGNED_CERT_IN_CHAIN",
    nameMatches: true,
    remainingDays: 89,
    started: true,
    leafKeyType: "rsa",
    leafKeyBits: 2048,
    leafSignatureAlgorithm: "sha256WithRSAEncryption",
    versions: [
      { version: "SSLv2", accepted: false },
      { version: "SSLv3", accepted: false },
      { version: "TLSv1", accepted: false },
      { version: "TLSv1.1", accepted: false },
      { version: "TLSv1.2", accepted: true },
      { version: "TLSv1.3", accepted: true },
    ],
  });
  expect(tls[0]?.chain).toMatchObject([
    { subject: "CN=claw.example.test", issuer: "CN=Lab Root" },
    { subject: "CN=Lab Root" },
  ]);
  expect(tls[0]).toMatchObject({
    secureRenegotiation: true,
    compression: false,
    refusesFallback: true,
    certificates: [{ authentication: "RSA", chain: [{ subject: "CN=claw.example.test" }, {}] }],
    alpn: ["http/1.1"],
  });
  expect(tls[0]?.cipherSuites).toContainEqual({
    version: "TLSv1.2",
    name: "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
    openssl: "ECDHE-RSA-AES128-GCM-SHA256",
    keyExchange: "ECDHE",
    authentication: "RSA",
    encryption: "AES_128_GCM",
    keyBits: 128,
    mode: "aead",
    mac: "",
    forwardSecrecy: true,
    primeBits: 0,
  });
  expect(tls[0]?.groups).toContainEqual({ version: "TLSv1.3", group: "X25519MLKEM768" });
  expect([tls[0]?.cipherSuites, tls[0]?.groups].flat().some(isUnknown)).toBe(false);
  expect(surveyConnections).toBeLessThanOrEqual(80);
  expect(http).toMatchObject([
    {
      scheme: "https",
      host: `claw.example.test:${port}`,
      status: 200,
      hstsMaxAgeSeconds: 600,
      servesLogin: true,
      openclaw: false,
    },
    { scheme: "https", host: `127.0.0.1:${port}`, status: 200, servesLogin: true, openclaw: false },
  ]);
  expect(connections).toBeLessThanOrEqual(8);
});

test.each([
  ["a name the certificate is not for", { names: ["other.example.test"] }, { nameMatches: false }],
  ["a name in the subject alone", { subject: "claw.example.test" }, { nameMatches: false }],
  ["a wildcard", { names: ["*.example.test"] }, { nameMatches: true }],
  ["a wildcard that is too wide", { names: ["*.test"] }, { nameMatches: false }],
  [
    "an expired leaf",
    { names: ["claw.example.test"], fromDays: -20, untilDays: -10 },
    { remainingDays: -11, started: true, nameMatches: true },
  ],
  ["a leaf before its time", { names: ["claw.example.test"], fromDays: 5 }, { started: false }],
  [
    "a short key",
    { names: ["claw.example.test"], bits: 1024 },
    { leafKeyBits: 1024, trustError: "DEPTH_ZERO_SELF_SIGNED_CERT" },
  ],
  [
    "an old signature",
    { names: ["claw.example.test"], sha1: true },
    { leafSignatureAlgorithm: "sha1WithRSAEncryption" },
  ],
  [
    "a subject that steers terminals",
    { subject: "\u001b[2J\u202egnp <b>", names: ["claw.example.test"] },
    { nameMatches: true },
  ],
])("%s", async (_name, request, expected) => {
  const leaf = issue({ subject: "leaf", ...request });
  const server = createTls({ key: leaf.key, cert: leaf.cert, ciphers: "DEFAULT@SECLEVEL=0" }, (socket) => {
    socket.on("error", () => undefined);
    socket.on("data", () => socket.end("* BYE\r\n"));
  });
  const { tls, http, gaps } = await collect({
    ports: [await listenOn(server)],
    names: ["claw.example.test"],
    timeoutMs: 1500,
  });
  expect(tls).toMatchObject([{ ...expected, trusted: false }]);
  expect(http).toEqual([]);
  expect(gaps).toEqual({ ssh: [], tls: [], http: [] });
});

test("TLS 1.3 alone: the chain is what OpenSSL has", async () => {
  const leaf = issue({ subject: "claw.example.test", addresses: ["127.0.0.1"] }, root);
  const server = createHttps(
    { key: leaf.key, cert: leaf.cert + root.cert, minVersion: "TLSv1.3" },
    (_request, response) => void response.end("x"),
  );
  const { tls } = await collect({ ports: [await listenOn(server)], timeoutMs: 1500 });
  expect(tls).toMatchObject([
    { serverName: "", nameMatches: true, chain: [{ subject: "CN=claw.example.test" }, { subject: "CN=Lab Root" }] },
  ]);
  expect(tls[0]?.versions.slice(4)).toEqual([
    { version: "TLSv1.2", accepted: false },
    { version: "TLSv1.3", accepted: true },
  ]);
});

test("every name is asked, and nothing that a server points to", async () => {
  const asked: string[] = [];
  const elsewhere: number[] = [];
  const other = await listen((_socket, count) => elsewhere.push(count));
  const server = createHttp((request, response) => {
    asked.push(`${request.method} ${request.headers.host} ${request.url}`);
    response.writeHead(301, { Location: `https://127.0.0.1:${other}/\u001b[2J`.replace("\u001b", "%1b") });
    response.end();
  });
  const port = await listenOn(server);
  const { http, gaps } = await collect({ ports: [port], names: ["a.example.test", "b.example.test"], timeoutMs: 1000 });
  expect(http.map((one) => [one.host, one.redirectsToHttps, one.servesLogin])).toEqual([
    [`a.example.test:${port}`, true, false],
    [`b.example.test:${port}`, true, false],
    [`127.0.0.1:${port}`, true, false],
  ]);
  expect(new Set(asked.map((line) => line.split(" ")[0]))).toEqual(new Set(["GET"]));
  expect(elsewhere).toEqual([]);
  expect(gaps).toEqual({ ssh: [], tls: [], http: [] });
});

test("an abort ends everything soon and leaves the lists open", async () => {
  const port = await listen((socket) => socket.resume());
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 100);
  const { gaps } = await collect({ ports: [port], timeoutMs: 10_000 }, stop.signal);
  for (const kind of ["ssh", "tls", "http"] as const) expect(gaps[kind]).not.toEqual([]);
});

test("progress is told of every step from start to end", async () => {
  const { progress } = await collect({
    ports: [await listen((socket) => socket.end("220 hello\r\n"))],
    timeoutMs: 300,
  });
  for (const step of ["icmp", "tcp", "ssh", "tls", "http"]) {
    const states = progress.filter((event) => event.step === step).map((event) => event.state);
    expect(states.at(0)).toBe("start");
    expect(states.at(-1)).toBe("end");
  }
});

test("what pages say to browsers is kept without the values of cookies, and requests name the run", async () => {
  const agents: (string | undefined)[] = [];
  const server = createHttp((request, response) => {
    agents.push(request.headers["user-agent"]);
    response.setHeader("Content-Security-Policy", "default-src 'self'");
    response.setHeader("X-Frame-Options", "DENY");
    response.setHeader("Set-Cookie", ["session=s3cret; Secure; HttpOnly; SameSite=Lax", "theme=s3cret"]);
    response.end("<p>Hello</p>");
  });
  const port = await listenOn(server);
  const { http, text } = await collect({ ports: [port], userAgent: "sekisho/9.9 (audit 0011)", timeoutMs: 1500 });
  expect(http).toMatchObject([
    {
      contentSecurityPolicy: ["default-src 'self'"],
      frameOptions: ["DENY"],
      contentTypeOptions: [],
      cookies: [
        { name: "session", secure: true, httpOnly: true, sameSite: "lax" },
        { name: "theme", secure: false, httpOnly: false, sameSite: "" },
      ],
    },
  ]);
  expect(text).not.toContain("s3cret");
  expect(new Set(agents)).toEqual(new Set(["sekisho/9.9 (audit 0011)"]));
});
