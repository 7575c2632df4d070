import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { collect } from "../../collect/outside/harness.ts";
import { closedPort, issue } from "../../net/peers.ts";

function workFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "sekisho-lab-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Runs a daemon in the foreground for the length of the test, and waits until it listens. */
async function run(command: string, args: readonly string[], port: number): Promise<void> {
  const child = spawn(command, args, { stdio: "ignore" });
  onTestFinished(() => void child.kill());
  const listens = async () => {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const socket = connect(port, "127.0.0.1", () => resolve(true));
    socket.on("error", () => resolve(false));
    const done = await promise;
    socket.destroy();
    return done;
  };
  while (!(await listens())) {
    if (child.exitCode !== null) throw new Error(`${command} ended with ${child.exitCode}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function sshd(settings: string): Promise<{ port: number; keys: string[] }> {
  const folder = workFolder();
  const port = await closedPort();
  mkdirSync("/run/sshd", { recursive: true });
  const keys = ["ed25519", "ecdsa", "rsa"].map((type) => {
    const file = join(folder, type);
    execFileSync("ssh-keygen", ["-q", "-t", type, "-N", "", "-f", file]);
    return {
      file,
      fingerprint: execFileSync("ssh-keygen", ["-l", "-f", file], { encoding: "utf8" }).split(" ")[1] ?? "",
    };
  });
  const config = join(folder, "sshd_config");
  const lines = [
    `Port ${port}`,
    "ListenAddress 127.0.0.1",
    "PidFile none",
    ...keys.map((key) => `HostKey ${key.file}`),
    settings,
  ];
  writeFileSync(config, `${lines.join("\n")}\n`);
  await run("/usr/sbin/sshd", ["-D", "-f", config], port);
  return { port, keys: keys.map((key) => key.fingerprint) };
}

test.each([
  [
    "as Debian ships it",
    "UsePAM yes",
    ["publickey", "password", "keyboard-interactive"],
    ["publickey", "password", "keyboard-interactive"],
  ],
  ["keys only", "PasswordAuthentication no\nKbdInteractiveAuthentication no", ["publickey"], ["publickey"]],
  [
    "root by password in a Match block",
    "PasswordAuthentication no\nKbdInteractiveAuthentication no\nMatch User root\n PermitRootLogin yes\n PasswordAuthentication yes",
    ["publickey"],
    ["publickey", "password"],
  ],
])("sshd %s", async (_name, settings, user, root) => {
  const { port, keys } = await sshd(settings);
  const { ssh, gaps, connections } = await collect({ ports: [port], timeoutMs: 2000 });
  expect(gaps.ssh).toEqual([]);
  expect(ssh).toHaveLength(1);
  expect(ssh[0]?.hostKeys.map((key) => ("fingerprint" in key ? key.fingerprint : key.$unknown)).toSorted()).toEqual(
    keys.toSorted(),
  );
  expect(ssh[0]?.users.map((one) => ("methods" in one ? one.methods : one.$unknown))).toEqual([user, root, user]);
  expect(connections).toBeLessThanOrEqual(5);
});

// Whether the daemon's place is free again when the next connection comes is a race that it may win each time.
test("sshd with one place for clients: what is told is true, and what could not be told is said", async () => {
  const { port, keys } = await sshd("MaxStartups 1");
  const { ssh, gaps, connections } = await collect({ ports: [port], timeoutMs: 2000 });
  expect(gaps.ssh).toEqual([]);
  expect(ssh).toHaveLength(1);
  const read = ssh[0]?.hostKeys.flatMap((key) => ("fingerprint" in key ? [key.fingerprint] : [])) ?? [];
  expect(read.length).toBeGreaterThan(0);
  expect(keys).toEqual(expect.arrayContaining(read));
  expect(ssh[0]?.hostKeys.some((key) => !("fingerprint" in key))).toBe(read.length < keys.length);
  const methods = ssh[0]?.users.map((one) => ("methods" in one ? one.methods : one)) ?? [];
  const known = methods.filter((one) => Array.isArray(one));
  expect(known.length).toBeGreaterThan(0);
  for (const one of known) expect(one).toEqual(["publickey", "password", "keyboard-interactive"]);
  for (const one of methods) if (!Array.isArray(one)) expect(one).toHaveProperty("$unknown");
  // One more than elsewhere: the connection that found out what speaks here may be turned away as well.
  expect(connections).toBeLessThanOrEqual(6);
});

test("sshd with post-quantum key exchange alone is read like any other", async () => {
  const { port, keys } = await sshd("KexAlgorithms sntrup761x25519-sha512@openssh.com");
  const { ssh, connections } = await collect({ ports: [port], timeoutMs: 2000 });
  expect(ssh[0]?.keyExchange).toContain("sntrup761x25519-sha512@openssh.com");
  expect(ssh[0]?.hostKeys.map((key) => ("fingerprint" in key ? key.fingerprint : key)).toSorted()).toEqual(
    keys.toSorted(),
  );
  for (const one of ssh[0]?.users ?? []) {
    expect("methods" in one && one.methods).toEqual(["publickey", "password", "keyboard-interactive"]);
  }
  expect(connections).toBe(3);
});

test("nginx: old versions that its settings name are told by what it does", async () => {
  const folder = workFolder();
  const leaf = issue({ subject: "claw.example.test", names: ["claw.example.test"] });
  writeFileSync(join(folder, "cert.pem"), leaf.cert);
  writeFileSync(join(folder, "key.pem"), leaf.key);
  const [weak, strict, below] = [await closedPort(), await closedPort(), await closedPort()];
  const server = (port: number, settings: string) =>
    `server { listen 127.0.0.1:${port} ssl; ssl_certificate cert.pem; ssl_certificate_key key.pem; ${settings} location / { return 403; } }`;
  const paths = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (name) => `${name}_temp_path ${folder}/${name};`,
  );
  writeFileSync(
    join(folder, "nginx.conf"),
    `daemon off; pid ${folder}/pid; error_log ${folder}/error.log; events {} http { access_log off; ${paths.join(" ")}
    ${server(weak, 'ssl_protocols TLSv1 TLSv1.1 TLSv1.2; ssl_ciphers "ALL:@SECLEVEL=0";')}
    ${server(strict, "ssl_protocols TLSv1.2 TLSv1.3;")}
    ${server(below, "ssl_protocols TLSv1 TLSv1.2;")} }`,
  );
  await run("/usr/sbin/nginx", ["-c", join(folder, "nginx.conf"), "-p", folder], weak);
  const { tls, http, gaps } = await collect({
    ports: [weak, strict, below],
    names: ["claw.example.test"],
    timeoutMs: 2000,
  });
  const versions = (port: number) =>
    tls
      .find((one) => one.port === port)
      ?.versions.map((one) => ("version" in one && one.accepted === true ? one.version : ""));
  expect(versions(weak)).toEqual(["", "", "TLSv1", "TLSv1.1", "TLSv1.2", ""]);
  expect(versions(strict)).toEqual(["", "", "", "", "TLSv1.2", "TLSv1.3"]);
  expect(versions(below)).toEqual(["", "", "", "", "TLSv1.2", ""]);
  expect(
    tls.flatMap((one) => one.versions).every((one) => "accepted" in one && typeof one.accepted === "boolean"),
  ).toBe(true);
  expect(http.map((one) => [one.scheme, one.status, one.servesLogin, one.openclaw])).toEqual(
    Array(6).fill(["https", 403, false, false]),
  );
  expect(gaps).toEqual({ ssh: [], tls: [], http: [] });
});

test("nginx: a default server that refuses to shake hands, hangs up, or serves the UI", async () => {
  const folder = workFolder();
  const leaf = issue({ subject: "claw.example.test", names: ["claw.example.test"] });
  writeFileSync(join(folder, "cert.pem"), leaf.cert);
  writeFileSync(join(folder, "key.pem"), leaf.key);
  writeFileSync(join(folder, "index.html"), "<openclaw-app></openclaw-app>");
  const [refuses, hangsUp, serves] = [await closedPort(), await closedPort(), await closedPort()];
  const secure = "ssl_certificate cert.pem; ssl_certificate_key key.pem;";
  const named = (listen: string) =>
    `server { listen 127.0.0.1:${listen}; server_name claw.example.test; ${secure} location / { return 403; } }`;
  const other = (listen: string, settings: string) =>
    `server { listen 127.0.0.1:${listen} default_server; ${settings} }`;
  const paths = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (name) => `${name}_temp_path ${folder}/${name};`,
  );
  writeFileSync(
    join(folder, "nginx.conf"),
    `user root; daemon off; pid ${folder}/pid; error_log ${folder}/error.log; events {} http { access_log off; ${paths.join(" ")}
    types { text/html html; }
    ${other(`${refuses} ssl`, "ssl_reject_handshake on;")} ${named(`${refuses} ssl`)}
    ${other(`${hangsUp}`, "return 444;")} ${named(`${hangsUp}`)}
    ${other(`${serves} ssl`, `${secure} root ${folder};`)} ${named(`${serves} ssl`)} }`,
  );
  await run("/usr/sbin/nginx", ["-c", join(folder, "nginx.conf"), "-p", folder], refuses);
  const { tls, http, gaps } = await collect({
    ports: [refuses, hangsUp, serves],
    names: ["claw.example.test"],
    timeoutMs: 2000,
  });
  expect(http.map(({ scheme, host, status, openclaw }) => [scheme, host, status, openclaw]).toSorted()).toEqual(
    [
      ["https", `claw.example.test:${refuses}`, 403, false],
      ["http", `claw.example.test:${hangsUp}`, 403, false],
      ["https", `claw.example.test:${serves}`, 403, false],
      ["https", `127.0.0.1:${serves}`, 200, true],
    ].toSorted(),
  );
  expect(new Set(tls.map(({ serverName }) => serverName))).toEqual(new Set(["claw.example.test"]));
  expect(gaps).toEqual({ ssh: [], tls: [], http: [] });
});
