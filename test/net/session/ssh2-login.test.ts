import { generateKeyPairSync } from "node:crypto";
import { describe, expect, test } from "vitest";
import { fingerprint } from "#net/session/known-hosts.ts";
import { openSsh2Session } from "#net/session/ssh2.ts";
import { blob, keyFile, limits, loginTo, makePair, type Pair, startTcpServer } from "./ssh-server.ts";
import { hostKey, opened, problem, server, session, userKey } from "./ssh2-fixture.ts";

describe("login", () => {
  test("opens a session that names the verified key", async () => {
    const open = await session();
    expect(open).toMatchObject({ via: "ssh2", notes: [], hostKeys: [fingerprint(blob(hostKey.public))] });
  });

  test.each(["rsa", "ecdsa"] as const)("logs in with a key of type %s", async (type) => {
    const pair = makePair(type);
    const { port } = await server({ authorised: [pair] });
    const attempt = await openSsh2Session(loginTo(port, hostKey, pair), limits());
    expect(attempt.ok).toBe(true);
    if (attempt.ok) await attempt.session.close();
  });

  test("reads an RSA key in PKCS#8", async () => {
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const content = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
    const { port } = await server();
    const login = loginTo(port, hostKey, userKey, { keys: [keyFile(userKey, { content })] });
    expect(await problem(login)).toMatchObject({ code: "authentication" });
  });

  test("tries only keys, and no password", async () => {
    const running = await server({ authorised: [], methods: ["publickey", "password", "keyboard-interactive"] });
    const found = await problem(loginTo(running.port, hostKey, userKey));
    expect(found).toMatchObject({ code: "authentication" });
    expect(found.message).toContain("publickey, password, keyboard-interactive");
    expect(found.message).toContain(fingerprint(blob(userKey.public)));
    expect(running.attempts).toEqual(["publickey"]);
  });

  test("stops at once where keys are not taken", async () => {
    const running = await server({ authorised: [], methods: ["password"] });
    const keys = [keyFile(makePair()), keyFile(userKey)];
    const found = await problem(loginTo(running.port, hostKey, userKey, { keys, identityGiven: false }));
    expect(found).toMatchObject({ code: "authentication", message: expect.stringContaining("offers password only") });
    expect(running.attempts).toHaveLength(1);
  });

  test("says that a second factor is asked for", async () => {
    const { port } = await server({ secondFactor: true });
    const found = await problem(loginTo(port, hostKey, userKey));
    expect(found.code).toBe("authentication");
    expect(found.message).toContain("asks for keyboard-interactive on top of it");
  });

  test("tries no more keys than a server puts up with", async () => {
    const running = await server({ authorised: [] });
    const keys = Array.from({ length: 9 }, () => keyFile(makePair()));
    await problem(loginTo(running.port, hostKey, userKey, { keys, identityGiven: false }));
    expect(running.attempts).toHaveLength(5);
  });

  test("notes the keys that were not tried", async () => {
    const keys = [keyFile(userKey), ...Array.from({ length: 6 }, () => keyFile(makePair()))];
    const open = await session({}, { keys, identityGiven: false });
    expect(open.notes.join()).toContain("2 more keys were not tried");
  });

  test.each([
    ["encrypted", makePair("ed25519", "secret").private, "passphrase", "ssh-add /keys/id"],
    ["encrypted PKCS#8", encryptedPkcs8(), "passphrase", "ssh-add /keys/id"],
    ["no key", "hello", "key-unreadable", "ssh-keygen -yf"],
    ["public", userKey.public, "key-unreadable", "ssh-keygen -yf"],
  ])("says what is wrong with a key file that is %s", async (_, content, code, hint) => {
    const found = await problem(loginTo(1, hostKey, userKey, { keys: [keyFile(userKey, { content })] }));
    expect(found.code).toBe(code);
    expect(found.hint).toContain(hint);
  });

  test("says that there is no key at all", async () => {
    const found = await problem(loginTo(1, hostKey, userKey, { keys: [], identityGiven: false }));
    expect(found).toMatchObject({ code: "authentication", hint: expect.stringContaining("--identity") });
  });

  test("leaves certificates to the system's ssh, before anything is sent", async () => {
    const running = await server();
    const keys = [keyFile(userKey, { certificate: true })];
    const found = await problem(loginTo(running.port, hostKey, userKey, { keys }));
    expect(found.systemSsh).toContain("certificate");
    expect(running.connections).toBe(0);
  });

  test("leaves unshared algorithms to the system's ssh", async () => {
    const { port } = await server({ kex: ["diffie-hellman-group1-sha1"] });
    const found = await problem(loginTo(port, hostKey, userKey));
    expect(found).toMatchObject({ code: "algorithms", systemSsh: expect.stringContaining("key exchange") });
  });
});

