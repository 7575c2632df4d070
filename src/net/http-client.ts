import { Agent, type IncomingMessage, request } from "node:http";
import type { Duplex } from "node:stream";
import type { Limits } from "./dial.ts";
import { isFailure } from "./dial.ts";
import { errorCode, type Failure } from "./failure.ts";

/** An answer as it came; text not yet safe to show. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Buffer;
  /** The body was longer than is read. */
  readonly truncated: boolean;
}

/** Why a request got no answer. */
export interface HttpFailure extends Failure {
  /** Set when the server spoke: it was not HTTP, or it was broken HTTP. */
  readonly garbled?: boolean;
  /** The server took the request and ended the connection without a word. */
  readonly hungUp?: boolean;
}

/** One client for one server: requests go one after another over one connection, which is opened again only when the server closed it. */
export interface HttpClient {
  /** GET of a path. */
  get(path: string, limits: Limits): Promise<HttpAnswer | HttpFailure>;
  close(): void;
}

/** Bytes of header that are read. */
const headerLimit = 64 * 1024;
/** Bytes of body that are read. */
const bodyLimit = 256 * 1024;

/** Opens the connection for a client; the first call may hand out one that is already open. */
export type Connect = (limits: Limits) => Promise<Duplex | Failure>;

/** How a client names itself and the server it asks. */
export interface HttpNames {
  /** Host header. */
  readonly host: string;
  /** User-Agent header. */
  readonly userAgent: string;
}

/** A client for one server. Follows nothing, sends no credential, keeps no cookie. */
export function createHttpClient(names: HttpNames, connect: Connect): HttpClient {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  let connectLimits: Limits | undefined;
  let refused: Failure | undefined;
  agent.createConnection = (_options, callback) => {
    const done = (error: Error | null, stream?: Duplex) => callback?.(error, stream as Duplex);
    if (connectLimits === undefined) throw new Error("a connection is opened only for a request");
    connect(connectLimits).then(
      (stream) => {
        if (!isFailure(stream)) return done(null, stream);
        refused = stream;
        done(new Error(stream.detail));
      },
      (error: unknown) => done(error instanceof Error ? error : new Error("connecting failed")),
    );
    return undefined;
  };
  return {
    async get(path, limits) {
      connectLimits = limits;
      refused = undefined;
      const result = await getOnce({ agent, ...names, path, limits });
      return isFailure(result) && refused !== undefined ? refused : result;
    },
    close() {
      agent.destroy();
    },
  };
}

interface GetOptions extends HttpNames {
  readonly agent: Agent;
  readonly path: string;
  readonly limits: Limits;
}

function getOnce(options: GetOptions): Promise<HttpAnswer | HttpFailure> {
  const { promise, resolve } = Promise.withResolvers<HttpAnswer | HttpFailure>();
  const { limits } = options;
  const sent = request({
    agent: options.agent,
    path: options.path,
    method: "GET",
    headers: { Host: options.host, "User-Agent": options.userAgent, Accept: "*/*" },
    setHost: false,
    maxHeaderSize: headerLimit,
  });
  const stop = (detail: string) => settle({ reason: "timeout", detail });
  const timer = setTimeout(() => stop(`no whole answer in ${limits.timeoutMs} ms`), limits.timeoutMs);
  const onAbort = () => stop("stopped before the answer was whole");
  const settle = (result: HttpAnswer | HttpFailure) => {
    clearTimeout(timer);
    limits.signal.removeEventListener("abort", onAbort);
    resolve(result);
    if (isFailure(result) || result.truncated) sent.destroy();
  };
  limits.signal.addEventListener("abort", onAbort, { once: true });
  if (limits.signal.aborted) onAbort();
  sent.on("response", (response) => readBody(response, settle));
  sent.on("upgrade", (_response, socket) => {
    socket.destroy();
    settle({ reason: "malformed", detail: "the server switched protocols unasked" });
  });
  sent.on("error", (error) => settle(httpFailure(error)));
  sent.end();
  return promise;
}

function readBody(response: IncomingMessage, settle: (result: HttpAnswer | Failure) => void): void {
  const chunks: Buffer[] = [];
  let length = 0;
  const finish = (truncated: boolean) => {
    const headers = pairs(response.rawHeaders);
    settle({
      status: response.statusCode ?? 0,
      headers,
      body: Buffer.concat(chunks).subarray(0, bodyLimit),
      truncated,
    });
  };
  response.on("data", (chunk: Buffer) => {
    chunks.push(chunk);
    length += chunk.length;
    if (length > bodyLimit) finish(true);
  });
  response.on("end", () => finish(length > bodyLimit));
  response.on("error", () => finish(true));
}

function pairs(raw: readonly string[]): (readonly [string, string])[] {
  const result: (readonly [string, string])[] = [];
  for (let index = 0; index + 1 < raw.length; index += 2) result.push([raw[index] ?? "", raw[index + 1] ?? ""]);
  return result;
}

function httpFailure(error: Error): HttpFailure {
  const code = errorCode(error);
  if (!code.startsWith("HPE_")) {
    const detail = `no answer to the request: ${code}`;
    return code === "ETIMEDOUT"
      ? { reason: "timeout", detail }
      : { reason: "refused", detail, hungUp: code === "ECONNRESET" };
  }
  const packet = "rawPacket" in error && Buffer.isBuffer(error.rawPacket) ? error.rawPacket : Buffer.alloc(0);
  const speaksHttp = /^HTTP\/\d/.test(packet.toString("latin1", 0, 16)) || code === "HPE_HEADER_OVERFLOW";
  return { reason: "malformed", detail: `an answer that is not well-formed HTTP: ${code}`, garbled: !speaksHttp };
}
