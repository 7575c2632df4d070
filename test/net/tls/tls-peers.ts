import { generateKeyPairSync, sign } from "node:crypto";
import { connect, type Socket } from "node:net";
import { createServer, type TlsOptions } from "node:tls";
import type { Dial } from "#net/dial.ts";
import { dialTcp } from "#net/dial.ts";
import type { VersionSurvey } from "#net/tls/suite-survey.ts";
import { suiteOf } from "#net/tls/suites.ts";
import { type SurveyOptions, surveyTls, type TlsSurvey } from "#net/tls/survey.ts";
import { type Issued, issue, listen, listenOn } from "../peers.ts";

/** A self-signed certificate with a key on P-256, which node-forge cannot make. */
function issueEc(subject: string): Issued {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  const algorithm = der(0x30, oid("2a8648ce3d040302"));
  const name = der(0x30, der(0x31, der(0x30, oid("550403"), der(0x0c, Buffer.from(subject)))));
  const validity = der(0x30, der(0x17, Buffer.from("250101000000Z")), der(0x17, Buffer.from("450101000000Z")));
  const spki = publicKey.export({ type: "spki", format: "der" });
  const tbs = der(0x30, der(0xa0, der(2, Buffer.of(2))), der(2, Buffer.of(1)), algorithm, name, validity, name, spki);
  const signature = der(3, Buffer.of(0), sign("sha256", tbs, privateKey));
  const cert = der(0x30, tbs, algorithm, signature).toString("base64");
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${cert.match(/.{1,64}/g)?.join("\n")}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  };
}

function oid(hex: string): Buffer {
  return der(6, Buffer.from(hex, "hex"));
}

function der(tag: number, ...content: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(content);
  const length = body.length < 128 ? [body.length] : [0x82, body.length >> 8, body.length & 0xff];
  return Buffer.concat([Buffer.of(tag, ...length), body]);
}

const rsa = issue({ subject: "claw.example.test", names: ["claw.example.test"] });
const ec = issueEc("claw.example.test");

/** A server of Node's own with an RSA and an ECDSA certificate, for the length of the test. */
export function tlsServer(options: TlsOptions): Promise<number> {
  const server = createServer({ key: [rsa.key, ec.key], cert: [rsa.cert, ec.cert], ...options }, (socket) => {
    socket.on("error", () => socket.destroy());
    socket.end();
  });
  server.on("tlsClientError", () => undefined);
  return listenOn(server);
}

/** Stands before a server and hands bytes on, as `meddle` lets it: it may end a connection, or say what the client gets. */
export function before(
  port: number,
  meddle: (chunk: Buffer, client: Socket, count: number) => Buffer | undefined,
): Promise<number> {
  return listen((client, count) => {
    const server = connect(port, "127.0.0.1");
    server.on("error", () => client.destroy());
    client.on("close", () => server.destroy());
    client.on("data", (chunk: Buffer) => server.write(chunk));
    server.on("data", (chunk: Buffer) => {
      const passed = meddle(chunk, client, count);
      if (passed !== undefined) client.write(passed);
    });
    server.on("end", () => client.end());
  });
}

/** A survey of a port on loopback, and the connections it took. */
export async function survey(
  port: number,
  options: Partial<SurveyOptions> = {},
): Promise<TlsSurvey & { connections: number }> {
  let connections = 0;
  const dial: Dial = (endpoint, _purpose, limits) => {
    connections += 1;
    return dialTcp(endpoint, limits);
  };
  const found = await surveyTls(
    { address: "127.0.0.1", port },
    {
      dial,
      atOnce: 8,
      most: 500,
      budgetMs: 20_000,
      timeoutMs: 3000,
      signal: new AbortController().signal,
      serverName: "",
      ...options,
    },
  );
  return { ...found, connections };
}

/** OpenSSL's names of what a version was found to accept. */
export function namesOf(found: TlsSurvey, version: VersionSurvey["version"]): string[] | undefined {
  return found.versions.find((one) => one.version === version)?.suites.map(({ code }) => suiteOf(code)?.openssl ?? "");
}

/** What was found of each version, in order from SSLv3. */
export function acceptedOf(found: TlsSurvey): unknown[] {
  return found.versions.map(({ accepted }) => accepted);
}
