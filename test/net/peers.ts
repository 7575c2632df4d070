import { createPrivateKey, generateKeyPairSync } from "node:crypto";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import forge from "node-forge";
import { onTestFinished } from "vitest";

/**
 * Starts a server on loopback for the length of the test; every connection goes to `serve`. A test that runs beside others hands over
 * its own `finished`.
 */
export async function listen(
  serve: (socket: Socket, count: number) => void,
  host = "127.0.0.1",
  finished: typeof onTestFinished = onTestFinished,
): Promise<number> {
  let count = 0;
  const server = createServer((socket) => {
    socket.on("error", () => socket.destroy());
    count += 1;
    serve(socket, count);
  });
  return listenOn(server, host, finished);
}

/** Binds a ready-made server to a free port for the length of the test. */
export async function listenOn(server: Server, host = "127.0.0.1", finished = onTestFinished): Promise<number> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, host, resolve);
  await promise;
  finished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** A port on which nobody listens. */
export async function closedPort(): Promise<number> {
  const server = createServer();
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, "127.0.0.1", resolve);
  await promise;
  const { port } = server.address() as AddressInfo;
  const closed = Promise.withResolvers<void>();
  server.close(() => closed.resolve());
  await closed.promise;
  return port;
}

/** Writes without end, at the reader's pace, leaving the event loop room between. */
export function flood(socket: Socket, text: string): void {
  const chunk = text.repeat(Math.ceil(16_384 / text.length));
  const next = () => {
    if (socket.destroyed) return;
    if (socket.write(chunk, "latin1")) setImmediate(next);
    else socket.once("drain", () => setImmediate(next));
  };
  next();
}

/** A certificate and its key, PEM. */
export interface Issued {
  readonly cert: string;
  readonly key: string;
}

/** What goes into a certificate. Days count from now. */
export interface CertificateRequest {
  readonly subject: string;
  readonly names?: readonly string[];
  readonly addresses?: readonly string[];
  readonly fromDays?: number;
  readonly untilDays?: number;
  readonly ca?: boolean;
  readonly bits?: number;
  readonly sha1?: boolean;
}

const dayMs = 86_400_000;

/** Issues a certificate with an RSA key; by itself when no issuer is given. */
export function issue(request: CertificateRequest, issuer?: Issued): Issued {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: request.bits ?? 2048 });
  const key = privateKey.export({ type: "pkcs1", format: "pem" }).toString();
  const own = forge.pki.privateKeyFromPem(key);
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.rsa.setPublicKey(own.n, own.e);
  certificate.serialNumber = `01${Math.floor(Math.random() * 0xffffff)
    .toString(16)
    .padStart(6, "0")}`;
  certificate.validity.notBefore = new Date(Date.now() + (request.fromDays ?? -1) * dayMs);
  certificate.validity.notAfter = new Date(Date.now() + (request.untilDays ?? 90) * dayMs);
  certificate.setSubject([
    { name: "commonName", value: request.subject, valueTagClass: forge.asn1.Type.UTF8 as unknown as forge.asn1.Class },
  ]);
  certificate.setIssuer(
    issuer === undefined
      ? certificate.subject.attributes
      : forge.pki.certificateFromPem(issuer.cert).subject.attributes,
  );
  const altNames = [
    ...(request.names ?? []).map((value) => ({ type: 2, value })),
    ...(request.addresses ?? []).map((ip) => ({ type: 7, ip })),
  ];
  certificate.setExtensions([
    { name: "basicConstraints", cA: request.ca ?? false, critical: true },
    ...(request.ca === true ? [{ name: "keyUsage", keyCertSign: true, critical: true }] : []),
    ...(altNames.length > 0 ? [{ name: "subjectAltName", altNames }] : []),
  ]);
  const signer = issuer === undefined ? own : forge.pki.privateKeyFromPem(pkcs1(issuer.key));
  certificate.sign(signer, request.sha1 === true ? forge.md.sha1.create() : forge.md.sha256.create());
  return { cert: forge.pki.certificateToPem(certificate).replaceAll("\r\n", "\n"), key };
}

function pkcs1(pem: string): string {
  return createPrivateKey(pem).export({ type: "pkcs1", format: "pem" }).toString();
}
