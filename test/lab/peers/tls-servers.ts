import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { closedPort } from "../../net/peers.ts";

/** A TLS server in a process of its own. */
export interface Running {
  readonly port: number;
  stop(): void;
}

/** A folder with an RSA, an ECDSA and a DSA certificate with their keys, and primes of 1024 and 2048 bits. */
export function keyFolder(): { folder: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), "sekisho-tls-"));
  const openssl = (...args: string[]) => execFileSync("openssl", args, { cwd: folder, stdio: "ignore" });
  const own = ["-nodes", "-days", "90", "-subj", "/CN=claw.example.test"];
  openssl("req", "-x509", "-newkey", "rsa:2048", "-keyout", "rsa.key", "-out", "rsa.pem", ...own);
  const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"];
  openssl("req", "-x509", ...curve, "-keyout", "ec.key", "-out", "ec.pem", ...own);
  openssl("dsaparam", "-out", "dsa.par", "2048");
  openssl("req", "-x509", "-newkey", "dsa:dsa.par", "-keyout", "dsa.key", "-out", "dsa.pem", ...own);
  openssl("dhparam", "-dsaparam", "-out", "dh1024.pem", "1024");
  openssl("dhparam", "-dsaparam", "-out", "dh2048.pem", "2048");
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Starts nginx with settings of one TLS server. */
export async function nginx(folder: string, settings: string): Promise<Running> {
  const port = await closedPort();
  const paths = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (name) => `${name}_temp_path ${folder}/${name};`,
  );
  const keys = ["rsa", "ec"].map((name) => `ssl_certificate ${name}.pem; ssl_certificate_key ${name}.key;`);
  const config = join(folder, `${port}.conf`);
  writeFileSync(
    config,
    `daemon off; pid ${folder}/${port}.pid; error_log ${folder}/error.log; events {} http { access_log off; ${paths.join(" ")}
    server { listen 127.0.0.1:${port} ssl; ${keys.join(" ")} ${settings} location / { return 403; } } }`,
  );
  return start("/usr/sbin/nginx", ["-c", config, "-p", folder], { folder, port });
}

/** Starts `openssl s_server`, which serves one client after the other. */
export async function opensslServer(folder: string, args: readonly string[]): Promise<Running> {
  const port = await closedPort();
  return start("openssl", ["s_server", "-accept", `127.0.0.1:${port}`, "-www", "-quiet", ...args], { folder, port });
}

/** Starts gnutls-serv. */
export async function gnutlsServer(folder: string, args: readonly string[]): Promise<Running> {
  const port = await closedPort();
  return start("gnutls-serv", ["-p", String(port), "--echo", "--quiet", ...args], { folder, port });
}

async function start(
  command: string,
  args: readonly string[],
  place: { folder: string; port: number },
): Promise<Running> {
  const child = spawn(command, args, { stdio: "ignore", cwd: place.folder });
  const stop = () => void child.kill();
  while (!(await listens(place.port))) {
    if (child.exitCode !== null) throw new Error(`${command} ended with ${child.exitCode}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return { port: place.port, stop };
}

async function listens(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect(port, "127.0.0.1", () => resolve(true));
  socket.on("error", () => resolve(false));
  const done = await promise;
  socket.destroy();
  return done;
}
