import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer } from "node:tls";
import { afterAll, expect, onTestFinished, test } from "vitest";
import { listenOn } from "../../net/peers.ts";
import { survey } from "../../net/tls/tls-peers.ts";
import { gnutlsServer, keyFolder, nginx, opensslServer, type Running } from "./tls-servers.ts";
import {
  nmapCommand,
  outputOf,
  pairsOf,
  readNmap,
  readSslscan,
  readTestssl,
  sslscanCommand,
  testsslCommand,
} from "./tls-tools.ts";

const { folder, remove } = keyFolder();
afterAll(remove);

const everything = "ALL:COMPLEMENTOFALL:@SECLEVEL=0";
const intermediate =
  "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305:DHE-RSA-AES128-GCM-SHA256:DHE-RSA-AES256-GCM-SHA384:DHE-RSA-CHACHA20-POLY1305";
const old = "ssl_protocols TLSv1 TLSv1.1 TLSv1.2 TLSv1.3; ssl_ciphers ALL:eNULL:@SECLEVEL=0;";
const both = ["-cert", "rsa.pem", "-key", "rsa.key", "-dcert", "dsa.pem", "-dkey", "dsa.key", "-dhparam", "dh2048.pem"];
const gnutlsKeys = [
  "--x509certfile",
  "rsa.pem",
  "--x509keyfile",
  "rsa.key",
  "--x509certfile",
  "ec.pem",
  "--x509keyfile",
  "ec.key",
];
/** With NULL among its ciphers GnuTLS leaves TLS 1.3 out. */
const gnutlsAll =
  "NORMAL:+VERS-TLS1.0:+VERS-TLS1.1:+ANON-ECDH:+ANON-DH:+3DES-CBC:+ARCFOUR-128:+NULL:+MD5:+DHE-RSA:%SERVER_PRECEDENCE";

/** A server's name, how it is started, pairs it accepts, and whether it has an order of its own. */
const servers: readonly (readonly [string, () => Promise<Running>, number, boolean])[] = [
  ["nginx, everything, the client's order", () => nginx(folder, `${old} ssl_dhparam dh1024.pem;`), 126, false],
  [
    "nginx, everything, its own order",
    () => nginx(folder, `${old} ssl_prefer_server_ciphers on; ssl_dhparam dh2048.pem;`),
    126,
    true,
  ],
  [
    "nginx, intermediate",
    () =>
      nginx(
        folder,
        `ssl_protocols TLSv1.2 TLSv1.3; ssl_ciphers ${intermediate}; ssl_prefer_server_ciphers on; ssl_dhparam dh2048.pem;`,
      ),
    12,
    true,
  ],
  ["nginx, TLS 1.3 alone", () => nginx(folder, "ssl_protocols TLSv1.3;"), 3, false],
  ["nginx, TLS 1.2 alone", () => nginx(folder, "ssl_protocols TLSv1.2;"), 42, false],
  [
    "openssl s_server, everything with PSK and DSA",
    () => opensslServer(folder, [...both, "-cipher", everything, "-serverpref", "-psk", "616263"]),
    256,
    true,
  ],
  [
    "openssl s_server, ECDSA alone",
    () => opensslServer(folder, ["-cert", "ec.pem", "-key", "ec.key", "-cipher", "ALL:@SECLEVEL=0", "-tls1_2"]),
    27,
    false,
  ],
  ["gnutls-serv, as it comes", () => gnutlsServer(folder, gnutlsKeys), 45, false],
  [
    "gnutls-serv, nearly everything, its own order",
    () => gnutlsServer(folder, [...gnutlsKeys, "--priority", gnutlsAll]),
    106,
    true,
  ],
  ["Node", () => node(), 0, true],
];

async function node(): Promise<Running> {
  const read = (name: string) => readFileSync(join(folder, name));
  const server = createServer({
    key: read("rsa.key"),
    cert: read("rsa.pem"),
    minVersion: "TLSv1",
    ciphers: "DEFAULT:@SECLEVEL=0",
  });
  server.on("tlsClientError", () => undefined);
  return { port: await listenOn(server), stop: () => undefined };
}

test.each(servers)("%s: the same as nmap and sslscan, name by name", async (_name, start, count, ownOrder) => {
  const { port, stop } = await start();
  onTestFinished(stop);
  const found = await survey(port, { atOnce: 16 });
  const ours = pairsOf(found);
  expect(found.versions.flatMap(({ gaps }) => gaps)).toEqual([]);
  if (count > 0) expect(ours).toHaveLength(count);
  const theirs = readNmap(await outputOf(nmapCommand(port)));
  if (ownOrder) expect(ours).toEqual(theirs);
  else expect(ours.toSorted()).toEqual(theirs.toSorted());
  // sslscan offers no suite with a pre-shared key.
  const sslscan = readSslscan(await outputOf(sslscanCommand(port)));
  expect(sslscan.toSorted()).toEqual(ours.filter((pair) => !/PSK/.test(pair)).toSorted());
});

test("nginx, intermediate: the same as testssl.sh", async () => {
  const { port, stop } = await nginx(
    folder,
    `ssl_protocols TLSv1.2 TLSv1.3; ssl_ciphers ${intermediate}; ssl_dhparam dh2048.pem;`,
  );
  onTestFinished(stop);
  const results = mkdtempSync(join(tmpdir(), "sekisho-testssl-"));
  onTestFinished(() => rmSync(results, { recursive: true, force: true }));
  const json = join(results, "found.json");
  await outputOf(testsslCommand(port, json)).catch(() => "");
  expect(pairsOf(await survey(port)).toSorted()).toEqual(
    [...new Set(readTestssl(readFileSync(json, "utf8")))].toSorted(),
  );
}, 300_000);