function encryptedPkcs8(): string {
  const { privateKey } = generateKeyPairSync("ed25519");
  return privateKey.export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "secret" }).toString();
}

describe("host key", () => {
  const shown = fingerprint(blob(hostKey.public));
  const known =
    (pair: Pair, marker = "") =>
    (port: number) =>
      `${marker}[127.0.0.1]:${port} ${pair.public}`;

  test.each([
    ["unknown", () => "", false, "host-key-unknown"],
    ["unknown, another accepted", () => "", "SHA256:AAAA", "host-key-unknown"],
    ["changed", known(makePair()), false, "host-key-changed"],
    ["changed, though accepted", known(makePair()), true, "host-key-changed"],
    ["changed, though accepted by fingerprint", known(makePair()), shown, "host-key-changed"],
    ["revoked, though accepted", known(hostKey, "@revoked "), shown, "host-key-revoked"],
  ] as const)("%s is refused before any key is shown", async (_, knownHosts, acceptNewHostKey, code) => {
    const running = await server();
    const login = loginTo(running.port, hostKey, userKey, { knownHosts: knownHosts(running.port), acceptNewHostKey });
    const found = await problem(login);
    expect(found).toMatchObject({ code, fingerprint: shown });
    expect(found.message).toContain(shown);
    expect(running.attempts).toEqual([]);
  });

  test("an unknown one is refused with the line that accepts it", async () => {
    const { port } = await server();
    const found = await problem(loginTo(port, hostKey, userKey, { knownHosts: "" }));
    expect(found.hint).toContain(`--accept-new-host-key ${shown}`);
  });

  test.each([shown, `${shown}=`, true])("an unknown one is accepted by %s, and noted", async (acceptNewHostKey) => {
    const open = await session({}, { knownHosts: "", acceptNewHostKey });
    expect(open.notes).toEqual([expect.stringContaining(shown)]);
  });

  test("a host known by its RSA key only is asked for that one", async () => {
    const rsa = makePair("rsa");
    const { port } = await server({ hostKeys: [hostKey, rsa] });
    const attempt = await openSsh2Session(loginTo(port, rsa, userKey), limits());
    if (!attempt.ok) throw new Error(attempt.problem.message);
    expect(attempt.session.hostKeys).toEqual([fingerprint(blob(rsa.public))]);
    await attempt.session.close();
  });

  test("an authority in known_hosts is left to the system's ssh", async () => {
    const { port } = await server();
    const knownHosts = `@cert-authority * ${makePair().public}`;
    const found = await problem(loginTo(port, hostKey, userKey, { knownHosts }));
    expect(found).toMatchObject({ code: "host-key-unknown", systemSsh: expect.stringContaining("authority") });
  });
});

describe("what is not an SSH server", () => {
  test.each([
    ["HTTP", "HTTP/1.1 400 Bad Request\r\nServer: x\r\n\r\n".repeat(500), "not-ssh"],
    ["one endless line", "a".repeat(100_000), "not-ssh"],
    ["SSH 1", "SSH-1.5-old\r\n", "not-ssh"],
    ["garbage after the identification", `SSH-2.0-x\r\n${"\0".repeat(200)}`, "lost"],
  ])("%s", async (_, greeting, code) => {
    const tcp = await startTcpServer((socket) => socket.write(greeting));
    opened.push(tcp);
    expect((await problem(loginTo(tcp.port, hostKey, userKey))).code).toBe(code);
  });

  test("a port that closes at once", async () => {
    const tcp = await startTcpServer((socket) => socket.end());
    opened.push(tcp);
    expect((await problem(loginTo(tcp.port, hostKey, userKey))).code).toBe("refused");
  });

  test("a port that says nothing", async () => {
    const tcp = await startTcpServer(() => undefined);
    opened.push(tcp);
    const found = await problem(loginTo(tcp.port, hostKey, userKey), 300);
    expect(found).toMatchObject({ code: "timeout", message: expect.stringContaining("no SSH identification") });
  });

  test("a closed port", async () => {
    const tcp = await startTcpServer(() => undefined);
    tcp.close();
    expect((await problem(loginTo(tcp.port, hostKey, userKey))).code).toBe("refused");
  });

  test("a name without address", async () => {
    expect((await problem(loginTo(22, hostKey, userKey, { host: "nobody.invalid" }))).code).toBe("unresolved");
  });
});
