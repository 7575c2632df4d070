import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { TLSSocket } from "node:tls";
import { answering, type Body, type Page, type Request, type WebKind } from "./answers.ts";
import type { Credentials } from "./certificate.ts";
import type { Ends, Log } from "./log.ts";
import { listenTcp } from "./sockets.ts";

/** Addresses of one place, IPv4 and IPv6, and how it answers. */
export interface WebPlace {
  readonly addresses: readonly string[];
  readonly kind: WebKind;
}

/** Answers HTTPS on 443 of each address, with any server name or none, and redirects HTTP on 80 to it. */
export async function serveWeb(place: WebPlace, credentials: Credentials, log: Log): Promise<void> {
  const answer = answering(place.kind);
  const plain = createServer((request, response) => void receive(request, response, redirect(request), log));
  const secure = createSecureServer(credentials, (request, response) => void receive(request, response, answer, log));
  logHandshakes(secure, log);
  for (const address of place.addresses) {
    await listenTcp({ address, port: 80 }, log, (socket) => plain.emit("connection", socket));
    await listenTcp({ address, port: 443 }, log, (socket) => secure.emit("connection", socket));
  }
}

function logHandshakes(secure: Server, log: Log): void {
  const note = (socket: TLSSocket, outcome: string) => {
    const name = socket.servername;
    const named = typeof name === "string" && name !== "" ? { name } : {};
    log({ protocol: "tls", ...endsOf(socket), ...named, bytes: 0, detail: { outcome } });
  };
  secure.on("secureConnection", (socket: TLSSocket) => note(socket, socket.getProtocol() ?? ""));
  secure.on("tlsClientError", (error: NodeJS.ErrnoException, socket: TLSSocket) => {
    // Of a client that hung up before it said a word only the connection is known, and that is in the log already.
    if (socket.remoteAddress !== undefined) note(socket, error.code ?? "failed");
    socket.destroy();
  });
}

/** Reads a request to its end, logs it and answers. One that breaks off is logged as incomplete. */
async function receive(
  request: IncomingMessage,
  response: ServerResponse,
  answer: (request: Request) => Page,
  log: Log,
): Promise<void> {
  const { socket, method = "", url = "" } = request;
  const protocol = "encrypted" in socket ? "https" : "http";
  const ends = endsOf(socket);
  const note = (body: Body, status: number) => {
    const kept = body.start === "" ? {} : { body: body.start };
    const agent = request.headers["user-agent"] ?? "";
    const detail = { method, path: url, status, agent, sha256: body.sha256, ...kept };
    log({ protocol, ...ends, name: request.headers.host ?? "", bytes: body.bytes, detail });
  };
  const { body, complete } = await bodyOf(request);
  if (!complete) return note(body, 0);
  const page = answer({ method, path: url, headers: request.headers, body });
  note(body, page.status);
  response.on("error", () => response.destroy());
  response.writeHead(page.status, { "Content-Length": Buffer.byteLength(page.body), ...page.headers });
  response.end(page.body);
}

/** So many bytes of a body are kept for the log. */
const keptBytes = 400;

async function bodyOf(request: IncomingMessage): Promise<{ body: Body; complete: boolean }> {
  const [md5, sha256] = [createHash("md5"), createHash("sha256")];
  let bytes = 0;
  let start = Buffer.alloc(0);
  let complete = false;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      md5.update(chunk);
      sha256.update(chunk);
      if (start.length < keptBytes) start = Buffer.concat([start, chunk.subarray(0, keptBytes - start.length)]);
    }
    complete = request.complete;
  } catch {
    // The client went away in the middle: what it sent until then still counts as an arrival.
    complete = false;
  }
  // A body that is no text, an archive for instance, tells a reader of the log nothing.
  const readable = start.includes(0) ? "" : start.toString("utf8");
  return { body: { bytes, md5: md5.digest("hex"), sha256: sha256.digest("hex"), start: readable }, complete };
}

function redirect(request: IncomingMessage): () => Page {
  const host = request.headers.host ?? "";
  const local = request.socket.localAddress ?? "";
  const own = local.includes(":") ? `[${local}]` : local;
  // Only what can be a host may come back in a header.
  const [, name = own] = /^([a-z0-9.-]+|\[[0-9a-f:.]+\])(?::\d+)?$/i.exec(host) ?? [];
  const path = /^\/[!-~]*$/.test(request.url ?? "") ? request.url : "/";
  return () => ({ status: 301, headers: { Location: `https://${name}${path}` }, body: "" });
}

function endsOf(socket: IncomingMessage["socket"]): Ends {
  return {
    localAddress: socket.localAddress ?? "",
    localPort: socket.localPort ?? 0,
    remoteAddress: socket.remoteAddress ?? "",
    remotePort: socket.remotePort ?? 0,
  };
}
